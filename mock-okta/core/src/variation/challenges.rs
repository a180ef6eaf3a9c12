//! `WWW-Authenticate`: the same challenge written in other ways.

use http::header::{CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use serde_json::{Map, json};

use super::Variation;

/// A scheme that nobody knows, offered before the org's own.
const OTHER: &str = "Acme realm=\"edge, inner\", step=1";

/// One challenge: its scheme, and its parameters in order.
struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

/// Varies the challenge of an answer. All variations are done in one go, for some concern how it is written.
pub(super) fn vary(on: &[Variation], response: &mut Response<Vec<u8>>) {
    let has = |variation| on.contains(&variation);
    let unchallenged = !response.headers().contains_key(WWW_AUTHENTICATE);
    if has(Variation::ChallengeAlways)
        && unchallenged
        && response.status() == StatusCode::UNAUTHORIZED
    {
        let basic = HeaderValue::from_static("Basic realm=\"Okta\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, basic);
    }
    let Some(mut challenge) = read(response) else {
        return;
    };
    if has(Variation::ChallengeBody) {
        explain(&challenge, response);
    }
    if has(Variation::ChallengeNoDescription) {
        let kept = &mut challenge.parameters;
        kept.retain(|(name, _)| name != "error_description");
    }
    if has(Variation::ChallengeMore) {
        let known = |name: &str| challenge.parameters.iter().any(|(other, _)| other == name);
        let realm = (!known("realm")).then(|| ("realm".to_owned(), "acme, \\\"inc\\\"".to_owned()));
        let more = realm
            .into_iter()
            .chain([("acme".to_owned(), "1".to_owned())]);
        challenge.parameters.splice(0..0, more);
    }
    if has(Variation::ChallengeReversed) {
        challenge.parameters.reverse();
    }
    if has(Variation::ChallengeLower) {
        challenge.scheme.make_ascii_lowercase();
    }
    if has(Variation::ChallengeUpper) {
        challenge.scheme.make_ascii_uppercase();
    }
    let written = write(
        &challenge,
        has(Variation::ChallengeNames),
        has(Variation::ChallengeUnquoted),
        if has(Variation::ChallengeCompact) {
            ","
        } else {
            ", "
        },
    );
    let fields = if has(Variation::ChallengeSeveral) {
        vec![format!("{OTHER}, {written}")]
    } else if has(Variation::ChallengeFields) {
        vec![OTHER.to_owned(), written]
    } else {
        vec![written]
    };
    let headers = response.headers_mut();
    headers.remove(WWW_AUTHENTICATE);
    for field in fields {
        if let Ok(value) = HeaderValue::from_str(&field) {
            headers.append(WWW_AUTHENTICATE, value);
        }
    }
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

fn write(challenge: &Challenge, capitals: bool, unquoted: bool, separator: &str) -> String {
    let parameters: Vec<String> = challenge
        .parameters
        .iter()
        .map(|(name, value)| {
            let name = if capitals {
                capital(name)
            } else {
                name.clone()
            };
            // RFC 6750 §3: of the parameters that a client reads, only the error is a token as well.
            if unquoted && name.eq_ignore_ascii_case("error") {
                format!("{name}={value}")
            } else {
                format!("{name}=\"{value}\"")
            }
        })
        .collect();
    let text = format!("{} {}", challenge.scheme, parameters.join(separator));
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

    fn varied(on: &[Variation]) -> Vec<String> {
        let mut response = Response::new(Vec::new());
        let text = "Bearer error=\"invalid_token\", error_description=\"It is, well, old.\", resource_metadata=\"https://a/b\"";
        response
            .headers_mut()
            .insert(WWW_AUTHENTICATE, HeaderValue::from_static(text));
        vary(on, &mut response);
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
    fn variations_go_together() {
        let on = [
            Variation::ChallengeUpper,
            Variation::ChallengeMore,
            Variation::ChallengeNoDescription,
            Variation::ChallengeReversed,
            Variation::ChallengeNames,
            Variation::ChallengeUnquoted,
            Variation::ChallengeCompact,
            Variation::ChallengeFields,
        ];
        assert_eq!(
            varied(&on),
            [
                "Acme realm=\"edge, inner\", step=1",
                "BEARER Resource_metadata=\"https://a/b\",Error=invalid_token,Acme=\"1\",Realm=\"acme, \\\"inc\\\"\""
            ]
        );
    }
}
