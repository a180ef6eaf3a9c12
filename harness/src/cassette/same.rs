//! Whether a request that a replay would send is the one that was recorded. What is made anew each time, such as the `jti` of
//! a client assertion, is not compared, and a signature says nothing: the keys of a replay are its own. Whether
//! the scenario still describes the same request is compared elsewhere, in words.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::evidence::HIDDEN;
use crate::exchange::{Payload, RequestSpec};
use crate::jwt::Jwt;

/// Header fields that a browser adds on its way.
const OF_BROWSERS: [&str; 2] = ["accept", "cookie"];

/// Parameters that are made for one request.
const MADE: [&str; 2] = ["code_challenge", "code_verifier"];

/// Members of tokens and keys that are made for one token, or that are those of one key.
const MADE_IN_TOKENS: [&str; 8] = ["jti", "at_hash", "jwk", "x5c", "n", "e", "x", "y"];

/// Parameters and header fields that are credentials: what became of one in a changed request cannot be foretold.
const CREDENTIALS: [&str; 14] = [
    "access_token",
    "actor_token",
    "assertion",
    "authorization",
    "client_assertion",
    "client_secret",
    "code",
    "id_token_hint",
    "password",
    "refresh_token",
    "request",
    "subject_token",
    "token",
    "x-api-key",
];

/// Characters of the longest pseudonym that does not say that it is one.
const LONGEST_SHORT: usize = 19;

/// What is different about a request; `None` where it is the recorded one. `holds` knows the values of the recording that
/// may be pseudonyms without saying so.
#[must_use]
pub fn differs(
    recorded: &RequestSpec,
    now: &RequestSpec,
    holds: &dyn Fn(&str) -> bool,
) -> Option<String> {
    Comparison { holds }.requests(recorded, now)
}

/// Whether a text of a scenario is the recorded one, of which something may be hidden.
#[must_use]
pub fn is_same_text(recorded: &str, now: &str) -> bool {
    let mut pieces = recorded.split(HIDDEN);
    let Some(rest) = now.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else {
        return rest.is_empty();
    };
    let Some(mut rest) = rest.strip_suffix(last) else {
        return false;
    };
    pieces.into_iter().all(|piece| {
        let found = rest.find(piece);
        rest = found.map_or(rest, |at| &rest[at + piece.len()..]);
        found.is_some()
    })
}

/// Whether a value may be a pseudonym that is too short to say so.
pub(super) fn is_short_pseudonym(value: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (1..=LONGEST_SHORT).contains(&value.len()) && value.bytes().all(is_digit)
}

struct Comparison<'c> {
    holds: &'c dyn Fn(&str) -> bool,
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

impl Comparison<'_> {
    fn requests(&self, recorded: &RequestSpec, now: &RequestSpec) -> Option<String> {
        if recorded.method != now.method {
            return Some(format!("method {}, not {}", now.method, recorded.method));
        }
        let place = |request: &RequestSpec| request.url.split(['?', '#']).next().map(str::to_owned);
        if place(recorded) != place(now) {
            return Some("another address".to_owned());
        }
        self.pairs("query", &query(recorded), &query(now))
            .or_else(|| self.pairs("header", &headers(recorded), &headers(now)))
            .or_else(|| self.payload(&recorded.payload, &now.payload))
    }

    fn payload(&self, recorded: &Payload, now: &Payload) -> Option<String> {
        match (recorded, now) {
            (Payload::None, Payload::None) => None,
            (Payload::Form(recorded), Payload::Form(now))
            | (Payload::Json(recorded), Payload::Json(now))
            | (Payload::Multipart(recorded), Payload::Multipart(now)) => {
                self.pairs("parameter", recorded, now)
            }
            (
                Payload::Text { media_type, text },
                Payload::Text {
                    media_type: media_type_now,
                    text: text_now,
                },
            ) => {
                let same = media_type == media_type_now && self.same_text("", text, text_now);
                (!same).then(|| "another body".to_owned())
            }
            _ => Some("a body of another kind".to_owned()),
        }
    }

    fn pairs(
        &self,
        what: &str,
        recorded: &[(String, String)],
        now: &[(String, String)],
    ) -> Option<String> {
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
        let other = both.find(|((name, recorded), (_, now))| !self.same_text(name, recorded, now));
        other.map(|((name, _), _)| format!("another {what} `{name}`"))
    }

    fn same_text(&self, name: &str, recorded: &str, now: &str) -> bool {
        if recorded == now || MADE.contains(&name) {
            return true;
        }
        match (decoded(recorded), decoded(now)) {
            (Ok(recorded), Ok(now)) => {
                return self.same_members(&recorded.header, &now.header)
                    && self.same_members(&recorded.claims, &now.claims);
            }
            // A token is never the same as something that is none.
            (Ok(_), Err(_)) | (Err(_), Ok(_)) => return false,
            (Err(_), Err(_)) => {}
        }
        let json = |text: &str| serde_json::from_str::<Value>(text).ok();
        if let (Some(recorded @ Value::Object(_)), Some(now)) = (json(recorded), json(now)) {
            return self.same_value("", &recorded, &now);
        }
        match (basic(recorded), basic(now)) {
            (Some(recorded), Some(now)) => {
                recorded.0 == now.0 && self.same_text("password", &recorded.1, &now.1)
            }
            (None, None) => {
                CREDENTIALS.contains(&name.to_ascii_lowercase().as_str()) && !self.is_pseudonym(now)
            }
            _ => false,
        }
    }

    /// Whether a value is a secret of the recording as it stands there: not one that was made or changed for this request.
    fn is_pseudonym(&self, text: &str) -> bool {
        let text = text.rsplit(' ').next().unwrap_or_default();
        let digits = text.strip_prefix("redacted-");
        digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            || (self.holds)(text)
    }

    fn same_members(&self, recorded: &Map<String, Value>, now: &Map<String, Value>) -> bool {
        recorded.len() == now.len()
            && recorded.iter().all(|(name, recorded)| {
                now.get(name)
                    .is_some_and(|now| self.same_value(name, recorded, now))
            })
    }

    fn same_value(&self, name: &str, recorded: &Value, now: &Value) -> bool {
        match (recorded, now) {
            _ if MADE_IN_TOKENS.contains(&name) => true,
            (Value::Object(recorded), Value::Object(now)) => self.same_members(recorded, now),
            (Value::Array(recorded), Value::Array(now)) => {
                let mut both = recorded.iter().zip(now);
                recorded.len() == now.len()
                    && both.all(|(recorded, now)| self.same_value("", recorded, now))
            }
            (Value::String(recorded), Value::String(now)) => self.same_text(name, recorded, now),
            (recorded, now) => recorded == now,
        }
    }
}

fn decoded(text: &str) -> Result<Jwt, crate::jwt::NotAJwt> {
    Jwt::decode(text.strip_prefix("Bearer ").unwrap_or(text))
}

/// Name and password of HTTP Basic.
fn basic(text: &str) -> Option<(String, String)> {
    let bytes = STANDARD.decode(text.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
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
        let same =
            |parameters: &[(&str, &str)]| differs(&recorded, &request(parameters), &|_| false);
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
        let holds = |value: &str| value == "c0de";
        let now = |code: &str| differs(&recorded, &request(&[("code", code)]), &holds);
        assert_eq!(now("redacted-0123456789ab"), None);
        assert!(now("redacted-ba9876543210").is_some());
        // A secret that was changed for the request is changed in another way each time.
        assert_eq!(now("redacted-0123456789aX"), None);
        // A short one does not say what it is, but the recording knows it.
        assert!(now("c0de").is_some());
        assert_eq!(now("c0dX"), None);
        // A token and something that is none are never the same.
        let jwt = token(&json!({"aud": "a"}), "x");
        assert!(now(&jwt).is_some());
        let recorded = request(&[("subject_token", &jwt)]);
        let other = request(&[("subject_token", "changed")]);
        assert!(differs(&recorded, &other, &holds).is_some());
    }

    #[test]
    fn a_password_in_basic_is_compared_as_anywhere_else() {
        let with = |pair: &str| {
            let mut request = request(&[]);
            let value = format!("Basic {}", STANDARD.encode(pair));
            request.headers.push(("Authorization".to_owned(), value));
            request
        };
        let recorded = with("a:redacted-0123456789ab");
        let now = |pair: &str| differs(&recorded, &with(pair), &|_| false);
        assert_eq!(now("a:redacted-0123456789ab"), None);
        assert!(now("b:redacted-0123456789ab").is_some());
        assert!(now("a:redacted-ba9876543210").is_some());
        assert_eq!(now("a:redacted-0123456789abX"), None);
    }

    #[test]
    fn what_is_hidden_of_a_scenario_may_be_anything_there() {
        for (recorded, now, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("<hidden>", "", true),
            ("a<hidden>b", "axxb", true),
            ("a<hidden>b<hidden>c", "a1b2c", true),
            ("a<hidden>b<hidden>c", "a12c", false),
            ("a<hidden>b", "b", false),
            ("ab<hidden>ba", "aba", false),
        ] {
            assert_eq!(is_same_text(recorded, now), expected, "{recorded} {now}");
        }
    }

    #[test]
    fn another_method_or_address_is_another_request() {
        let recorded = request(&[]);
        let mut now = request(&[]);
        "PUT".clone_into(&mut now.method);
        assert_eq!(
            differs(&recorded, &now, &|_| false).unwrap(),
            "method PUT, not POST"
        );
        let mut now = request(&[]);
        now.url.push_str("/elsewhere");
        assert_eq!(
            differs(&recorded, &now, &|_| false).unwrap(),
            "another address"
        );
    }
}
