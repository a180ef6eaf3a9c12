//! Header fields: which there are, and the values of those that mean the same in every run.

use std::collections::BTreeMap;

use super::{FactType, Observed};
use crate::diff::neutral::Neutral;
use crate::diff::subject::Subject;
use crate::evidence::{RecordedField, RecordedValue};

/// Fields that belong to the connection, or that every server sends and that differ all the time.
const QUIET: [&str; 6] = [
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
];

/// Fields whose value is compared as it is.
const COMPARED: [&str; 6] = [
    "allow",
    "cache-control",
    "content-type",
    "pragma",
    "referrer-policy",
    "x-content-type-options",
];

impl Observed {
    pub(super) fn headers(&mut self, headers: &[RecordedField], neutral: Neutral<'_>) {
        let mut by_name: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for header in headers {
            let values = by_name.entry(header.name.to_ascii_lowercase()).or_default();
            if let RecordedValue::Plain { text } = &header.value {
                values.push(text);
            }
        }
        for (name, values) in by_name {
            if QUIET.contains(&name.as_str()) {
                continue;
            }
            let value = match name.as_str() {
                "location" => {
                    self.redirect(&values, neutral);
                    continue;
                }
                "www-authenticate" => Some(challenges(&values)),
                name if COMPARED.contains(&name) => Some(normal(&values.join(", "))),
                _ => None,
            };
            self.note(Subject::Header(name), FactType::Present, value);
        }
    }

    /// The address without its parameters, and the parameters by name. An error code means the same everywhere.
    fn redirect(&mut self, values: &[&str], neutral: Neutral<'_>) {
        let Some(address) = values.first().and_then(|value| neutral.address(value)) else {
            self.note(Subject::Redirect, FactType::Present, None);
            return;
        };
        self.note(Subject::Redirect, FactType::Present, Some(address.base));
        for (name, value) in address.parameters {
            let value = (name == "error").then_some(value);
            self.note(Subject::RedirectParameter(name), FactType::Present, value);
        }
    }
}

/// Lower case and single blanks: neither means anything in these fields.
fn normal(value: &str) -> String {
    let words: Vec<&str> = value.split_whitespace().collect();
    words.join(" ").to_ascii_lowercase()
}

/// Schemes and names of parameters; of the values only the error code, which is the same in every run.
fn challenges(values: &[&str]) -> String {
    let mut described = Vec::new();
    for value in values {
        let (scheme, parameters) = value.split_once(' ').unwrap_or((value, ""));
        let mut names: Vec<String> = outside_quotes(parameters)
            .into_iter()
            .filter_map(|parameter| {
                let (name, value) = parameter.split_once('=')?;
                let name = name.trim().to_ascii_lowercase();
                Some(match name.as_str() {
                    "error" => format!("error={}", value.trim().trim_matches('"')),
                    _ => name,
                })
            })
            .collect();
        names.sort();
        described.push(
            format!("{scheme} {}", names.join(", "))
                .trim_end()
                .to_owned(),
        );
    }
    described.sort();
    described.join("; ")
}

/// The parts between commas that stand in no quotes.
fn outside_quotes(text: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|c: char| {
        let escape = quoted && c == '\\' && !escaped;
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = escape;
        c == ',' && !quoted
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_its_scheme_its_names_and_its_error() {
        assert_eq!(
            challenges(&[
                r#"Bearer scope="a,b", error="invalid_token", error_description="at 17:03, \"x\"", realm="r""#,
                "Basic"
            ]),
            "Basic; Bearer error=invalid_token, error_description, realm, scope"
        );
    }
}
