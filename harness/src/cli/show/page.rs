//! The page that `atx show` fills: headings, paragraphs and two columns.

use anstyle::Style;

use crate::presentation::terminal::{FAINT, Look, STRONG};
use crate::presentation::text::{visible, width, wrap};

/// Text under construction.
pub(super) struct Page {
    look: Look,
    text: String,
}

/// Width of the left column, unless a name is longer.
const COLUMN: usize = 22;

impl Page {
    pub(super) const fn new(look: Look) -> Self {
        Self {
            look,
            text: String::new(),
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn title(&mut self, text: &str) {
        self.line(0, STRONG, &visible(text));
    }

    /// Begins a part of the page.
    pub(super) fn heading(&mut self, text: &str) {
        self.text.push('\n');
        self.line(0, STRONG, &text.to_uppercase());
    }

    /// Prose; an empty line in it begins another paragraph.
    pub(super) fn prose(&mut self, indent: usize, text: &str) {
        for (index, paragraph) in text.trim().split("\n\n").enumerate() {
            if index > 0 {
                self.text.push('\n');
            }
            let flowing = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
            for line in wrap(&visible(&flowing), self.look.width().saturating_sub(indent)) {
                self.line(indent, Style::new(), &line);
            }
        }
    }

    /// A name and what there is to say of it, in two columns.
    pub(super) fn row(&mut self, indent: usize, name: &str, value: &str) {
        let name = visible(name);
        let column = COLUMN.max(width(&name)) + 2;
        let lines = wrap(
            &visible(value),
            self.look.width().saturating_sub(indent + column),
        );
        for (index, line) in lines.iter().enumerate() {
            let name = if index == 0 { name.as_ref() } else { "" };
            let name = self.look.paint(FAINT, &format!("{name:column$}"));
            self.text
                .push_str(format!("{:indent$}{name}{line}", "").trim_end());
            self.text.push('\n');
        }
    }

    /// A name that stands out and what follows it, hanging behind its first line.
    pub(super) fn item(&mut self, indent: usize, name: &str, text: &str) {
        let name = visible(name);
        let hang = indent + 4;
        let width = self.look.width().saturating_sub(hang);
        // Wrapped with the name in it, then painted: an escape sequence has no width.
        let lines = wrap(&visible(&format!("{name}  {text}")), width);
        for (index, line) in lines.iter().enumerate() {
            let indent = if index == 0 { indent } else { hang };
            let painted = self.look.paint(STRONG, &name);
            let line = line.replacen(name.as_ref(), &painted, usize::from(index == 0));
            self.line(indent, Style::new(), &line);
        }
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    fn line(&mut self, indent: usize, style: Style, text: &str) {
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(&self.look.paint(style, text));
        self.text.push('\n');
    }
}
