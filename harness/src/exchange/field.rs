//! Header fields, taken apart by their grammar. Names of schemes, directives and parameters have no case.

/// A challenge of `WWW-Authenticate` (RFC 9110 section 11.6.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Its scheme, as written.
    pub scheme: String,
    /// Its parameters in order, names in lower case, values without quotes.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The value of a parameter; the name in lower case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The media type of a `Content-Type` without its parameters.
pub fn media_type(field: &str) -> &str {
    field.split(';').next().unwrap_or_default().trim()
}

/// The names of the directives of a list such as `Cache-Control` (RFC 9111 section 5.2).
pub fn directives(field: &str) -> impl Iterator<Item = &str> {
    let names = list(field).into_iter();
    names.map(|one| one.split('=').next().unwrap_or_default().trim())
}

/// The challenges of a field, or of several that were joined by commas (RFC 9110 section 5.3). What does not follow the
/// grammar is left out.
///
/// A comma separates the parameters of one challenge as well as challenges. An element begins a new challenge when a
/// word stands before its first parameter, or when it is a word alone.
pub fn challenges(field: &str) -> Vec<Challenge> {
    let mut found: Vec<Challenge> = Vec::new();
    for element in list(field) {
        let parameter = match scheme(element) {
            Some((scheme, rest)) => {
                found.push(Challenge {
                    scheme: scheme.to_owned(),
                    parameters: Vec::new(),
                });
                rest
            }
            None => element,
        };
        let parameter = parameter.split_once('=');
        // A token68, such as `Negotiate YII=`, is not a parameter: its name is not a token, or its value is empty.
        let parameter = parameter.filter(|(name, value)| {
            is_token(name.trim()) && !value.trim_matches(['=', ' ', '\t']).is_empty()
        });
        if let (Some((name, value)), Some(challenge)) = (parameter, found.last_mut()) {
            let name = name.trim().to_ascii_lowercase();
            challenge.parameters.push((name, unquoted(value.trim())));
        }
    }
    found
}

/// The scheme that an element begins with, and what follows it.
fn scheme(element: &str) -> Option<(&str, &str)> {
    let end = element
        .find(|character: char| !is_token_character(character))
        .unwrap_or(element.len());
    let (word, rest) = element.split_at(end);
    let is_scheme = !word.is_empty()
        && (rest.is_empty()
            || rest.starts_with([' ', '\t']) && !rest.trim_start().starts_with('='));
    is_scheme.then(|| (word, rest.trim_start()))
}

/// The elements of a comma-separated list, white space and empty elements left out. A comma inside quotes separates
/// nothing.
fn list(field: &str) -> Vec<&str> {
    let (mut quoted, mut escaped, mut from) = (false, false, 0);
    let mut elements = Vec::new();
    for (at, character) in field.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                elements.push(&field[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    elements.push(&field[from..]);
    let trimmed = elements.into_iter().map(str::trim);
    trimmed.filter(|element| !element.is_empty()).collect()
}

fn unquoted(value: &str) -> String {
    let inner = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let Some(inner) = inner else {
        return value.to_owned();
    };
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        text.extend(if character == '\\' {
            characters.next()
        } else {
            Some(character)
        });
    }
    text
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_token_character)
}

/// RFC 9110 section 5.6.2.
fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(field: &str) -> Vec<String> {
        let shown = challenges(field).into_iter().map(|challenge| {
            let parameters = challenge.parameters.iter();
            let parameters: Vec<_> = parameters
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            format!("{} {}", challenge.scheme, parameters.join(" "))
                .trim_end()
                .to_owned()
        });
        shown.collect()
    }

    #[test]
    fn challenges_are_found_wherever_they_stand() {
        for (field, expected) in [
            ("Bearer", vec!["Bearer"]),
            (
                r#"bearer realm="a, b", Error = invalid_token"#,
                vec!["bearer realm=a, b error=invalid_token"],
            ),
            (
                r#"Basic realm="x", DPoP algs="ES256", Bearer error="invalid_token""#,
                vec![
                    "Basic realm=x",
                    "DPoP algs=ES256",
                    "Bearer error=invalid_token",
                ],
            ),
            ("Negotiate, Bearer", vec!["Negotiate", "Bearer"]),
            (
                "Negotiate YIIabc==, Basic realm=x",
                vec!["Negotiate", "Basic realm=x"],
            ),
            (
                r#"Bearer realm="a \"quoted\" word""#,
                vec![r#"Bearer realm=a "quoted" word"#],
            ),
            (", ,Basic ,", vec!["Basic"]),
            ("", vec![]),
            ("realm=x", vec![]),
        ] {
            assert_eq!(shown(field), expected, "{field}");
        }
    }

    #[test]
    fn directives_and_media_types_have_no_parameters() {
        let names: Vec<_> = directives(r#"No-Store, max-age=0, private="x, y""#).collect();
        assert_eq!(names, ["No-Store", "max-age", "private"]);
        assert_eq!(
            media_type("Application/JSON ; charset=utf-8"),
            "Application/JSON"
        );
        assert_eq!(media_type(""), "");
    }

    proptest::proptest! {
        #[test]
        fn no_field_makes_it_panic(field in "\\PC*") {
            let _ = challenges(&field);
            let _ = directives(&field).count();
        }
    }
}
