//! JWTs: each is kept once, decoded, and a mark stands for it.

use super::super::{Redacted, RedactedJson};
use super::{KeptToken, MARK, Pseudonyms, SIGNATURE, half_hash};
use crate::jwt::{self, Jwt};

impl Pseudonyms {
    /// A JWT, by its mark.
    pub(super) fn token(&mut self, text: &str, jwt: Jwt) -> String {
        let fingerprint = self.digits(text)[..16].to_owned();
        let fits = self.at_hash_fits(&jwt);
        if !self.tokens.contains_key(&fingerprint) {
            let beside = self.beside.take();
            let header = self.members("header", &jwt.header);
            let claims = self.members("claims", &jwt.claims);
            self.beside = beside;
            let signature = if jwt.signature.is_empty() {
                String::new()
            } else {
                // The whole token stands for the signature, so that no two tokens become one.
                let mut made = format!("{MARK}{}", self.digits(text));
                made.truncate(SIGNATURE);
                made
            };
            let kept = KeptToken {
                fingerprint: fingerprint.clone(),
                header: RedactedJson::passed(header),
                claims: RedactedJson::passed(claims),
                signature: Redacted::passed(signature),
                at_hash_of: None,
                live: jwt,
            };
            self.tokens.insert(fingerprint.clone(), kept);
        }
        if fits && let Some(access_token) = self.beside.clone() {
            let beside = self.beside.take();
            let shown = match Jwt::decode(&access_token) {
                Ok(jwt) => self.token(&access_token, jwt),
                Err(_) => self.secret(&access_token),
            };
            self.beside = beside;
            if let Some(kept) = self.tokens.get_mut(&fingerprint) {
                kept.at_hash_of = Some(Redacted::passed(shown));
                kept.claims.inner().shift_remove("at_hash");
            }
        }
        format!("<jwt {fingerprint}>")
    }

    /// Whether `at_hash` is the half hash of the access token beside it.
    pub(super) fn at_hash_fits(&self, jwt: &Jwt) -> bool {
        let (Some(claim), Some(beside)) = (jwt.claims.get("at_hash"), &self.beside) else {
            return false;
        };
        let hash = half_hash(jwt.header_str("alg").unwrap_or_default(), beside);
        hash.is_some() && claim.as_str() == hash.as_deref()
    }

    /// A text in which JWTs have given way to their marks; `None` where there is none.
    pub(super) fn tokens_in(&mut self, text: &str) -> Option<String> {
        let stretches = jwt::stretches(text);
        if stretches.is_empty() {
            return None;
        }
        let mut shown = String::with_capacity(text.len());
        let mut at = 0;
        for stretch in stretches {
            shown.push_str(&text[at..stretch.start]);
            let token = &text[stretch.clone()];
            let mark = match Jwt::decode(token) {
                Ok(jwt) => self.token(token, jwt),
                Err(_) => self.opaque(token),
            };
            shown.push_str(&mark);
            at = stretch.end;
        }
        shown.push_str(&text[at..]);
        Some(shown)
    }
}
