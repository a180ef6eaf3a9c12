//! Two texts side by side with what differs marked.

use maud::{Markup, html};

/// Pieces compared one by one; longer texts are compared from both ends.
const MOST_PIECES: usize = 160;

/// Both texts, marked where they differ. Texts that have little in common are marked whole.
pub(super) fn sides(left: &str, right: &str) -> (Markup, Markup) {
    let (a, b) = (pieces(left), pieces(right));
    let (in_a, in_b) = if a.len() <= MOST_PIECES && b.len() <= MOST_PIECES {
        common(&a, &b)
    } else {
        ends(&a, &b)
    };
    let shared: usize = a
        .iter()
        .zip(&in_a)
        .filter(|(_, shared)| **shared)
        .map(|(piece, _)| piece.len())
        .sum();
    if shared * 4 < left.len().max(right.len()) {
        return (
            marked(&a, &vec![false; a.len()]),
            marked(&b, &vec![false; b.len()]),
        );
    }
    (marked(&a, &in_a), marked(&b, &in_b))
}

/// Words, and each other character by itself.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if is_word(first) {
            rest.find(|character| !is_word(character))
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Which pieces belong to a longest common subsequence.
fn common(a: &[&str], b: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let mut longest = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = if a[i] == b[j] {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            in_a[i] = true;
            in_b[j] = true;
            i += 1;
            j += 1;
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (in_a, in_b)
}

/// Common beginning and end.
fn ends(a: &[&str], b: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let tail = a[head..]
        .iter()
        .rev()
        .zip(b[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let shared = |length: usize| {
        (0..length)
            .map(|at| at < head || at >= length - tail)
            .collect()
    };
    (shared(a.len()), shared(b.len()))
}

/// Runs of what is not shared inside `mark`.
fn marked(pieces: &[&str], shared: &[bool]) -> Markup {
    let mut runs: Vec<(bool, String)> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        // A blank between two marked words belongs to the mark.
        let bridge = piece.trim().is_empty()
            && at > 0
            && !shared[at - 1]
            && shared.get(at + 1).is_some_and(|next| !next);
        let same = shared[at] && !bridge;
        match runs.last_mut() {
            Some((kind, text)) if *kind == same => text.push_str(piece),
            _ => runs.push((same, (*piece).to_owned())),
        }
    }
    html! {
        @for (same, text) in &runs {
            @if *same { (text) } @else { mark { (text) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(left: &str, right: &str) -> (String, String) {
        let (left, right) = sides(left, right);
        (left.into_string(), right.into_string())
    }

    #[test]
    fn what_differs_is_marked_and_nothing_else() {
        assert_eq!(
            shown("integer 400", "integer 200"),
            (
                "integer <mark>400</mark>".to_owned(),
                "integer <mark>200</mark>".to_owned()
            )
        );
        assert_eq!(
            shown(r#"{"a":1,"b":2}"#, r#"{"a":1,"b":3,"c":4}"#).1,
            "{&quot;a&quot;:1,&quot;b&quot;:<mark>3,&quot;c&quot;:4</mark>}"
        );
    }

    #[test]
    fn texts_that_share_nothing_are_marked_whole() {
        assert_eq!(
            shown("string <invalid_scope>", "nothing"),
            (
                "<mark>string &lt;invalid_scope&gt;</mark>".to_owned(),
                "<mark>nothing</mark>".to_owned()
            )
        );
        assert_eq!(shown("", "absent").1, "<mark>absent</mark>");
        assert_eq!(
            shown("same", "same"),
            ("same".to_owned(), "same".to_owned())
        );
    }

    #[test]
    fn a_long_text_is_compared_from_its_ends() {
        let long = "a ".repeat(MOST_PIECES);
        let (left, right) = (format!("{long}x {long}"), format!("{long}y {long}"));
        let (left, right) = shown(&left, &right);
        assert!(
            left.contains("<mark>x</mark>") && right.contains("<mark>y</mark>"),
            "{left}"
        );
        assert_eq!(left.matches("<mark>").count(), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_lost(left in "[ab <>&]{0,40}", right in "[ab <>&é]{0,40}") {
            for (shown, whole) in [(shown(&left, &right).0, left.clone()), (shown(&left, &right).1, right.clone())] {
                let plain = shown
                    .replace("<mark>", "").replace("</mark>", "")
                    .replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
                proptest::prop_assert_eq!(plain, whole);
            }
        }
    }
}
