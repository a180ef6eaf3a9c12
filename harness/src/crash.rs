//! What is reported of a panic. A message that was put together when it happened may hold a token or a key, so only
//! messages that stand in the source as they are, are shown.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write as _;
use std::panic::{self, PanicHookInfo};

/// Stands for a message that may hold anything.
const WITHHELD: &str = "its message is withheld, for it may hold a secret";

/// The message of a panic, if it stands in the source.
pub fn message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or(WITHHELD)
}

/// From now on panics of this process are reported like this.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        // Whoever reads stderr may have gone away.
        let _ = std::io::stderr().write_all(page(info).as_bytes());
    }));
}

fn page(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map_or_else(String::new, |place| {
        format!(" at {}:{}", place.file(), place.line())
    });
    let said = message(info.payload());
    let frames = Backtrace::capture();
    let frames = if frames.status() == BacktraceStatus::Captured {
        format!("{frames}\n")
    } else {
        String::new()
    };
    format!(
        "atx: internal error{place}: {said}\n{frames}This is a defect of the harness, please report it; \
         RUST_BACKTRACE=1 shows how it came to this.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_shown_only_if_it_stands_in_the_source() {
        let secret = "canary-of-a-panic".to_owned();
        let said = |panicking: &dyn Fn()| {
            let caught = panic::catch_unwind(panic::AssertUnwindSafe(panicking)).unwrap_err();
            message(&*caught).to_owned()
        };
        assert_eq!(
            said(&|| panic!("a map without a key")),
            "a map without a key"
        );
        assert_eq!(said(&|| panic!("no key {secret}")), WITHHELD);
        assert_eq!(said(&|| panic::panic_any(7)), WITHHELD);
    }
}
