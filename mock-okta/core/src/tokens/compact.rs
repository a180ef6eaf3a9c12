//! The compact serialisation of a JWS (RFC 7515 §7.1), read as leniently as careless readers do, with a note of
//! everything in it that the RFCs forbid. Whether a note leads to a refusal is decided by `rules/jws.rs`.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

/// Something about a JWT that a recipient has to refuse, however good the signature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// More than three parts: RFC 7515 §7.1, RFC 7516 §9.
    Parts,
    /// White space or padding in a part: RFC 7515 §2, §5.2.
    Base64url,
    /// Header or claims are not UTF-8: RFC 7515 §5.2, RFC 7519 §7.2.
    NotUtf8,
    /// A header parameter has a value of the wrong type: RFC 7515 §4.1, §5.2.
    HeaderType,
    /// `crit` names an extension, and this org knows none: RFC 7515 §4.1.11.
    Critical,
    /// The payload is another JWT: RFC 7519 §5.2, RFC 8725 §3.3.
    Nested,
    /// `exp`, `nbf` or `iat` is not a number: RFC 7519 §4.1.
    DateType,
    /// The RSA key that verifies it has fewer than 2048 bits: RFC 7518 §3.3.
    SmallKey,
}

/// Which of two members with the same name counts. RFC 7519 §4 lets a reader refuse both, or take the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicate {
    /// The last, as `serde_json` has it.
    Last,
    /// The first: only an org with a defect reads so.
    First,
}

/// Header and payload, decoded.
pub(super) struct Compact {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    pub(super) flaws: Vec<Flaw>,
    /// Whether a member of header or claims stands twice.
    pub(super) has_duplicates: bool,
}

impl Compact {
    /// Takes a text apart; `None` when there is no header and no claims in it.
    pub(super) fn read(text: &str, duplicate: Duplicate) -> Option<Self> {
        let mut reader = Reader {
            duplicate,
            flaws: Vec::new(),
            has_duplicates: false,
        };
        let (header, claims) = reader.jwt(text, true)?;
        if header.contains_key("crit") {
            reader.note(Flaw::Critical);
        }
        if !header.iter().all(|(name, value)| is_typed(name, value)) {
            reader.note(Flaw::HeaderType);
        }
        let is_date = |name: &&str| claims.get(*name).is_none_or(Value::is_number);
        if !["exp", "nbf", "iat"].iter().all(is_date) {
            reader.note(Flaw::DateType);
        }
        Some(Self {
            header,
            claims,
            flaws: reader.flaws,
            has_duplicates: reader.has_duplicates,
        })
    }
}

/// Whether `check` holds of what was signed and the signature. A reader that overlooks what does not belong into
/// base64url may mean the text as it came or the text without that, so both are tried.
pub fn verifies(text: &str, check: impl Fn(&[u8], &[u8]) -> bool) -> bool {
    let Some((message, signature)) = signed(text) else {
        return false;
    };
    let Some((signature, _)) = decoded(signature) else {
        return false;
    };
    check(message.as_bytes(), &signature)
        || (message.contains(is_filling) && check(without_filling(message).as_bytes(), &signature))
}

/// The first two parts with the dot between them, and the third part.
fn signed(text: &str) -> Option<(&str, &str)> {
    let mut dots = text.match_indices('.').map(|(at, _)| at).skip(1);
    let second = dots.next()?;
    let end = dots.next().unwrap_or(text.len());
    Some((&text[..second], &text[second + 1..end]))
}

struct Reader {
    duplicate: Duplicate,
    flaws: Vec<Flaw>,
    has_duplicates: bool,
}

type Object = Map<String, Value>;

impl Reader {
    fn note(&mut self, flaw: Flaw) {
        if !self.flaws.contains(&flaw) {
            self.flaws.push(flaw);
        }
    }

    fn jwt(&mut self, text: &str, may_nest: bool) -> Option<(Object, Object)> {
        let mut parts = text.split('.');
        let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            self.note(Flaw::Parts);
        }
        if signature.contains(is_filling) {
            self.note(Flaw::Base64url);
        }
        let header = self.part(header)?;
        let header = self.object(&header)?;
        let payload = self.part(payload)?;
        let claims = match self.object(&payload) {
            Some(claims) => claims,
            None if may_nest && is_nested(&header) => {
                let (_, claims) = self.jwt(std::str::from_utf8(&payload).ok()?, false)?;
                self.note(Flaw::Nested);
                claims
            }
            None => return None,
        };
        Some((header, claims))
    }

    fn part(&mut self, part: &str) -> Option<Vec<u8>> {
        let (bytes, clean) = decoded(part)?;
        if !clean {
            self.note(Flaw::Base64url);
        }
        Some(bytes)
    }

    fn object(&mut self, bytes: &[u8]) -> Option<Object> {
        let text = String::from_utf8_lossy(bytes);
        let members: Members = serde_json::from_str(&text).ok()?;
        if std::str::from_utf8(bytes).is_err() {
            self.note(Flaw::NotUtf8);
        }
        self.has_duplicates |= !members.firsts.is_empty();
        let mut object = members.lasts;
        if self.duplicate == Duplicate::First {
            object.extend(members.firsts);
        }
        Some(object)
    }
}

/// The bytes of a part, and whether it was base64url and nothing else.
fn decoded(part: &str) -> Option<(Vec<u8>, bool)> {
    if !part.contains(is_filling) {
        return Some((B64.decode(part).ok()?, true));
    }
    Some((B64.decode(without_filling(part)).ok()?, false))
}

/// What some decoders of base64 pass over.
fn is_filling(c: char) -> bool {
    c.is_ascii_whitespace() || c == '='
}

fn without_filling(text: &str) -> String {
    text.chars().filter(|c| !is_filling(*c)).collect()
}

/// RFC 7519 §5.2: `cty` says that the payload is a JWT, best in capital letters.
fn is_nested(header: &Object) -> bool {
    let cty = header.get("cty").and_then(Value::as_str);
    cty.is_some_and(|cty| cty.eq_ignore_ascii_case("JWT"))
}

/// Whether a header parameter of RFC 7515 has a value of its type. `crit` has a rule of its own.
fn is_typed(name: &str, value: &Value) -> bool {
    match name {
        "alg" | "kid" | "typ" | "cty" | "jku" | "x5u" | "x5t" | "x5t#S256" => value.is_string(),
        "jwk" => value.is_object(),
        "x5c" => value
            .as_array()
            .is_some_and(|certificates| certificates.iter().all(Value::is_string)),
        _ => true,
    }
}

/// A JSON object of which it is remembered what stood under a name before the last member of that name.
struct Members {
    lasts: Object,
    firsts: Object,
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let (mut lasts, mut firsts) = (Object::new(), Object::new());
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if let Some(earlier) = lasts.insert(name.clone(), value) {
                        firsts.entry(name).or_insert(earlier);
                    }
                }
                Ok(Members { lasts, firsts })
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str, claims: &str) -> Compact {
        let text = format!("{}.{}.c2ln", B64.encode(header), B64.encode(claims));
        Compact::read(&text, Duplicate::Last).expect("a JWT")
    }

    #[test]
    fn each_flaw_is_noted_and_what_is_not_understood_is_none() {
        for (header, claims, flaws) in [
            (
                r#"{"alg":"RS256","zip":"DEF","b64":true,"x":1}"#,
                "{}",
                &[][..],
            ),
            (
                r#"{"jku":"https://a.example","jwk":{},"x5c":["a"]}"#,
                r#"{"exp":1.5}"#,
                &[],
            ),
            (r#"{"crit":["x"],"x":1}"#, "{}", &[Flaw::Critical]),
            (r#"{"crit":[]}"#, "{}", &[Flaw::Critical]),
            (r#"{"alg":1}"#, "{}", &[Flaw::HeaderType]),
            (r#"{"kid":1}"#, "{}", &[Flaw::HeaderType]),
            (r#"{"typ":{}}"#, "{}", &[Flaw::HeaderType]),
            (r#"{"jwk":"x"}"#, "{}", &[Flaw::HeaderType]),
            ("{}", r#"{"exp":"1"}"#, &[Flaw::DateType]),
            ("{}", r#"{"nbf":null}"#, &[Flaw::DateType]),
            (r#"{"cty":"jwt"}"#, "e30.e30.", &[Flaw::Nested]),
        ] {
            assert_eq!(read(header, claims).flaws, flaws, "{header} {claims}");
        }
    }

    #[test]
    fn white_space_padding_and_further_parts_are_noted() {
        for (text, flaws) in [
            ("e30.e30.AA", &[][..]),
            ("e30=.e30.AA", &[Flaw::Base64url]),
            ("e30.e 30.AA", &[Flaw::Base64url]),
            ("e30.e30.AA==", &[Flaw::Base64url]),
            ("e30.e30.AA\n", &[Flaw::Base64url]),
            ("e30.e30.AA.x.y", &[Flaw::Parts]),
        ] {
            let read = Compact::read(text, Duplicate::Last).expect("a JWT");
            assert_eq!(read.flaws, flaws, "{text}");
        }
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_noted() {
        let claims = B64.encode(b"{\"x\":\"\xff\"}");
        let read = Compact::read(&format!("e30.{claims}."), Duplicate::Last).expect("a JWT");
        assert_eq!(read.flaws, [Flaw::NotUtf8]);
    }

    #[test]
    fn of_two_members_the_last_counts_or_the_first() {
        let text = format!("e30.{}.", B64.encode(r#"{"a":1,"a":2,"a":3,"b":4}"#));
        for (duplicate, expected) in [(Duplicate::Last, 3), (Duplicate::First, 1)] {
            let read = Compact::read(&text, duplicate).expect("a JWT");
            assert_eq!(read.claims["a"], expected);
            assert_eq!(read.claims["b"], 4);
            assert!(read.has_duplicates && read.flaws.is_empty());
        }
    }

    #[test]
    fn the_signature_covers_the_first_two_parts_as_sent_or_cleaned() {
        let is = |expected: &'static [u8]| {
            move |message: &[u8], signature: &[u8]| message == expected && signature == [0]
        };
        assert!(verifies("a.b.AA", is(b"a.b")));
        assert!(verifies("a.b.AA==.x.y", is(b"a.b")));
        assert!(verifies("a .b.AA", is(b"a .b")));
        assert!(verifies("a .b.AA", is(b"a.b")));
        assert!(!verifies("a.b", is(b"a")));
    }
}
