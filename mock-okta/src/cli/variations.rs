//! `mock-okta variations`

use std::fmt::Write as _;

use clap::Args;
use mock_okta::Variation;

use super::print;

/// List the lawful ways in which the mock can answer otherwise
///
/// Switch one on with `mock-okta serve --variation ID`, or while it runs with `PUT /_mock/variations`, and see whether
/// your client and your tests bear it. Two of the same aspect exclude each other.
#[derive(Debug, Args)]
pub(super) struct List {}

impl List {
    #[expect(clippy::unused_self, reason = "as the other commands")]
    pub(super) fn run(&self) -> u8 {
        let mut page = String::new();
        for one in Variation::ALL {
            let (summary, reason) = (one.summary(), one.reason());
            let (source, aspect) = (one.source(), one.aspect());
            let profiles = one.profiles().join(", ");
            let _ = writeln!(
                page,
                "{one}\n  {summary}\n  {source}: {reason}\n  lawful under {profiles}; aspect {aspect}"
            );
        }
        print(&page)
    }
}
