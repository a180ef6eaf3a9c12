//! Texts that were searched and hold no secret. Names of fields, addresses and most values recur in every case, and
//! searching takes far longer than looking up.
//!
//! A text stays clean until a secret comes up that has a window of it. So the windows of all clean texts are kept too, in
//! a filter that may say yes too often and never no.

use std::collections::HashSet;
use std::hash::BuildHasher as _;

/// The longest text that is remembered, in bytes. Longer ones seldom recur.
const LONGEST: usize = 256;

/// The most texts that are remembered; a run of the whole suite has some 2,000 that recur.
const MOST: usize = 8192;

/// The most texts of which it is remembered that they came up once.
const MOST_ONCE: usize = 1 << 16;

/// Bits of the filter, as a power of two: half a megabyte.
const FILTER_BITS: u32 = 22;

/// Bits that a window sets.
const BITS_EACH: u32 = 4;

/// Clean texts.
#[derive(Debug, Default)]
pub(super) struct Clean {
    texts: HashSet<Box<str>>,
    filter: Vec<u64>,
    once: HashSet<u64>,
}

impl Clean {
    /// Whether a text was found to hold no secret that is known by now.
    pub(super) fn contains(&self, text: &str) -> bool {
        text.len() <= LONGEST && self.texts.contains(text)
    }

    /// Whether a clean text should be remembered: one that comes up for the second time.
    pub(super) fn is_worth_it(&mut self, text: &str) -> bool {
        if text.len() > LONGEST || self.texts.len() >= MOST {
            return false;
        }
        let hash = self.once.hasher().hash_one(text);
        if self.once.len() >= MOST_ONCE {
            self.once.clear();
        }
        !self.once.insert(hash)
    }

    /// From now on this text is clean. `windows` are the keys of all its windows, as it is and decoded.
    pub(super) fn add(&mut self, text: &str, windows: &[u64]) {
        if self.filter.is_empty() {
            self.filter = vec![0; 1 << (FILTER_BITS - 6)];
        }
        for window in windows {
            for (word, bit) in places(*window) {
                self.filter[word] |= bit;
            }
        }
        self.texts.insert(text.into());
    }

    /// A secret has this window: no text that may hold it is clean any more.
    pub(super) fn know(&mut self, window: u64) {
        let holds =
            |(word, bit): (usize, u64)| self.filter.get(word).is_some_and(|word| word & bit != 0);
        if places(window).all(holds) {
            self.texts.clear();
            self.filter.fill(0);
        }
    }
}

/// The bits of a window.
fn places(window: u64) -> impl Iterator<Item = (usize, u64)> {
    let hash = window.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    // Two independent numbers make as many as are needed (Kirsch and Mitzenmacher, 2006).
    let (first, second) = (hash >> 32, (hash & 0xFFFF_FFFF) | 1);
    (0..u64::from(BITS_EACH)).map(move |number| {
        let bit = first.wrapping_add(number.wrapping_mul(second)) & ((1 << FILTER_BITS) - 1);
        let word = (bit >> 6) as usize;
        (word, 1 << (bit & 63))
    })
}

#[cfg(test)]
mod tests {
    use super::super::canonical::key_at;
    use super::*;

    #[test]
    fn a_text_is_clean_until_a_secret_has_a_window_of_it() {
        let mut clean = Clean::default();
        assert!(!clean.is_worth_it("no-store"));
        assert!(clean.is_worth_it("no-store"));
        let window = key_at(b"nostore!").unwrap();
        clean.add("no-store", &[window]);
        assert!(clean.contains("no-store"));
        for number in 0_u64..1000 {
            clean.know(number.wrapping_mul(0x0123_4567_89AB_CDEF));
        }
        assert!(clean.contains("no-store"), "other secrets change nothing");
        clean.know(window);
        assert!(!clean.contains("no-store"));
    }

    #[test]
    fn long_texts_and_too_many_are_not_remembered() {
        let mut clean = Clean::default();
        let long = "x".repeat(LONGEST + 1);
        assert!(!clean.is_worth_it(&long) && !clean.is_worth_it(&long));
        for number in 0..MOST {
            clean.add(&number.to_string(), &[]);
        }
        assert!(!clean.is_worth_it("one more") && !clean.is_worth_it("one more"));
    }
}
