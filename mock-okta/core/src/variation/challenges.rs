//! `WWW-Authenticate`: the same challenge written in other ways.

use http::header::{CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use serde_json::{Map, json};

/// A scheme that nobody knows, offered before the org's own.
const OTHER: &str = "Acme realm=\"edge, inner\", step=1";

/// One challenge: its scheme, and its parameters in order.
struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

/// What is different in a challenge, in the order in which the changes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ChallengeChange {
    /// A 401 without a challenge gets one.
    Always,
    /// The answer has a JSON body that says the same.
    Body,
    /// It has no `error_description`.
    WithoutDescription,
    /// It has a realm and a parameter that nobody knows.
    MoreParameters,
    /// Its parameters come in the reverse order.
    Reversed,
    /// Its scheme is written in lower case.
    SchemeInLowerCase,
    /// Its scheme is written in upper case.
    SchemeInUpperCase,
    /// The names of its parameters begin with a capital letter.
    CapitalNames,
    /// Its error is a token.
    UnquotedError,
    /// Its parameters are separated by a comma alone.
    WithoutSpace,
    /// Another scheme comes first, in the same field.
    OtherInSameField,
    /// Another scheme comes first, in a field of its own.
    OtherInOwnField,
}

/// Varies the challenge of an answer. All changes are made together, for some concern how it is written.
pub(super) fn vary(mut changes: Vec<ChallengeChange>, response: &mut Response<Vec<u8>>) {
    changes.sort_unstable();
    if changes.contains(&ChallengeChange::Always) {
        challenge_basic(response);
    }
    let Some(mut challenge) = read(response) else {
        return;
    };
    let mut form = Form::default();
    for change in changes {
        match change {
            // Made before the challenge is read.
            ChallengeChange::Always => {}
            ChallengeChange::Body => explain(&challenge, response),
            ChallengeChange::WithoutDescription => {
                let kept = &mut challenge.parameters;
                kept.retain(|(name, _)| name != "error_description");
            }
            ChallengeChange::MoreParameters => add_parameters(&mut challenge.parameters),
            ChallengeChange::Reversed => challenge.parameters.reverse(),
            ChallengeChange::SchemeInLowerCase => challenge.scheme.make_ascii_lowercase(),
            ChallengeChange::SchemeInUpperCase => challenge.scheme.make_ascii_uppercase(),
            ChallengeChange::CapitalNames => form.capitals = true,
            ChallengeChange::UnquotedError => form.unquoted = true,
            ChallengeChange::WithoutSpace => form.separator = ",",
            ChallengeChange::OtherInSameField => form.other = Other::InSameField,
            ChallengeChange::OtherInOwnField => form.other = Other::InOwnField,
        }
    }
    let written = write(&challenge, form);
    let fields = match form.other {
        Other::None => vec![written],
        Other::InSameField => vec![format!("{OTHER}, {written}")],
        Other::InOwnField => vec![OTHER.to_owned(), written],
    };
    let headers = response.headers_mut();
    headers.remove(WWW_AUTHENTICATE);
    for field in fields {
        if let Ok(value) = HeaderValue::from_str(&field) {
            headers.append(WWW_AUTHENTICATE, value);
        }
    }
}

/// How a challenge is written.
#[derive(Debug, Clone, Copy)]
struct Form {
    capitals: bool,
    unquoted: bool,
    separator: &'static str,
    other: Other,
}

/// Where another scheme is offered.
#[derive(Debug, Clone, Copy)]
enum Other {
    None,
    InSameField,
    InOwnField,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            capitals: false,
            unquoted: false,
            separator: ", ",
            other: Other::None,
        }
    }
}

fn challenge_basic(response: &mut Response<Vec<u8>>) {
    let unchallenged = !response.headers().contains_key(WWW_AUTHENTICATE);
    if unchallenged && response.status() == StatusCode::UNAUTHORIZED {
        let basic = HeaderValue::from_static("Basic realm=\"Okta\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, basic);
    }
}

fn add_parameters(parameters: &mut Vec<(String, String)>) {
    let known = |name: &str| parameters.iter().any(|(other, _)| other == name);
    let realm = (!known("realm")).then(|| ("realm".to_owned(), "acme, \\\"inc\\\"".to_owned()));
    let more = realm
        .into_iter()
        .chain([("acme".to_owned(), "1".to_owned())]);
    parameters.splice(0..0, more);
}

/// The org's own challenge, which has quoted values without escapes, separated by a comma and a space.
fn read(response: &Response<Vec<u8>>) -> Option<Challenge> {
    let text = response.headers().get(WWW_AUTHENTICATE)?.to_str().ok()?;
    let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
    let parameters = rest.split("\", ").filter_map(|part| {
        let (name, value) = part.split_once("=\"")?;
        Some((name.to_owned(), value.trim_end_matches('"').to_owned()))
    });
    Some(Challenge {
        scheme: scheme.to_owned(),
        parameters: parameters.collect(),
    })
}

fn write(challenge: &Challenge, form: Form) -> String {
    let parameters: Vec<String> = challenge
        .parameters
        .iter()
        .map(|(name, value)| {
            let name = if form.capitals {
                capital(name)
            } else {
                name.clone()
            };
            // RFC 6750 §3: of the parameters that a client reads, only the error is a token as well.
            if form.unquoted && name.eq_ignore_ascii_case("error") {
                format!("{name}={value}")
            } else {
                format!("{name}=\"{value}\"")
            }
        })
        .collect();
    let text = format!("{} {}", challenge.scheme, parameters.join(form.separator));
    text.trim_end().to_owned()
}

fn capital(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_ascii_uppercase())
}

/// The same as JSON, for people.
fn explain(challenge: &Challenge, response: &mut Response<Vec<u8>>) {
    let of_oauth = |(name, _): &&(String, String)| name.starts_with("error");
    let kept = challenge.parameters.iter().filter(of_oauth);
    let mut body: Map<_, _> = kept
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    if body.is_empty() {
        body.insert("message".to_owned(), json!("Unauthorized"));
    }
    *response.body_mut() = serde_json::to_vec(&body).unwrap_or_default();
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn varied(changes: &[ChallengeChange]) -> Vec<String> {
        let mut response = Response::new(Vec::new());
        let text = "Bearer error=\"invalid_token\", error_description=\"It is, well, old.\", resource_metadata=\"https://a/b\"";
        response
            .headers_mut()
            .insert(WWW_AUTHENTICATE, HeaderValue::from_static(text));
        vary(changes.to_vec(), &mut response);
        let fields = response.headers().get_all(WWW_AUTHENTICATE).iter();
        let text = |value: &HeaderValue| value.to_str().expect("text").to_owned();
        fields.map(text).collect()
    }

    #[test]
    fn a_challenge_that_nothing_varies_is_written_as_it_was() {
        assert_eq!(
            varied(&[]),
            [
                "Bearer error=\"invalid_token\", error_description=\"It is, well, old.\", resource_metadata=\"https://a/b\""
            ]
        );
    }

    #[test]
    fn changes_go_together() {
        let changes = [
            ChallengeChange::SchemeInUpperCase,
            ChallengeChange::MoreParameters,
            ChallengeChange::WithoutDescription,
            ChallengeChange::Reversed,
            ChallengeChange::CapitalNames,
            ChallengeChange::UnquotedError,
            ChallengeChange::WithoutSpace,
            ChallengeChange::OtherInOwnField,
        ];
        assert_eq!(
            varied(&changes),
            [
                "Acme realm=\"edge, inner\", step=1",
                "BEARER Resource_metadata=\"https://a/b\",Error=invalid_token,Acme=\"1\",Realm=\"acme, \\\"inc\\\"\""
            ]
        );
    }
}
