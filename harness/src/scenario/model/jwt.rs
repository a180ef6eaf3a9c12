//! What a JWT can be made to look like besides its header, claims and signature: changes that no JSON object can say.

use super::ValueTemplate;

/// Changes of the text of a JWT, as resolved.
#[derive(Debug, Clone, Default)]
pub struct JwtText {
    /// Header members that stand there a second time.
    pub duplicate_header: Vec<(String, ValueTemplate)>,
    /// Claims that stand there a second time.
    pub duplicate_claims: Vec<(String, ValueTemplate)>,
    /// What the payload is instead of an object of claims.
    pub payload: Option<PayloadChange>,
    /// What does not belong into the base64url of a part.
    pub filled: Vec<(JwtPart, Filling)>,
    /// Whether two parts more follow, as in an encrypted JWT.
    pub five_parts: bool,
}

impl JwtText {
    /// Whether what is signed changes.
    pub fn changes_signing_input(&self) -> bool {
        let filled = |(part, _): &(JwtPart, Filling)| *part != JwtPart::Signature;
        !self.duplicate_header.is_empty()
            || !self.duplicate_claims.is_empty()
            || self.payload.is_some()
            || self.filled.iter().any(filled)
    }
}

/// How a public key is put into the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbeddedKey {
    /// `jwk`: the key itself (RFC 7515 §4.1.3).
    Jwk,
    /// `x5c`: a certificate that the key has signed for itself (RFC 7515 §4.1.6).
    X5c,
}

/// What a payload is instead of an object of claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadChange {
    /// A JSON array that holds the claims.
    Array,
    /// A JSON string that holds them.
    String,
    /// The claims, and one more with a byte that is not UTF-8.
    NotUtf8,
}

/// A part of a compact serialisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JwtPart {
    /// The first.
    Header,
    /// The second.
    Payload,
    /// The third.
    Signature,
}

/// What does not belong into base64url (RFC 7515 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    /// `=` at the end, as base64 has it elsewhere.
    Padding,
    /// A line break in the middle, as base64 in mails has it.
    LineBreak,
}
