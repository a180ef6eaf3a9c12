//! Just enough reading of Rust to see who names whom.

use std::collections::BTreeSet;

/// The code of a file: whole-line comments left out, so that prose may name what code may not.
pub fn code(text: &str) -> String {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// Top-level modules that code reaches through `root::…`, groups included.
pub fn modules_named(code: &str, root: &str) -> BTreeSet<String> {
    let path = format!("{root}::");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(&path) {
        if code[..at].ends_with(is_word) {
            continue;
        }
        let rest = code[at + path.len()..].trim_start();
        match rest.strip_prefix('{') {
            Some(group) => found.extend(members(group)),
            None => found.extend([word(rest)]),
        }
    }
    found.remove("");
    found
}

/// Whether code has a name as a whole word.
pub fn names(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        !code[..at].ends_with(is_word) && !code[at + name.len()..].starts_with(is_word)
    })
}

/// First words of a group's members; what is nested deeper belongs to the member before it.
fn members(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut found) = (1_usize, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == ',') {
            found.push(word(group[start..at].trim_start()));
            start = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| is_word(*c)).collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_in_paths_and_groups() {
        let text = "use crate::run::Runner;\nuse crate::{\n    check::{a, b},\n    jwt, value as v,\n};\nlet x = crate::target::T; // crate::late\n";
        let found: Vec<String> = modules_named(text, "crate").into_iter().collect();
        assert_eq!(found, ["check", "jwt", "late", "run", "target", "value"]);
    }

    #[test]
    fn another_root_is_not_taken_for_it() {
        assert!(modules_named("mycrate::run", "crate").is_empty());
    }

    #[test]
    fn comments_are_not_code() {
        assert!(!names(
            &code("//! about Exchange\nstruct ExchangeForm;\n"),
            "Exchange"
        ));
        assert!(names(&code("fn f(_: &Exchange) {}\n"), "Exchange"));
    }
}
