//! `mock-okta schema`

use clap::Args;
use mock_okta::org_schema;

use super::print;

/// Print the JSON Schema of org files, for editors
///
/// It says which keys and words there are; `mock-okta check-config` also says whether what refers to something is right.
#[derive(Debug, Args)]
pub(super) struct Schema {}

impl Schema {
    #[expect(clippy::unused_self, reason = "as the other commands")]
    pub(super) fn run(&self) -> u8 {
        print(&format!("{:#}\n", org_schema()))
    }
}
