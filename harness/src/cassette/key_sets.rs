//! The key sets of a recording, and what they make of its tokens.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::model::{self, KeySet, Token};
use crate::evidence::{KeptToken, Pseudonyms};
use crate::jwks::{Jwks, KeyRing};

/// The key sets of a recording, each once.
#[derive(Default)]
pub(super) struct KeySets {
    /// By their text.
    ids: BTreeMap<String, String>,
    sets: Vec<(KeySet, Arc<Jwks>)>,
}

impl KeySets {
    pub(super) fn refer(
        &mut self,
        ring: &KeyRing,
        made: &mut Pseudonyms,
    ) -> BTreeMap<String, model::Keys> {
        let sets = ring.sets().map(|(role, set)| {
            let keys = match set {
                Ok(jwks) => model::Keys::Set(self.id(jwks, made)),
                Err(why) => model::Keys::Missing(made.text(why)),
            };
            (role.as_str().to_owned(), keys)
        });
        sets.collect()
    }

    fn id(&mut self, jwks: &Arc<Jwks>, made: &mut Pseudonyms) -> String {
        let next = format!("k{}", self.ids.len() + 1);
        let text = jwks.document().to_string();
        if let Some(known) = self.ids.get(&text) {
            return known.clone();
        }
        let document = made.json(jwks.document());
        let set = KeySet {
            id: next.clone(),
            document,
        };
        self.sets.push((set, jwks.clone()));
        self.ids.insert(text, next.clone());
        next
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = KeySet> {
        self.sets.iter().map(|(set, _)| set.clone())
    }

    /// A token and which of these keys its signature fits.
    pub(super) fn token(&self, token: &KeptToken) -> Token {
        let mut signed_by = Vec::new();
        let mut verdict = String::new();
        for (set, jwks) in &self.sets {
            let fitting = jwks.fitting(&token.live);
            if !fitting.is_empty() {
                let comma = if verdict.is_empty() {
                    "fits a key of "
                } else {
                    ", "
                };
                // Writing to a text cannot fail.
                let _ = write!(verdict, "{comma}{}", set.id);
            }
            for thumbprint in fitting {
                if !signed_by.contains(&thumbprint) {
                    signed_by.push(thumbprint);
                }
            }
        }
        if verdict.is_empty() {
            let why = match token.live.header_str("alg") {
                _ if token.live.signature.is_empty() => "not signed",
                Some("none") => "alg none",
                Some(alg) if alg.starts_with("HS") => "not signed with a key that is published",
                _ => "fits no key that the servers were seen to publish under its kid",
            };
            why.clone_into(&mut verdict);
        }
        Token {
            fingerprint: token.fingerprint.clone(),
            header: token.header.clone(),
            claims: token.claims.clone(),
            signature: token.signature.clone(),
            signed_by,
            verdict,
            at_hash_of: token.at_hash_of.clone(),
        }
    }
}
