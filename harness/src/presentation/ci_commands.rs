//! Commands that CI systems read out of the log of a step. A target must not be able to give one.
//!
//! GitHub takes a line that begins with `::`, whatever white space stands before it, and `##[…]` wherever it stands; Azure
//! takes `##vso[…]`, and `TeamCity` `##teamcity[…]`.

use std::borrow::Cow;

/// Text in which nothing is a command: the first character of one is written as its code.
pub(crate) fn disarmed(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let lines = text.split('\n').map(line);
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

fn line(line: &str) -> Cow<'_, str> {
    let begins = beginning(line);
    let line = match line[begins..].strip_prefix("::") {
        Some(rest) => Cow::Owned(format!("{}\\u{{3a}}:{rest}", &line[..begins])),
        None => Cow::Borrowed(line),
    };
    if line.contains("##") {
        return Cow::Owned(replaced(&line, "\\u{23}#"));
    }
    line
}

/// JSON that means the same and holds no such command.
pub(crate) fn disarmed_json(json: String) -> String {
    if json.contains("##") {
        return replaced(&json, "\\u0023#");
    }
    json
}

/// XML that means the same and holds no such command.
pub(crate) fn disarmed_xml(xml: String) -> String {
    if xml.contains("##") {
        return replaced(&xml, "&#35;#");
    }
    xml
}

/// `##` before a letter or a bracket; headings of Markdown have a space there.
fn replaced(text: &str, instead: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find("##") {
        let behind = &rest[at + 2..];
        safe.push_str(&rest[..at]);
        if behind.starts_with(|next: char| next == '[' || next.is_ascii_alphabetic()) {
            safe.push_str(instead);
            rest = behind;
        } else {
            safe.push('#');
            rest = &rest[at + 1..];
        }
    }
    safe.push_str(rest);
    safe
}

/// Where the text of a line begins: behind white space and behind the codes that colour it.
fn beginning(line: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let space = rest.len() - rest.trim_start().len();
        at += space;
        let Some(code) = line[at..].strip_prefix("\u{1b}[") else {
            return at;
        };
        let Some(end) = code.find(|c: char| c.is_ascii_alphabetic()) else {
            return at;
        };
        at += "\u{1b}[".len() + end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_begins_a_command_and_none_stands_anywhere() {
        for (text, expected) in [
            ("::error file=a::b", "\\u{3a}:error file=a::b"),
            ("a\n  ::stop-commands::x", "a\n  \\u{3a}:stop-commands::x"),
            ("\u{1b}[1m ::add-mask::x", "\u{1b}[1m \\u{3a}:add-mask::x"),
            ("see ##[error]x", "see \\u{23}#[error]x"),
            ("###[group]a", "#\\u{23}#[group]a"),
            ("##vso[task.setvariable]x", "\\u{23}#vso[task.setvariable]x"),
            ("## A title\n### Another", "## A title\n### Another"),
            ("std::fmt is a::path", "std::fmt is a::path"),
        ] {
            assert_eq!(disarmed(text), expected);
        }
    }

    #[test]
    fn json_and_xml_mean_the_same() {
        let json = serde_json::json!({"a": "##[error]x ## ##vso[y]"}).to_string();
        let safe = disarmed_json(json.clone());
        assert!(!safe.contains("##[") && !safe.contains("##vso"), "{safe}");
        let read = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        assert_eq!(read(&safe), read(&json));
        assert_eq!(disarmed_xml("<a>##[b]</a>".into()), "<a>&#35;#[b]</a>");
    }
}
