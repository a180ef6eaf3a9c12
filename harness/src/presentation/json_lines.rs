//! JSON that people can diff: indented down to a depth, and on one line below it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

/// `value` with containers down to `depth` indented; each deeper one is a single line. Ends with a line break.
pub(crate) fn to_string(value: &impl Serialize, depth: usize) -> serde_json::Result<String> {
    let mut text = Vec::new();
    let lines = Lines {
        pretty: PrettyFormatter::new(),
        depth,
        open: 0,
    };
    value.serialize(&mut Serializer::with_formatter(&mut text, lines))?;
    text.push(b'\n');
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

struct Lines {
    pretty: PrettyFormatter<'static>,
    depth: usize,
    /// Containers that are open.
    open: usize,
}

impl Lines {
    const fn is_deep(&self) -> bool {
        self.open > self.depth
    }
}

/// `[1, 2]` and `{"a": 1}` below the depth; the pretty form above it.
impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open += 1;
        if self.is_deep() {
            out.write_all(b"[")
        } else {
            self.pretty.begin_array(out)
        }
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        let deep = self.is_deep();
        self.open -= 1;
        if deep {
            out.write_all(b"]")
        } else {
            self.pretty.end_array(out)
        }
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if self.is_deep() {
            separate(out, first)
        } else {
            self.pretty.begin_array_value(out, first)
        }
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.is_deep() {
            Ok(())
        } else {
            self.pretty.end_array_value(out)
        }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open += 1;
        if self.is_deep() {
            out.write_all(b"{")
        } else {
            self.pretty.begin_object(out)
        }
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        let deep = self.is_deep();
        self.open -= 1;
        if deep {
            out.write_all(b"}")
        } else {
            self.pretty.end_object(out)
        }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if self.is_deep() {
            separate(out, first)
        } else {
            self.pretty.begin_object_key(out, first)
        }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.is_deep() {
            Ok(())
        } else {
            self.pretty.end_object_value(out)
        }
    }
}

fn separate<W: ?Sized + Write>(out: &mut W, first: bool) -> io::Result<()> {
    if first { Ok(()) } else { out.write_all(b", ") }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_is_deep_is_one_line() {
        let value = json!({ "a": [{ "b": [1, { "c": [] }], "d": {} }, []], "e": "x" });
        let text = to_string(&value, 2).unwrap();
        assert_eq!(
            text,
            "{\n  \"a\": [\n    {\"b\": [1, {\"c\": []}], \"d\": {}},\n    []\n  ],\n  \"e\": \"x\"\n}\n"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert_eq!(
            to_string(&value, 99).unwrap(),
            serde_json::to_string_pretty(&value).unwrap() + "\n"
        );
    }
}
