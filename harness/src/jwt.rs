//! JWTs without trust: taken apart and put together by our own code. Nothing is verified here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// A JWT in compact serialisation (RFC 7515 §3.1), decoded but not believed.
#[derive(Clone, PartialEq)]
pub struct Jwt {
    /// JOSE header.
    pub header: Map<String, Value>,
    /// Claims.
    pub claims: Map<String, Value>,
    /// The first two parts and the dot between them: what a signature covers.
    pub signing_input: String,
    /// The third part as it stands, not decoded; empty when it is missing.
    pub signature: String,
}

/// Why a text is not a JWT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAJwt {
    /// Two dots are needed; one is tolerated, because a dropped signature is a thing to judge.
    #[error("it does not have three parts")]
    Parts,
    /// Not base64url without padding.
    #[error("its {0} is not base64url")]
    Encoding(&'static str),
    /// Not an object.
    #[error("its {0} is not a JSON object")]
    Json(&'static str),
}

impl Jwt {
    /// Takes a compact serialisation apart.
    pub fn decode(text: &str) -> Result<Self, NotAJwt> {
        let mut parts = text.split('.');
        let (Some(header), Some(claims)) = (parts.next(), parts.next()) else {
            return Err(NotAJwt::Parts);
        };
        let signature = parts.next().unwrap_or_default();
        if parts.next().is_some() {
            return Err(NotAJwt::Parts);
        }
        Ok(Self {
            header: object(header, "header")?,
            claims: object(claims, "payload")?,
            signing_input: format!("{header}.{claims}"),
            signature: signature.to_owned(),
        })
    }

    /// A JWT of this header and these claims, not signed yet.
    pub fn new(header: Map<String, Value>, claims: Map<String, Value>) -> Self {
        let mut jwt = Self {
            header,
            claims,
            signing_input: String::new(),
            signature: String::new(),
        };
        jwt.seal();
        jwt
    }

    /// Serialises header and claims again after they were changed. The signature stays as it was.
    pub fn seal(&mut self) {
        self.signing_input = format!("{}.{}", part(&self.header), part(&self.claims));
    }

    /// A member of the header that is a string.
    pub fn header_str(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// The compact serialisation.
    pub fn encode(&self) -> String {
        format!("{}.{}", self.signing_input, self.signature)
    }
}

/// The claims are an attestation, the whole is a credential: neither belongs in a log.
impl std::fmt::Debug for Jwt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Jwt([secret])")
    }
}

/// Base64url without padding, as JOSE writes it.
pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of base64url without padding.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Stretches of a text that look like a JWT: base64url, a dot, base64url, and a signature or not, the first part
/// being the beginning of a JSON object.
pub fn stretches(text: &str) -> Vec<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    // Most texts hold none, and looking for its beginning is far quicker than reading words.
    if !bytes.contains(&b'.') || !OBJECT_STARTS.iter().any(|start| text.contains(start)) {
        return Vec::new();
    }
    let word = |from: usize| {
        let length = bytes[from..]
            .iter()
            .take_while(|b| is_base64url(**b))
            .count();
        from + length
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !is_base64url(bytes[at]) {
            at += 1;
            continue;
        }
        let header = word(at);
        let claims = (bytes.get(header) == Some(&b'.')).then(|| word(header + 1));
        match claims {
            Some(claims) if claims > header + 1 => {
                if let Some(start) = object_start(text, at, header) {
                    let signed = bytes.get(claims) == Some(&b'.');
                    let end = if signed { word(claims + 1) } else { claims };
                    found.push(start..end);
                    at = end;
                } else {
                    at = header + 1;
                }
            }
            _ => at = header + 1,
        }
    }
    found
}

/// How `{"` and `{` with white space begin in base64url.
const OBJECT_STARTS: [&str; 6] = ["eyJ", "eyA", "ewo", "ewk", "ew0", "eyI"];

/// Where in a run of base64url characters a JOSE header begins. In `id_tokeneyJh…` it is not the first character.
fn object_start(text: &str, from: usize, to: usize) -> Option<usize> {
    let run = &text[from..to];
    OBJECT_STARTS
        .iter()
        .filter_map(|beginning| run.find(beginning))
        .filter(|at| run.len() - at >= 8)
        .min()
        .map(|at| from + at)
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn part(object: &Map<String, Value>) -> String {
    base64url(Value::Object(object.clone()).to_string())
}

fn object(text: &str, what: &'static str) -> Result<Map<String, Value>, NotAJwt> {
    let bytes = from_base64url(text).ok_or(NotAJwt::Encoding(what))?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(NotAJwt::Json(what)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn object_of(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn what_was_put_together_comes_apart_again() {
        let mut jwt = Jwt::new(
            object_of(&json!({"alg": "RS256", "kid": "k"})),
            object_of(&json!({"iss": "a", "act": {"sub": "b"}})),
        );
        jwt.signature = "c2ln".to_owned();
        assert_eq!(Jwt::decode(&jwt.encode()), Ok(jwt));
    }

    #[test]
    fn a_text_that_is_no_jwt_says_why() {
        assert_eq!(Jwt::decode("opaque"), Err(NotAJwt::Parts));
        assert_eq!(Jwt::decode("e30.e30.a.b"), Err(NotAJwt::Parts));
        assert_eq!(Jwt::decode("e30=.e30."), Err(NotAJwt::Encoding("header")));
        assert_eq!(Jwt::decode("e30.W10."), Err(NotAJwt::Json("payload")));
        assert!(Jwt::decode("e30.e30").is_ok_and(|jwt| jwt.signature.is_empty()));
    }

    #[test]
    fn jwts_are_found_inside_other_text() {
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln";
        let text = format!("https://a.example/cb?id_token={jwt}&x=1 and {jwt}.");
        let found: Vec<_> = stretches(&text).into_iter().map(|at| &text[at]).collect();
        assert_eq!(found, [jwt, jwt]);
        assert!(stretches("eyelid.example.com, a.b.c, 1.2.3").is_empty());
        assert_eq!(stretches("eyJhbGciOiJub25lIn0.e30").len(), 1);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            let _ = Jwt::decode(&text);
            for range in stretches(&text) {
                let _ = &text[range];
            }
        }
    }
}
