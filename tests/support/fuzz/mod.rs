//! What becomes of the input of a fuzz target: one plain function each. libFuzzer calls it with what it makes up
//! (`fuzz/`), and `cargo test` with the committed corpus, so that a fault once found stays found.
//!
//! A function panics when an invariant does not hold. Time and memory are limited by whoever calls it.

mod authorize;
mod forms;
mod http_text;
mod jwts;
mod org_file;
mod report;
mod scenario;
mod secrets;
mod target_file;
mod token;

/// A fuzz target. Its corpus is in `fuzz/corpus/NAME/`.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// What cargo-fuzz calls it.
    pub name: &'static str,
    /// Judges an input. Whether it was accepted: a corpus in which nothing is tries little.
    pub run: fn(&[u8]) -> bool,
}

/// Every target.
pub const TARGETS: [Target; 8] = [
    Target {
        name: "authorize",
        run: authorize::run,
    },
    Target {
        name: "forms",
        run: forms::run,
    },
    Target {
        name: "jwts",
        run: jwts::run,
    },
    Target {
        name: "org_file",
        run: org_file::run,
    },
    Target {
        name: "report",
        run: report::run,
    },
    Target {
        name: "scenario",
        run: scenario::run,
    },
    Target {
        name: "target_file",
        run: target_file::run,
    },
    Target {
        name: "token",
        run: token::run,
    },
];

/// Judges an input of the target of this name.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    let _ = (target.expect("a target of this name").run)(input);
}
