//! Secrets by the windows of their canonical form, so that one pass over a text finds any of them.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::canonical::{Canonical, WINDOW, any_window, key_at};

/// So many canonical bytes of a longer secret are as bad as the whole.
const TELLING: usize = 16;

/// Up to this length every part of [`TELLING`] bytes is found; of longer secrets the two ends are treated so, and between
/// them every window of [`STRIDE`] bytes.
const DENSE: usize = 64;

/// Between the ends of a long secret.
const STRIDE: usize = 32;

/// The most bytes of one secret. What is longer is looked for by its beginning.
const LONGEST: usize = 8192;

/// The most windows in all; a run of the whole suite has about a third of it. They and the secrets stay below 150 MiB.
const MOST_WINDOWS: usize = 600_000;

/// The most secrets that share a window, such as a prefix of all tokens.
const MOST_SHARED: u32 = 64;

/// Bits of the filter in front of the windows, as a power of two: a megabyte.
const FILTER_BITS: u32 = 23;

/// The same for windows that hold other bytes than ASCII: 16 KiB.
const FILTER_BITS_OTHER: u32 = 17;

/// One secret.
#[derive(Debug)]
struct Indexed {
    canonical: Box<[u8]>,
    /// What stands before and behind the canonical bytes in the secret itself.
    lead: Box<[u8]>,
    tail: Box<[u8]>,
    fingerprint: String,
}

/// A window of a secret, and the next one with the same key.
#[derive(Debug, Clone, Copy)]
struct Window {
    secret: u32,
    at: u32,
    next: u32,
    /// How many follow.
    rank: u32,
}

const NONE: u32 = u32::MAX;

/// Secrets that can be looked for.
#[derive(Debug, Default)]
pub(super) struct Index {
    secrets: Vec<Indexed>,
    windows: Vec<Window>,
    first: HashMap<u64, u32>,
    filter: Vec<u64>,
    known: HashSet<Box<[u8]>>,
    /// Values that were too short.
    short: HashSet<Box<[u8]>>,
    full: bool,
}

/// A secret in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found<'i> {
    pub(super) range: Range<usize>,
    pub(super) fingerprint: &'i str,
}

impl Index {
    /// Whether a value was given before, and then whether it is looked for.
    pub(super) fn knows(&self, bytes: &[u8]) -> Option<bool> {
        if self.known.contains(bytes) {
            return Some(true);
        }
        self.short.contains(bytes).then_some(false)
    }

    /// See [`super::RunSecrets::is_full`].
    pub(super) const fn is_full(&self) -> bool {
        self.full
    }

    /// Looks for a secret from now on; `false` if it has too few canonical bytes. `windows` gets the key of each window.
    pub(super) fn add(
        &mut self,
        bytes: &[u8],
        fingerprint: String,
        mut windows: impl FnMut(u64),
    ) -> bool {
        let bytes = &bytes[..bytes.len().min(LONGEST)];
        let canonical = Canonical::of(bytes);
        let length = canonical.bytes.len();
        if length < WINDOW {
            self.short.insert(bytes.into());
            return false;
        }
        if self.windows.len() >= MOST_WINDOWS {
            self.full = true;
            return true;
        }
        if !self.known.insert(bytes.into()) {
            return true;
        }
        if self.filter.is_empty() {
            self.filter = vec![0; 1 << (FILTER_BITS - 6)];
        }
        #[expect(clippy::cast_possible_truncation, reason = "bounded by MOST_WINDOWS")]
        let secret = self.secrets.len() as u32;
        for at in offsets(length) {
            if let Some(key) = key_at(&canonical.bytes[at..]) {
                self.add_window(secret, at, key);
                windows(key);
            }
        }
        let whole = canonical.place(0..length);
        self.secrets.push(Indexed {
            lead: bytes[..whole.start].into(),
            tail: bytes[whole.end..].into(),
            canonical: canonical.bytes.into(),
            fingerprint,
        });
        true
    }

    fn add_window(&mut self, secret: u32, at: usize, key: u64) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "bounded by MOST_WINDOWS and by LONGEST"
        )]
        let (number, at) = (self.windows.len() as u32, at as u32);
        let (next, rank) = match self.first.entry(key) {
            Entry::Occupied(mut entry) => {
                let next = *entry.get();
                let rank = self.windows[next as usize].rank + 1;
                if rank >= MOST_SHARED {
                    return;
                }
                entry.insert(number);
                (next, rank)
            }
            Entry::Vacant(entry) => {
                entry.insert(number);
                (NONE, 0)
            }
        };
        self.windows.push(Window {
            secret,
            at,
            next,
            rank,
        });
        let (word, bit) = filter_place(key);
        self.filter[word] |= bit;
    }

    /// Whether bytes may hold a secret. Quick, and seldom wrong.
    pub(super) fn may_hold(&self, bytes: &[u8]) -> bool {
        bytes.len() >= WINDOW && any_window(bytes, |key| self.wants(key))
    }

    /// Whether a secret has a window of this key.
    pub(super) fn wants(&self, key: u64) -> bool {
        self.passes(key) && self.first.contains_key(&key)
    }

    /// The same, much quicker and sometimes wrong: then it says yes.
    fn passes(&self, key: u64) -> bool {
        let (word, bit) = filter_place(key);
        self.filter.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Every secret in these bytes, and every part of one that tells as much.
    pub(super) fn find(&self, bytes: &[u8]) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        let text = Canonical::of(bytes);
        let mut at = 0;
        while at + WINDOW <= text.bytes.len() {
            match self.longest_at(&text.bytes, at) {
                Some((range, secret)) => {
                    // Another secret may begin inside the match.
                    at = range.end.saturating_sub(WINDOW - 1).max(at + 1);
                    found.push(placed(bytes, &text, range, secret));
                }
                None => at += 1,
            }
        }
        found
    }

    /// The longest match that holds the window at this place.
    fn longest_at(&self, text: &[u8], at: usize) -> Option<(Range<usize>, &Indexed)> {
        let key = key_at(&text[at..])?;
        if !self.passes(key) {
            return None;
        }
        let mut number = *self.first.get(&key)?;
        let mut longest: Option<(Range<usize>, &Indexed)> = None;
        while number != NONE {
            let window = self.windows[number as usize];
            let secret = &self.secrets[window.secret as usize];
            for range in matches(text, at, &secret.canonical, window.at as usize) {
                let telling = TELLING.min(secret.canonical.len());
                let longer = longest
                    .as_ref()
                    .is_none_or(|(known, _)| range.len() > known.len());
                if range.len() >= telling && longer {
                    longest = Some((range, secret));
                }
            }
            number = window.next;
        }
        longest
    }
}

/// A match with the characters around it that belong to the secret.
fn placed<'i>(
    bytes: &[u8],
    text: &Canonical,
    range: Range<usize>,
    secret: &'i Indexed,
) -> Found<'i> {
    let whole = range.len() == secret.canonical.len();
    let mut range = text.place(range);
    if whole && bytes[..range.start].ends_with(&secret.lead) {
        range.start -= secret.lead.len();
    }
    if whole && bytes[range.end..].starts_with(&secret.tail) {
        range.end += secret.tail.len();
    }
    Found {
        range,
        fingerprint: &secret.fingerprint,
    }
}

/// How far a text and a secret agree around a window, forwards and backwards.
fn matches(text: &[u8], at: usize, secret: &[u8], window: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let (before, behind) = (&text[..at], &text[at..]);
    let (first, rest) = (&secret[..window], &secret[window..]);
    let same = |a: &mut dyn Iterator<Item = u8>, b: &mut dyn Iterator<Item = u8>| {
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    let right = same(&mut behind.iter().copied(), &mut rest.iter().copied());
    if right >= WINDOW {
        let left = same(
            &mut before.iter().rev().copied(),
            &mut first.iter().rev().copied(),
        );
        ranges.push(at - left..at + right);
    }
    let (first, rest) = (&secret[..window + WINDOW], &secret[window + WINDOW..]);
    let right = same(
        &mut behind.iter().copied(),
        &mut first.iter().rev().copied(),
    );
    if right >= WINDOW {
        let left = same(&mut before.iter().rev().copied(), &mut rest.iter().copied());
        ranges.push(at - left..at + right);
    }
    ranges
}

/// Where the windows of a secret of this length begin.
fn offsets(length: usize) -> Vec<usize> {
    let last = length - WINDOW;
    let mut offsets: Vec<usize> = (0..=last)
        .step_by(WINDOW)
        .filter(|at| *at < DENSE || *at + DENSE >= length || at % STRIDE == 0)
        .collect();
    if offsets.last() != Some(&last) {
        offsets.push(last);
    }
    offsets
}

/// The bit of a key. Decoded by chance, most windows hold bytes that are not ASCII, as few secrets do: all these keys have
/// their bits in a small part of the filter, which stays in the processor's cache.
const fn filter_place(key: u64) -> (usize, u64) {
    const ASCII: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let bits = if key & !ASCII == 0 {
        FILTER_BITS
    } else {
        FILTER_BITS_OTHER
    };
    let bit = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits);
    let word = (bit >> 6) as usize;
    (word, 1 << (bit & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(secrets: &[&str]) -> Index {
        let mut index = Index::default();
        for secret in secrets {
            assert!(index.add(secret.as_bytes(), format!("<{secret}>"), |_| {}));
        }
        index
    }

    fn found(index: &Index, text: &str) -> Vec<String> {
        let found = index.find(text.as_bytes()).into_iter();
        found.map(|one| text[one.range].to_owned()).collect()
    }

    #[test]
    fn a_secret_is_found_whole_with_its_punctuation() {
        let index = index(&["(p+ss/wörd!)"]);
        assert_eq!(found(&index, "is (p+ss/wörd!), is"), ["(p+ss/wörd!)"]);
        assert_eq!(found(&index, "is P SS-Wö?RD is"), ["P SS-Wö?RD"]);
        assert_eq!(found(&index, "is P SS-WoRD is"), [""; 0]);
        assert_eq!(found(&index, "pss and wörd"), [""; 0]);
    }

    #[test]
    fn a_long_secret_is_found_by_any_telling_part_and_backwards() {
        let secret = "q3cZ5vY0uVnQmI1Jr0gS8pXhT2kLw7aB";
        let index = index(&[secret]);
        for part in [&secret[..16], &secret[5..25], &secret[16..]] {
            assert_eq!(found(&index, &format!("x {part} y")), [part]);
            let backwards: String = part.chars().rev().collect();
            assert_eq!(found(&index, &format!("x {backwards} y")), [backwards]);
        }
        assert_eq!(found(&index, &secret[..12]), [""; 0]);
    }

    #[test]
    fn nothing_of_a_very_long_secret_is_left() {
        let numbers: Vec<String> = (0..40).map(|n| format!("{:08x}", n * 7_919 + 1)).collect();
        let secret = numbers.concat();
        let index = index(&[&secret]);
        assert_eq!(
            found(&index, &format!("a {secret} b")),
            std::slice::from_ref(&secret)
        );
        let middle = &secret[100..180];
        assert_eq!(found(&index, middle), [middle]);
    }

    #[test]
    fn secrets_beside_each_other_are_all_found() {
        let index = index(&["token-alpha-1111", "token-alpha-2222", "bravo-charlie"]);
        let text = "token-alpha-2222token-alpha-1111,bravo-charlie";
        assert_eq!(
            found(&index, text),
            ["token-alpha-2222", "token-alpha-1111", "bravo-charlie"]
        );
    }

    #[test]
    fn a_set_that_is_full_says_so() {
        let mut index = Index::default();
        let mut number = 0_u64;
        while !index.is_full() {
            let secret = format!("{number:020}").repeat(400);
            assert!(index.add(secret.as_bytes(), String::new(), |_| {}));
            number += 1;
        }
        assert!(number > 1000, "{number}");
    }
}
