//! Words for a POSIX shell. What the shell makes of a word is the text that was meant, whatever is in it: nothing is
//! expanded but the variables that were meant, and no control character reaches the terminal it is pasted into.

use std::fmt::Write as _;

use super::pieces::Piece;
use crate::presentation::text::is_unsafe;

/// A text as one word.
pub(crate) fn quoted(text: &str) -> String {
    if !text.is_empty() && is_plain(text) {
        return text.to_owned();
    }
    literal(text)
}

/// Whether a shell takes a text as it is.
pub(crate) fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || "/._-+=:,@%".contains(c))
}

/// Pieces as one word.
pub(super) fn word(pieces: &[Piece]) -> String {
    let whole = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => Some(text.as_str()),
        Piece::Variable(_) => None,
    });
    if let Some(texts) = whole.collect::<Option<Vec<_>>>() {
        return quoted(&texts.concat());
    }
    // Where nothing but letters and signs without meaning stands around the variables, one pair of quotes is enough.
    let tame = pieces.iter().all(|piece| match piece {
        Piece::Text(text) => text
            .chars()
            .all(|c| is_plain(c.encode_utf8(&mut [0; 4])) || " ?&;#".contains(c)),
        Piece::Variable(_) => true,
    });
    if tame {
        return format!("\"{}\"", inside_quotes(pieces));
    }
    joined(pieces)
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => quoted(text),
            Piece::Variable(_) => format!("\"{}\"", inside_quotes(std::slice::from_ref(piece))),
        })
        .collect()
}

/// Texts that stand beside each other are one, so that they are quoted once.
fn joined(pieces: &[Piece]) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(text),
            _ => joined.push(piece.clone()),
        }
    }
    joined
}

fn inside_quotes(pieces: &[Piece]) -> String {
    let mut inner = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => inner.push_str(text),
            Piece::Variable(name) if ends_name(pieces.get(index + 1)) => {
                let _ = write!(inner, "${name}");
            }
            Piece::Variable(name) => {
                let _ = write!(inner, "${{{name}}}");
            }
        }
    }
    inner
}

/// Whether what follows a variable cannot be read as part of its name.
fn ends_name(next: Option<&Piece>) -> bool {
    match next {
        Some(Piece::Text(text)) => {
            !text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        }
        Some(Piece::Variable(_)) | None => true,
    }
}

/// In single quotes, where nothing has a meaning; what cannot be shown is written in octal and made by `printf`.
fn literal(text: &str) -> String {
    // A command substitution drops the line breaks at its end.
    let body = text.trim_end_matches('\n');
    let breaks = &text[body.len()..];
    let mut word = if body.chars().any(is_unsafe) {
        format!("\"$(printf %b '{}')\"", octal(body))
    } else if body.is_empty() && !breaks.is_empty() {
        String::new()
    } else {
        single(body)
    };
    if !breaks.is_empty() {
        word.push_str(&single(breaks));
    }
    word
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// For `printf %b`. The shell has no way to say the character NUL, which is left out.
fn octal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\0' => {}
            '\\' | '\'' => out.extend(format!("\\0{:03o}", u32::from(character)).chars()),
            _ if is_unsafe(character) => {
                let mut bytes = [0; 4];
                let bytes = character.encode_utf8(&mut bytes).bytes();
                out.extend(bytes.map(|byte| format!("\\0{byte:03o}")));
            }
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What a POSIX shell makes of words.
    fn parsed(words: &[String], variables: &[(&str, &str)]) -> Vec<String> {
        // A dot behind each, for a line break at the end of one must not be lost.
        let script = format!(
            "for word in {}; do printf '%s.\\0' \"$word\"; done",
            words.join(" ")
        );
        let output = Command::new("sh")
            .arg("-c")
            .arg(&script)
            .env_clear()
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert!(output.stderr.is_empty(), "{script}: {output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let words = text.split_terminator('\0');
        words
            .map(|word| word.strip_suffix('.').unwrap().to_owned())
            .collect()
    }

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("a/b.yaml"), "a/b.yaml");
        assert_eq!(quoted("my org's.yaml"), r"'my org'\''s.yaml'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("a\u{1b}[2J\\"), r#""$(printf %b 'a\0033[2J\0134')""#);
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_is_all_that_a_shell_expands() {
        let variable = || Piece::Variable("TOKEN".to_owned());
        let text = |text: &str| Piece::Text(text.to_owned());
        let words = [
            word(&[text("token="), variable(), text("&x")]),
            word(&[text("$(rm) `x` \"' "), variable(), text("!!\n")]),
            word(&[variable(), text("_a")]),
        ];
        assert_eq!(words[0], "\"token=$TOKEN&x\"");
        let secret = "a b'\"$HOME";
        assert_eq!(
            parsed(&words, &[("TOKEN", secret)]),
            [
                format!("token={secret}&x"),
                format!("$(rm) `x` \"' {secret}!!\n"),
                format!("{secret}_a"),
            ]
        );
    }

    #[cfg(unix)]
    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(48))]
        /// Many words a shell, for a shell is slow to start.
        #[test]
        fn a_shell_makes_of_a_word_what_was_meant(
            texts in proptest::collection::vec("([a-z\\\\ '\"$`!*?~\n\r\t\u{1b}\u{7f}%é;&|<>(){}#=-]|\\PC|[\u{1}-\u{1f}\u{202e}]){0,24}", 1..40)
        ) {
            let words: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            for word in &words {
                proptest::prop_assert!(!word.trim_end_matches(['\n', '\'']).chars().any(is_unsafe), "{word:?}");
            }
            proptest::prop_assert_eq!(parsed(&words, &[]), texts);
        }
    }
}
