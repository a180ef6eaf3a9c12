//! What the server says when it breaks down over a request. The sentence that Rust would print may hold a token or a
//! key, unless it stands in the source as it is.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic;

/// From now on panics of this process are reported like this.
pub(super) fn install() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        super::say(&page(place.as_deref(), info.payload()));
        // Names of functions and places in the source, and only where RUST_BACKTRACE asks for them.
        let frames = Backtrace::capture();
        if frames.status() == BacktraceStatus::Captured {
            super::say(&frames.to_string());
        }
    }));
}

fn page(place: Option<&str>, payload: &dyn Any) -> String {
    let place = place.unwrap_or("a place unknown");
    let said = match payload.downcast_ref::<&'static str>() {
        Some(said) => format!(": {said}"),
        None => String::new(),
    };
    format!(
        "mock-okta: broke down at {place}{said}\nThis is a defect of the mock, please report it."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_together_when_it_breaks_down_is_not_shown() {
        let canary = "canary-of-a-panic";
        let caught = panic::catch_unwind(|| panic!("no key {canary}")).expect_err("a panic");
        let report = page(Some("src/a.rs:1:2"), &*caught);
        assert!(!report.contains("canary"), "{report}");
        assert!(
            report.starts_with("mock-okta: broke down at src/a.rs:1:2\n"),
            "{report}"
        );

        let caught = panic::catch_unwind(|| panic!("a map without a key")).expect_err("a panic");
        let report = page(None, &*caught);
        assert!(
            report.starts_with("mock-okta: broke down at a place unknown: a map without a key\n"),
            "{report}"
        );
    }
}
