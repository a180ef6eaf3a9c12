//! Edits a YAML list of maps in place: what is not touched stays as it stands, byte for byte.

use std::fmt::Write as _;
use std::ops::Range;

use strict_yaml::{Document, Node, Value};

/// Replacements in a text, collected while the places that the reader gave still hold.
pub(super) struct Edits<'d> {
    document: &'d Document,
    list: Vec<(Range<usize>, String)>,
}

/// The text is laid out in a way that cannot be edited line by line.
#[derive(Debug)]
pub(super) struct Unusual;

impl<'d> Edits<'d> {
    pub(super) fn new(document: &'d Document) -> Result<Self, Unusual> {
        let edits = Self {
            document,
            list: Vec::new(),
        };
        if edits.is_flow(&document.root) && !edits.entries().is_empty() {
            return Err(Unusual);
        }
        Ok(edits)
    }

    /// The items of the list.
    pub(super) fn entries(&self) -> &'d [Node] {
        self.document.root.as_seq().unwrap_or_default()
    }

    /// Takes an entry out, with what stands inside it. Comments above it stay: only their author knows whether they
    /// are about this entry alone.
    pub(super) fn remove(&mut self, entry: &Node) -> Result<(), Unusual> {
        let mut lines = self.lines(entry)?;
        // The blank line that set it apart goes too, where another remains.
        let before = &self.text()[..lines.start];
        let after = &self.text()[lines.end..];
        let set_apart = before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n");
        if set_apart {
            lines.end += blank_line(after);
        }
        self.list.push((lines, String::new()));
        Ok(())
    }

    /// Puts another value where a plain or quoted one stands.
    pub(super) fn replace(&mut self, value: &Node, with: &str) {
        self.list.push((value.place.bytes(), with.to_owned()));
    }

    /// Makes a list of words hold these, in brackets or with a line each as it was.
    pub(super) fn replace_list(&mut self, list: &Node, words: &[String]) -> Result<(), Unusual> {
        if self.is_flow(list) {
            let range = list.place.start..self.end(list)?;
            self.list.push((range, format!("[{}]", words.join(", "))));
            return Ok(());
        }
        let items = list.as_seq().unwrap_or_default();
        let kept = |item: &Node| {
            item.as_str()
                .is_some_and(|text| words.iter().any(|word| word == text))
        };
        let bottom = items.last().ok_or(Unusual)?;
        let indent = self.indent(bottom)?;
        let end = self.lines(bottom)?.end;
        for item in items.iter().filter(|item| !kept(item)) {
            let lines = self.lines(item)?;
            self.list.push((lines, String::new()));
        }
        let held: Vec<&str> = items.iter().filter_map(Node::as_str).collect();
        let mut new = String::new();
        for word in words.iter().filter(|word| !held.contains(&word.as_str())) {
            let _ = writeln!(new, "{indent}- {word}");
        }
        self.insert(end, &new);
        Ok(())
    }

    /// Adds entries behind all others. Each is given as if it stood at the margin.
    pub(super) fn append(&mut self, entries: &[String]) -> Result<(), Unusual> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut indent = String::new();
        let mut at = self.text().len();
        let mut apart = true;
        if let Some((last, others)) = self.entries().split_last() {
            indent = self.indent(last)?;
            let end = self.lines(last)?.end;
            // A comment at the end of the file is more likely about what is above it than about what comes new.
            if !only_comments(&self.text()[end..]) {
                at = end;
            }
            if let Some(other) = others.last() {
                let between = self.lines(other)?.end..self.lines(last)?.start;
                apart = has_blank_line(&self.text()[between]);
            }
        } else if self.is_flow(&self.document.root) {
            let root = &self.document.root;
            let range =
                line_start(self.text(), root.place.start)..line_end(self.text(), self.end(root)?);
            at = range.end;
            self.list.push((range, String::new()));
        }
        let mut new = String::new();
        let mut gap = apart && !ends_blank(&self.text()[..at]);
        for entry in entries {
            if gap {
                new.push('\n');
            }
            for line in entry.lines() {
                new.push_str(&indent);
                new.push_str(line);
                new.push('\n');
            }
            gap = apart;
        }
        self.insert(at, &new);
        Ok(())
    }

    /// The text with all replacements made.
    pub(super) fn finish(mut self) -> String {
        self.list.sort_by_key(|(range, _)| (range.start, range.end));
        let text = self.text();
        let mut edited = String::with_capacity(text.len());
        let mut at = 0;
        for (range, with) in &self.list {
            edited.push_str(text.get(at..range.start).unwrap_or_default());
            edited.push_str(with);
            at = at.max(range.end);
        }
        edited.push_str(&text[at..]);
        edited
    }

    fn text(&self) -> &'d str {
        &self.document.text
    }

    fn is_flow(&self, node: &Node) -> bool {
        self.text()[node.place.start..].starts_with(['[', '{'])
    }

    /// Whole lines, put in before the line at an offset. The file's own line breaks, and none at its end if it has none.
    fn insert(&mut self, at: usize, lines: &str) {
        if lines.is_empty() {
            return;
        }
        let text = self.text();
        let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let lines = lines.replace('\n', line_break);
        let unended = at == text.len() && !text.is_empty() && !text.ends_with('\n');
        let lines = if unended {
            format!(
                "{line_break}{}",
                lines.strip_suffix(line_break).unwrap_or(&lines)
            )
        } else {
            lines
        };
        self.list.push((at..at, lines));
    }

    /// The lines of a list's item, from that of its dash to that of its last character.
    fn lines(&self, item: &Node) -> Result<Range<usize>, Unusual> {
        let text = self.text();
        let start = line_start(text, self.dash(item)?);
        let last = text[..self.end(item)?].trim_end().len();
        Ok(start..line_end(text, last.max(item.place.start)))
    }

    /// The end of a value. The scanner's span of one in brackets may take in what follows, up to the next token.
    fn end(&self, node: &Node) -> Result<usize, Unusual> {
        if !self.is_flow(node) {
            let last = match &node.value {
                Value::Seq(items) => items.last(),
                Value::Map(map) => map.entries.last().map(|entry| &entry.value),
                _ => None,
            };
            return last.map_or(Ok(node.place.end), |last| self.end(last));
        }
        let (last, key) = match &node.value {
            Value::Seq(items) => (items.last(), None),
            Value::Map(map) => {
                let last = map.entries.last();
                (
                    last.map(|entry| &entry.value),
                    last.map(|entry| entry.key.place.end),
                )
            }
            // A plain word does not begin with a bracket.
            _ => return Ok(node.place.end),
        };
        // A key without a value has a value that stands nowhere.
        let inner = last.map_or(Ok(node.place.start + 1), |last| self.end(last))?;
        let mut at = inner.max(key.unwrap_or(0));
        loop {
            let rest = &self.text()[at..];
            match rest.chars().next() {
                Some(']' | '}') => return Ok(at + 1),
                Some('#') => at = line_end(self.text(), at),
                Some(c) if c.is_whitespace() || c == ',' => at += c.len_utf8(),
                _ => return Err(Unusual),
            }
        }
    }

    /// What stands before the dash of a list's item.
    fn indent(&self, item: &Node) -> Result<String, Unusual> {
        let dash = self.dash(item)?;
        Ok(self.text()[line_start(self.text(), dash)..dash].to_owned())
    }

    /// Between a dash and its value stand only blanks, line breaks and comments.
    fn dash(&self, item: &Node) -> Result<usize, Unusual> {
        let text = self.text();
        let mut end = item.place.start;
        loop {
            let start = line_start(text, end);
            let line = &text[start..end];
            let trimmed = line.trim_start();
            if trimmed.starts_with('-') {
                return Ok(start + line.len() - trimmed.len());
            }
            let nothing = trimmed.is_empty() || trimmed.starts_with('#');
            if !nothing || start == 0 {
                return Err(Unusual);
            }
            end = start - 1;
        }
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |found| found + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |found| at + found + 1)
}

/// Length of the blank line that a text begins with, if it does.
fn blank_line(text: &str) -> usize {
    let line = &text[..line_end(text, 0)];
    if line.trim().is_empty() {
        line.len()
    } else {
        0
    }
}

fn only_comments(text: &str) -> bool {
    text.lines()
        .map(str::trim_start)
        .all(|line| line.is_empty() || line.starts_with('#'))
}

fn has_blank_line(text: &str) -> bool {
    text.lines().any(|line| line.trim().is_empty())
}

fn ends_blank(text: &str) -> bool {
    text.lines()
        .next_back()
        .is_none_or(|line| line.trim().is_empty())
}
