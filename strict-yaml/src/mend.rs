//! How to correct the mistakes of syntax that people make.

use crate::Place;

/// A hint for a syntax error at a place, if it looks like a known slip.
pub(crate) fn syntax(text: &str, place: Place, info: &str) -> Option<&'static str> {
    let line_start = text[..place.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    if line.starts_with(|c: char| c.is_whitespace())
        && line.trim_start_matches(' ').starts_with('\t')
    {
        return Some("indent with spaces: YAML does not take tabs");
    }
    let in_flow = line
        .find("${")
        .is_some_and(|at| line[..at].contains(['{', '[']));
    if in_flow || (info.contains("flow") && line.contains("${")) {
        return Some("inside { } and [ ] put a reference in quotes: \"${…}\"");
    }
    if info.contains("illegal placement of ':'") {
        return Some("is a `[`, `{` or quote above not closed?");
    }
    if info.contains("mapping values are not allowed") {
        return Some("check the indentation, and put a value that contains `: ` in quotes");
    }
    None
}
