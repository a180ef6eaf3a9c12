//! Where something stands in a file.

use std::fmt;

/// A stretch of the source: where it begins for people (line and column) and which bytes it covers for the
/// underline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// Offset of the first byte. First, so that places sort as they stand in the file.
    pub start: usize,
    /// Offset behind the last byte; never less than `start`.
    pub end: usize,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
}

impl Place {
    /// The place of a file as a whole: its first character.
    pub const START: Self = Self {
        start: 0,
        end: 0,
        line: 1,
        column: 1,
    };

    /// From the beginning of `self` to the end of `other`.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            end: other.end.max(self.start),
            ..self
        }
    }

    /// The bytes covered.
    pub fn bytes(self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}

/// `line:column`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spanned<T> {
    /// Where it was written.
    pub place: Place,
    /// What was written.
    pub value: T,
}

impl<T> Spanned<T> {
    /// Joins a value to its place.
    pub fn new(place: Place, value: T) -> Self {
        Self { place, value }
    }

    /// The same place with another value.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned {
            place: self.place,
            value: with(self.value),
        }
    }

    /// The same place with a borrow of the value.
    pub fn as_ref(&self) -> Spanned<&T> {
        Spanned {
            place: self.place,
            value: &self.value,
        }
    }
}

/// Finds line and column of a byte offset without walking the text each time.
#[derive(Debug)]
pub(crate) struct LineIndex<'t> {
    text: &'t str,
    /// Offset of the first byte of each line, as messages count lines.
    starts: Vec<usize>,
    /// The same as the scanner counts: in YAML a carriage return alone ends a line too (YAML 1.2.2 §5.4).
    scanned: Vec<usize>,
}

impl<'t> LineIndex<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        let bytes = text.as_bytes();
        let ends = |at: &usize| match bytes[*at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let scanned = (0..bytes.len()).filter(ends).map(|at| at + 1);
        Self {
            text,
            starts,
            scanned: std::iter::once(0).chain(scanned).collect(),
        }
    }

    /// The place of `start..end`, both moved to the nearest earlier character boundary inside the text.
    pub(crate) fn place(&self, start: usize, end: usize) -> Place {
        let start = self.boundary(start);
        let end = self.boundary(end).max(start);
        let line = self.starts.partition_point(|&at| at <= start);
        let line_start = self.starts[line - 1];
        let column = self.text[line_start..start].chars().count() + 1;
        Place {
            start,
            end,
            line,
            column,
        }
    }

    /// Offset of a column (0-based, in characters) on a line (1-based), as the scanner counts.
    pub(crate) fn offset(&self, line: usize, column: usize) -> usize {
        let Some(&start) = self.scanned.get(line.saturating_sub(1)) else {
            return self.text.len();
        };
        let end = self.scanned.get(line).copied().unwrap_or(self.text.len());
        self.text[start..end]
            .char_indices()
            .nth(column)
            .map_or(end, |(at, _)| start + at)
    }

    fn boundary(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}
