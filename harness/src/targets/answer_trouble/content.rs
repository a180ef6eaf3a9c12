//! What the content of an answer is, whatever its media type says.

use crate::exchange::Response;
use crate::value::shorten;

/// The longest title of a page that is shown, in characters.
const LONGEST_TITLE: usize = 60;

/// What content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// None, or white space.
    Empty,
    /// JSON.
    Json,
    /// A signed JWT.
    Jwt,
    /// A web page, or XML.
    Page,
    /// What begins like JSON and is none.
    CutJson,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// Other text.
    Text,
}

impl Content {
    pub(super) fn of(response: &Response) -> Self {
        let text = response.text.trim_start_matches('\u{feff}').trim();
        if response.json.is_some() {
            Self::Json
        } else if response.text.trim().is_empty() {
            Self::Empty
        } else if text.starts_with('<') {
            Self::Page
        } else if !response.is_utf8 {
            Self::NotUtf8
        } else if text.starts_with(['{', '[']) {
            Self::CutJson
        } else if is_jwt(text) {
            Self::Jwt
        } else {
            Self::Text
        }
    }
}

/// Three parts of base64url.
fn is_jwt(text: &str) -> bool {
    let is_part = |part: &str| {
        let mut bytes = part.bytes();
        !part.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    text.split('.').count() == 3 && text.split('.').all(is_part)
}

/// What the content is, for people.
pub(super) fn describe(response: &Response) -> Option<String> {
    let media_type = response.media_type();
    let media_type = if media_type.is_empty() {
        "no media type"
    } else {
        &media_type
    };
    Some(match Content::of(response) {
        Content::Empty | Content::Json => return None,
        Content::Page => format!("titled \"{}\"", title(&response.text)?),
        Content::CutJson => {
            let why = serde_json::from_str::<serde::de::IgnoredAny>(&response.text).err()?;
            if why.is_eof() {
                "JSON that breaks off".to_owned()
            } else {
                format!(
                    "JSON with a mistake in line {}, column {}",
                    why.line(),
                    why.column()
                )
            }
        }
        Content::NotUtf8 | Content::Text | Content::Jwt => {
            format!("its media type is {}", shorten(media_type, LONGEST_TITLE))
        }
    })
}

/// The title of a page on one line, if it has one.
fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let words: Vec<&str> = page[start..end].split_whitespace().collect();
    let title = words.join(" ");
    (!title.is_empty()).then(|| shorten(&title, LONGEST_TITLE))
}
