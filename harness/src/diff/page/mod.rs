//! A comparison as a page: on the console, in Markdown, as HTML.

mod console;
mod html;
mod markdown;

pub use console::console;
pub use html::page as html;
pub use markdown::markdown;

use super::model::Difference;
use super::subject::Seen;

/// What was seen on either side, in words: `300 in A, 3600 in B`, `only in B`.
fn seen(difference: &Difference) -> String {
    match (&difference.a, &difference.b) {
        (Some(a), Some(b)) => {
            let (a, b) = (a.to_string(), b.to_string());
            let between = if a.contains(',') || b.contains(',') {
                ';'
            } else {
                ','
            };
            format!("{a} in A{between} {b} in B")
        }
        (Some(a), None) => format!("only in A{}", plain(a)),
        (None, Some(b)) => format!("only in B{}", plain(b)),
        (None, None) => "in neither".to_owned(),
    }
}

/// That something is there is said already.
fn plain(seen: &Seen) -> String {
    match seen {
        Seen::Present => String::new(),
        Seen::Value(value) => format!(" ({value})"),
    }
}

#[cfg(test)]
mod tests;
