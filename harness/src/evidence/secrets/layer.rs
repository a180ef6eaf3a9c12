//! Text, or what a stretch of it decodes to. Each byte knows which part of the text it comes from.

use std::ops::Range;

/// Decoded bytes; or the text itself.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) bytes: Vec<u8>,
    /// The part of the text that each byte comes from; `None` where these bytes are the text.
    origins: Option<Vec<(u32, u32)>>,
}

impl Layer {
    /// The text itself.
    pub(super) fn of(text: &str) -> Self {
        Self {
            bytes: text.as_bytes().to_vec(),
            origins: None,
        }
    }

    /// Nothing yet, to be filled with decoded bytes.
    pub(super) fn decoded(capacity: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(capacity),
            origins: Some(Vec::with_capacity(capacity)),
        }
    }

    /// Adds a byte that a range of another layer decodes to. The range is not empty.
    pub(super) fn push(&mut self, byte: u8, of: &Self, range: Range<usize>) {
        let origin = of.origin(range);
        self.bytes.push(byte);
        if let Some(origins) = &mut self.origins {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "texts are clipped far below 4 GiB before secrets are looked for"
            )]
            origins.push((origin.start as u32, origin.end as u32));
        }
    }

    /// The part of the text that a range of bytes comes from. The range is not empty.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        match &self.origins {
            None => range,
            Some(origins) => {
                // A stretch that is decoded backwards has its end first.
                let (first, last) = (origins[range.start], origins[range.end - 1]);
                first.0.min(last.0) as usize..first.1.max(last.1) as usize
            }
        }
    }
}
