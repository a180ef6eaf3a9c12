//! JWTs: read without trust, verified into a fact, signed with a parsed key.
//!
//! A signature is verified early, in parallel, and judged later, in its turn: see [`SignatureFact`].

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Map, Value};

use super::compact::Compact;
pub use super::compact::{Duplicate, Flaw, verifies};
use crate::keys::{KeyError, PublicKey, SigningKey};
use crate::org::KeyAlg;
use crate::variation::{self, Style};

/// Longest JWT that is read, in bytes. Anything longer is not a JWT to this org.
pub const MAX_JWT_BYTES: usize = 64 * 1024;

/// A JWT taken apart.
#[derive(Debug, Clone)]
pub struct Jwt {
    /// JOSE header.
    pub header: Map<String, Value>,
    /// Claims.
    pub claims: Map<String, Value>,
    /// What the signature is worth.
    pub signature: SignatureFact,
    /// What is wrong with it apart from the signature.
    pub flaws: Vec<Flaw>,
    /// Whether a member of header or claims stands twice.
    pub has_duplicates: bool,
}

/// What a signature is worth under the keys that could have made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureFact {
    /// It verifies.
    Valid,
    /// It does not.
    Invalid,
    /// No key has the `kid` of the header.
    UnknownKid,
    /// `alg` is none, symmetric, or not the one of the key.
    Algorithm,
    /// There is no key to try: the issuer or client is unknown, or has none.
    NoKeys,
}

impl Jwt {
    /// Reads a compact JWS without trust; `None` when it is not one.
    pub fn read(text: &str, duplicate: Duplicate) -> Option<Self> {
        if text.len() > MAX_JWT_BYTES {
            return None;
        }
        let compact = Compact::read(text, duplicate)?;
        Some(Self {
            header: compact.header,
            claims: compact.claims,
            signature: SignatureFact::NoKeys,
            flaws: compact.flaws,
            has_duplicates: compact.has_duplicates,
        })
    }

    /// Verifies it, as `text` from which it was read, under one of `keys`.
    pub fn verify(&mut self, text: &str, keys: &[&PublicKey]) {
        self.signature = self.judge_signature(text, keys);
    }

    fn judge_signature(&self, text: &str, keys: &[&PublicKey]) -> SignatureFact {
        if keys.is_empty() {
            return SignatureFact::NoKeys;
        }
        if self.is_unsigned_or_unknown() {
            return SignatureFact::Algorithm;
        }
        let kid = self.header_str("kid");
        let mut fact = SignatureFact::UnknownKid;
        // Without a kid every key is tried: RFC 7515 makes the member optional.
        let named = |key: &&&PublicKey| kid.is_none_or(|kid| key.kid == kid);
        for key in keys.iter().filter(named) {
            if !self.fits(key.alg) {
                fact = SignatureFact::Algorithm;
            } else if key.verifies(text) {
                return SignatureFact::Valid;
            } else {
                fact = SignatureFact::Invalid;
            }
        }
        fact
    }

    /// Whether `alg` is none, or none that this org knows.
    pub fn is_unsigned_or_unknown(&self) -> bool {
        KeyAlg::ALL.iter().all(|(_, alg)| !self.fits(*alg))
    }

    /// Whether it says that it is signed by this algorithm. An `alg` that is not a string is noted as a flaw: who overlooks
    /// the flaw takes the algorithm of the key.
    pub fn fits(&self, alg: KeyAlg) -> bool {
        match self.header.get("alg") {
            Some(Value::String(name)) => name == alg.as_str(),
            Some(_) => true,
            None => false,
        }
    }

    /// A header member that is a string.
    pub fn header_str(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// A claim that is a string.
    pub fn claim_str(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// A claim that is a `NumericDate`, in whole seconds, rounded down.
    pub fn claim_seconds(&self, name: &str) -> Option<i64> {
        let value = self.claims.get(name)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a saturating cast keeps far dates far"
        )]
        value
            .as_i64()
            .or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64))
            // A date in quotation marks is noted as a flaw: who overlooks the flaw reads the number in it.
            .or_else(|| value.as_str()?.trim().parse().ok())
    }

    /// `aud` as a list: a string is a list of one.
    pub fn audiences(&self) -> Vec<&str> {
        match self.claims.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// A JWT that will be signed in the render phase.
#[derive(Debug, Clone)]
pub struct JwtPlan {
    /// Whose key signs.
    pub key: std::sync::Arc<SigningKey>,
    /// `typ`, where the kind of token has one.
    pub typ: Option<&'static str>,
    /// Claims.
    pub claims: Map<String, Value>,
    /// What is wrong with header and signature.
    pub forgery: Forgery,
    /// In which other form it is sent, all of them lawful.
    pub wire: Wire,
}

/// Another form in which a JWT is sent; only an org with variations uses one.
#[derive(Debug, Clone, Default)]
pub struct Wire {
    /// Members of the header beside its own.
    pub(crate) header: Map<String, Value>,
    /// How header and claims are written.
    pub(crate) style: Style,
    /// Whether only the org can read it.
    pub(crate) opaque: bool,
}

/// What is wrong with the header and signature of a JWT; only an org with defects signs such.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Forgery {
    /// Nothing.
    #[default]
    None,
    /// The header names another key than the one that signs.
    Kid(String),
    /// `alg` is none, and there is no signature.
    Unsigned,
}

impl JwtPlan {
    /// Signs.
    ///
    /// # Errors
    /// When the cryptographic library fails.
    pub fn sign(&self) -> Result<String, KeyError> {
        let token = self.compact()?;
        Ok(if self.wire.opaque {
            variation::conceal(&token)
        } else {
            token
        })
    }

    fn compact(&self) -> Result<String, KeyError> {
        let mut header = Map::new();
        let kid = match &self.forgery {
            Forgery::Kid(kid) => kid,
            Forgery::None | Forgery::Unsigned => &self.key.public.kid,
        };
        header.insert("kid".to_owned(), Value::String(kid.clone()));
        if let Some(typ) = self.typ {
            header.insert("typ".to_owned(), Value::String(typ.to_owned()));
        }
        let unsigned = self.forgery == Forgery::Unsigned;
        let alg = if unsigned { "none" } else { "RS256" };
        header.insert("alg".to_owned(), Value::String(alg.to_owned()));
        header.extend(self.wire.header.clone());
        let style = self.wire.style;
        if unsigned {
            return Ok(format!(
                "{}.{}.",
                encode(&header, style),
                encode(&self.claims, style)
            ));
        }
        styled(&self.key, &header, &self.claims, style)
    }
}

/// The compact serialisation of a header and claims, signed with `key`.
///
/// # Errors
/// When the cryptographic library fails.
pub fn compact(
    key: &SigningKey,
    header: &Map<String, Value>,
    claims: &Map<String, Value>,
) -> Result<String, KeyError> {
    styled(key, header, claims, Style::default())
}

fn styled(
    key: &SigningKey,
    header: &Map<String, Value>,
    claims: &Map<String, Value>,
    style: Style,
) -> Result<String, KeyError> {
    let input = format!("{}.{}", encode(header, style), encode(claims, style));
    sealed(key, "RS256", input)
}

/// A signing input as it is, with the signature of `key` over it.
///
/// # Errors
/// When the key does not sign with the algorithm, or the cryptographic library fails.
pub fn sealed(key: &SigningKey, alg: &str, mut input: String) -> Result<String, KeyError> {
    let signature = key.sign_as(alg, input.as_bytes())?;
    input.push('.');
    B64.encode_string(signature, &mut input);
    Ok(input)
}

fn encode(object: &Map<String, Value>, style: Style) -> String {
    if !style.is_usual() {
        return B64.encode(style.write(object));
    }
    // A map of JSON values always serialises.
    B64.encode(serde_json::to_vec(object).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_jwt_is_none() {
        for text in [
            "",
            ".",
            "..",
            "a.b.c",
            "e30.e30",
            "W10.e30.",
            &"a".repeat(MAX_JWT_BYTES + 1),
        ] {
            assert!(
                Jwt::read(text, Duplicate::Last).is_none(),
                "{}",
                &text[..text.len().min(20)]
            );
        }
    }

    #[test]
    fn an_unsigned_jwt_is_read_but_proves_nothing() {
        let text = "eyJhbGciOiJub25lIn0.e30.";
        let mut jwt = Jwt::read(text, Duplicate::Last).expect("a JWT");
        jwt.verify(text, &[]);
        assert_eq!(jwt.signature, SignatureFact::NoKeys);
    }
}
