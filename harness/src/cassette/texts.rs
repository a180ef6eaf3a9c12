//! Puts tokens in the place of their marks. A file may be hostile: how much it may grow that way is limited.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::{Captures, Regex};
use serde_json::{Map, Value};

use super::model::Token;
use super::read::CassetteError;
use crate::evidence::half_hash;
use crate::jwt::Jwt;

/// How deep tokens may stand in claims of tokens.
const DEEPEST: usize = 16;

/// The most bytes that all tokens may have together where they stand: the file holds each once. Of the requests and answers
/// that are recorded there are 64 MiB, and of these only a part is tokens.
const MOST: usize = 256 * 1024 * 1024;

/// What stands for a token.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, and a test uses it")]
    Regex::new("<jwt ([0-9a-f]{16})>").expect("a regular expression")
});

/// What stands for the base64 of a name and a password.
static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, and a test uses it")]
    Regex::new("<basic ([^>]*)>").expect("a regular expression")
});

/// The fingerprints of the tokens that a text refers to.
pub(super) fn marks(text: &str) -> impl Iterator<Item = &str> {
    let found = TOKEN.captures_iter(text);
    found.filter_map(|mark| Some(mark.get(1)?.as_str()))
}

/// A token, the number of its line, and the line.
pub(super) type TokenLine = (usize, Token, String);

/// The texts of all tokens, by fingerprint.
pub(super) struct Texts {
    by_fingerprint: BTreeMap<String, String>,
    /// What may still be put in.
    left: Cell<usize>,
}

impl Texts {
    /// # Errors
    /// When a token refers to one that is not there, or to itself, or grows beyond all measure.
    pub(super) fn of(tokens: &BTreeMap<String, TokenLine>) -> Result<Self, CassetteError> {
        Self::within(tokens, MOST)
    }

    fn within(tokens: &BTreeMap<String, TokenLine>, most: usize) -> Result<Self, CassetteError> {
        let mut texts = Self {
            by_fingerprint: BTreeMap::new(),
            left: Cell::new(most),
        };
        for line in tokens.values() {
            texts.add(line, tokens, DEEPEST)?;
        }
        Ok(texts)
    }

    /// Puts a token together, and before it those that stand in it.
    fn add(
        &mut self,
        (line, token, written): &TokenLine,
        tokens: &BTreeMap<String, TokenLine>,
        depth: usize,
    ) -> Result<(), CassetteError> {
        if self.by_fingerprint.contains_key(&token.fingerprint) {
            return Ok(());
        }
        let wrong = |why: String| CassetteError::Line { line: *line, why };
        let Some(depth) = depth.checked_sub(1) else {
            return Err(wrong(format!(
                "tokens stand in each other, more than {DEEPEST} deep"
            )));
        };
        for mark in marks(written) {
            let other = tokens.get(mark);
            let other = other.ok_or_else(|| wrong(format!("the token {mark} is missing")))?;
            self.add(other, tokens, depth)?;
        }
        let (mut header, mut claims) = (Map::clone(&token.header), Map::clone(&token.claims));
        self.members(&mut header);
        self.members(&mut claims);
        let algorithm = header.get("alg").and_then(Value::as_str);
        if let Some(of) = &token.at_hash_of
            && let Some(hash) = half_hash(algorithm.unwrap_or_default(), &self.plain(of))
        {
            claims.insert("at_hash".to_owned(), hash.into());
        }
        self.check(*line)?;
        let mut jwt = Jwt::new(header, claims);
        token.signature.as_str().clone_into(&mut jwt.signature);
        let text = jwt.encode();
        self.by_fingerprint.insert(token.fingerprint.clone(), text);
        Ok(())
    }

    /// Whether nothing grew beyond all measure so far.
    ///
    /// # Errors
    /// With this line, if something did.
    pub(super) fn check(&self, line: usize) -> Result<(), CassetteError> {
        if self.left.get() > 0 {
            return Ok(());
        }
        Err(CassetteError::Line {
            line,
            why: "the tokens of this recording would be larger than any that is recorded"
                .to_owned(),
        })
    }

    /// The text of a token.
    pub(super) fn token(&self, fingerprint: &str) -> Option<&String> {
        self.by_fingerprint.get(fingerprint)
    }

    /// A text with tokens in place of their marks.
    pub(super) fn plain(&self, text: &str) -> String {
        let shown = TOKEN.replace_all(text, |mark: &Captures<'_>| {
            let token = self.by_fingerprint.get(&mark[1]);
            match token.map(|token| (token, self.left.get().checked_sub(token.len()))) {
                Some((token, Some(left))) => {
                    self.left.set(left);
                    token.clone()
                }
                Some((_, None)) => {
                    self.left.set(0);
                    String::new()
                }
                None => mark[0].to_owned(),
            }
        });
        if !shown.contains("<basic ") {
            return shown.into_owned();
        }
        let pairs = PAIR.replace_all(&shown, |pair: &Captures<'_>| STANDARD.encode(&pair[1]));
        pairs.into_owned()
    }

    /// The same for all texts of a JSON value.
    pub(super) fn json(&self, value: &mut Value) {
        match value {
            Value::String(text) if text.contains('<') => *text = self.plain(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Value::Object(members) => self.members(members),
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn members(&self, members: &mut Map<String, Value>) {
        members.values_mut().for_each(|member| self.json(member));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Tokens with these claims, by number.
    fn tokens(claims: &[String]) -> BTreeMap<String, TokenLine> {
        let lines = claims.iter().enumerate().map(|(number, claim)| {
            let document = json!({
                "fingerprint": mark(number),
                "header": {},
                "claims": {"x": claim},
                "signature": "",
                "signed_by": [],
                "verdict": "",
            });
            let text = document.to_string();
            let token = serde_json::from_value(document).unwrap();
            (mark(number), (number + 1, token, text))
        });
        lines.collect()
    }

    fn mark(number: usize) -> String {
        format!("{number:016x}")
    }

    fn refers_to(number: usize) -> String {
        format!("<jwt {}>", mark(number))
    }

    fn error(claims: &[String]) -> String {
        let made = Texts::within(&tokens(claims), 100_000);
        made.err().expect("an error").to_string()
    }

    #[test]
    fn tokens_that_grow_beyond_all_measure_or_stand_in_each_other_are_refused() {
        let grows: Vec<String> = (0..8)
            .map(|number| refers_to(number + 1).repeat(50))
            .chain(["x".to_owned()])
            .collect();
        assert!(error(&grows).ends_with("larger than any that is recorded"));
        for circle in [vec![refers_to(0)], vec![refers_to(1), refers_to(0)]] {
            assert!(error(&circle).contains("tokens stand in each other"));
        }
        let chain: Vec<String> = (1..100_000).map(refers_to).collect();
        assert!(error(&chain).contains("tokens stand in each other"));
        assert_eq!(
            error(&["y".to_owned(), refers_to(7)]),
            "line 2: the token 0000000000000007 is missing"
        );
        let nested = [refers_to(1), "x".to_owned()];
        assert!(Texts::within(&tokens(&nested), 100_000).is_ok());
    }
}
