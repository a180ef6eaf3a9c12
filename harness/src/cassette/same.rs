//! Whether a request that a replay would send is the one that was recorded. What is made anew each time, such as the `jti` of
//! a client assertion, is not compared, and a signature says nothing: the keys of a replay are its own. That the scenario
//! still says the same is compared elsewhere, in words.

use serde_json::{Map, Value};

use crate::exchange::{Payload, RequestSpec};
use crate::jwt::Jwt;

/// Header fields that a browser adds on its way.
const OF_BROWSERS: [&str; 2] = ["accept", "cookie"];

/// Parameters that are made for one request.
const MADE: [&str; 3] = ["code_challenge", "code_verifier", "client_secret"];

/// Members of tokens and keys that are made for one token, or that are those of one key.
const MADE_IN_TOKENS: [&str; 8] = ["jti", "at_hash", "jwk", "x5c", "n", "e", "x", "y"];

/// Parameters and header fields that are credentials: what became of one in a changed request cannot be foretold.
const CREDENTIALS: [&str; 13] = [
    "access_token",
    "actor_token",
    "assertion",
    "authorization",
    "client_assertion",
    "code",
    "id_token_hint",
    "password",
    "refresh_token",
    "request",
    "subject_token",
    "token",
    "x-api-key",
];

/// What is different about a request; `None` where it is the recorded one.
#[must_use]
pub fn differs(recorded: &RequestSpec, now: &RequestSpec) -> Option<String> {
    if recorded.method != now.method {
        return Some(format!("method {}, not {}", now.method, recorded.method));
    }
    let place = |request: &RequestSpec| request.url.split(['?', '#']).next().map(str::to_owned);
    if place(recorded) != place(now) {
        return Some("another address".to_owned());
    }
    pairs("query", &query(recorded), &query(now))
        .or_else(|| pairs("header", &headers(recorded), &headers(now)))
        .or_else(|| payload(&recorded.payload, &now.payload))
}

/// All parameters of the address.
fn query(request: &RequestSpec) -> Vec<(String, String)> {
    let written = request.url.split_once('?').map_or("", |(_, query)| query);
    let written = written.split('#').next().unwrap_or_default();
    let mut all: Vec<_> = form_urlencoded::parse(written.as_bytes())
        .into_owned()
        .collect();
    all.extend(request.query.iter().cloned());
    all
}

fn headers(request: &RequestSpec) -> Vec<(String, String)> {
    let headers = request.headers.iter();
    let sent = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
    sent.filter(|(name, _)| !request.by_browser || !OF_BROWSERS.contains(&name.as_str()))
        .collect()
}

fn payload(recorded: &Payload, now: &Payload) -> Option<String> {
    match (recorded, now) {
        (Payload::None, Payload::None) => None,
        (Payload::Form(recorded), Payload::Form(now))
        | (Payload::Json(recorded), Payload::Json(now))
        | (Payload::Multipart(recorded), Payload::Multipart(now)) => {
            pairs("parameter", recorded, now)
        }
        (
            Payload::Text { media_type, text },
            Payload::Text {
                media_type: media_type_now,
                text: text_now,
            },
        ) => {
            let same = media_type == media_type_now && same_text("", text, text_now);
            (!same).then(|| "another body".to_owned())
        }
        _ => Some("a body of another kind".to_owned()),
    }
}

fn pairs(what: &str, recorded: &[(String, String)], now: &[(String, String)]) -> Option<String> {
    let names = |pairs: &[(String, String)]| -> Vec<String> {
        pairs.iter().map(|(name, _)| name.clone()).collect()
    };
    let (before, after) = (names(recorded), names(now));
    if let Some(more) = after.iter().find(|name| !before.contains(name)) {
        return Some(format!("a {what} `{more}` more"));
    }
    if let Some(less) = before.iter().find(|name| !after.contains(name)) {
        return Some(format!("no {what} `{less}`"));
    }
    if before != after {
        return Some(format!("its {what}s in another order or number"));
    }
    let mut both = recorded.iter().zip(now);
    let other = both.find(|((name, recorded), (_, now))| !same_text(name, recorded, now));
    other.map(|((name, _), _)| format!("another {what} `{name}`"))
}

fn same_text(name: &str, recorded: &str, now: &str) -> bool {
    if recorded == now || MADE.contains(&name) {
        return true;
    }
    if let (Ok(recorded), Ok(now)) = (decoded(recorded), decoded(now)) {
        return same_members(&recorded.header, &now.header)
            && same_members(&recorded.claims, &now.claims);
    }
    let json = |text: &str| serde_json::from_str::<Value>(text).ok();
    if let (Some(recorded @ Value::Object(_)), Some(now)) = (json(recorded), json(now)) {
        return same_value("", &recorded, &now);
    }
    CREDENTIALS.contains(&name.to_ascii_lowercase().as_str()) && !is_pseudonym(now)
}

fn decoded(text: &str) -> Result<Jwt, crate::jwt::NotAJwt> {
    Jwt::decode(text.strip_prefix("Bearer ").unwrap_or(text))
}

/// Whether a value is a secret of the recording as it stands there: not one that was made or changed for this request.
fn is_pseudonym(text: &str) -> bool {
    let text = text.rsplit(' ').next().unwrap_or_default();
    let digits = text.strip_prefix("redacted-");
    digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

fn same_members(recorded: &Map<String, Value>, now: &Map<String, Value>) -> bool {
    recorded.len() == now.len()
        && recorded.iter().all(|(name, recorded)| {
            now.get(name)
                .is_some_and(|now| same_value(name, recorded, now))
        })
}

fn same_value(name: &str, recorded: &Value, now: &Value) -> bool {
    match (recorded, now) {
        _ if MADE_IN_TOKENS.contains(&name) => true,
        (Value::Object(recorded), Value::Object(now)) => same_members(recorded, now),
        (Value::Array(recorded), Value::Array(now)) => {
            let mut both = recorded.iter().zip(now);
            recorded.len() == now.len() && both.all(|(recorded, now)| same_value("", recorded, now))
        }
        (Value::String(recorded), Value::String(now)) => same_text(name, recorded, now),
        (recorded, now) => recorded == now,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::exchange::Party;

    fn request(parameters: &[(&str, &str)]) -> RequestSpec {
        let mut request = RequestSpec::new(Party::Org, "POST", "https://o.example/token");
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        request.payload = Payload::Form(parameters.iter().map(owned).collect());
        request
    }

    fn token(claims: &Value, signature: &str) -> String {
        let mut jwt = Jwt::new(Map::new(), claims.as_object().unwrap().clone());
        jwt.signature = signature.to_owned();
        jwt.encode()
    }

    #[test]
    fn what_is_made_anew_does_not_count_and_what_is_asked_for_does() {
        let one = token(&json!({"aud": "a", "jti": "1"}), "x");
        let again = token(&json!({"aud": "a", "jti": "2"}), "y");
        let elsewhere = token(&json!({"aud": "b", "jti": "2"}), "y");
        let recorded = request(&[("client_assertion", &one), ("scope", "a")]);
        let same = |parameters: &[(&str, &str)]| differs(&recorded, &request(parameters));
        assert_eq!(same(&[("client_assertion", &again), ("scope", "a")]), None);
        assert_eq!(
            same(&[("client_assertion", &elsewhere), ("scope", "a")]).unwrap(),
            "another parameter `client_assertion`"
        );
        assert_eq!(
            same(&[("client_assertion", &again), ("scope", "b")]).unwrap(),
            "another parameter `scope`"
        );
        assert_eq!(
            same(&[("client_assertion", &again)]).unwrap(),
            "no parameter `scope`"
        );
    }

    #[test]
    fn another_secret_of_the_recording_is_another_request() {
        let recorded = request(&[("code", "redacted-0123456789ab")]);
        let now = |code: &str| differs(&recorded, &request(&[("code", code)]));
        assert_eq!(now("redacted-0123456789ab"), None);
        assert!(now("redacted-ba9876543210").is_some());
        // A secret that was changed for the request is changed in another way each time.
        assert_eq!(now("redacted-0123456789aX"), None);
    }

    #[test]
    fn another_method_or_address_is_another_request() {
        let recorded = request(&[]);
        let mut now = request(&[]);
        "PUT".clone_into(&mut now.method);
        assert_eq!(differs(&recorded, &now).unwrap(), "method PUT, not POST");
        let mut now = request(&[]);
        now.url.push_str("/elsewhere");
        assert_eq!(differs(&recorded, &now).unwrap(), "another address");
    }
}
