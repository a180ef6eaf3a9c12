//! What everybody may read: a value that a scenario or the target's description writes out is not a secret, even where a
//! secret is expected.

use std::collections::HashSet;
use std::sync::Arc;

/// Texts that everybody may read.
#[derive(Debug, Default)]
pub struct Public {
    texts: Vec<Arc<str>>,
    words: HashSet<Box<str>>,
}

impl Public {
    /// What stands in these texts is public.
    #[must_use]
    pub fn new(texts: Vec<Arc<str>>) -> Self {
        let words = texts.iter().flat_map(|text| text.split(ends_word));
        let words = words.filter(|word| word.len() >= super::canonical::WINDOW);
        Self {
            words: words.map(Box::from).collect(),
            texts,
        }
    }

    /// Whether a value stands in the texts.
    pub(super) fn contains(&self, value: &str) -> bool {
        if !value.contains(ends_word) {
            return self.words.contains(value);
        }
        // Every word of a phrase that stands there does, and that is seldom so.
        let mut words = value.split(ends_word);
        words.all(|word| word.len() < super::canonical::WINDOW || self.words.contains(word))
            && self.texts.iter().any(|text| text.contains(value))
    }
}

/// Tokens are words; looking for a word takes less time than looking through the texts.
fn ends_word(c: char) -> bool {
    !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_phrases_of_the_texts_are_public() {
        let public = Public::new(vec!["code: not-a-code, password: 'wrong one!'".into()]);
        assert!(public.contains("not-a-code") && public.contains("wrong one!"));
        assert!(!public.contains("another-code") && !public.contains("wrong two!"));
    }
}
