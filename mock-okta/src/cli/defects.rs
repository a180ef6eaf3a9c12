//! `mock-okta defects`

use std::fmt::Write as _;

use clap::Args;
use mock_okta::Defect;

use super::print;

/// List the ways in which the mock can go wrong on purpose
///
/// Switch one on with `mock-okta serve --defect ID`, or while it runs with `PUT /_mock/defects`, and see whether your
/// tests notice.
#[derive(Debug, Args)]
pub(super) struct List {}

impl List {
    #[expect(clippy::unused_self, reason = "as the other commands")]
    pub(super) fn run(&self) -> u8 {
        let mut page = String::new();
        for defect in Defect::all() {
            let _ = writeln!(page, "{defect}\n  {}", defect.summary());
        }
        print(&page)
    }
}
