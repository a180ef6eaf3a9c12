//! `mock-okta faults`

use std::fmt::Write as _;

use clap::Args;
use mock_okta::serde_json::json;
use mock_okta::{FaultKind, FaultParameter};

use super::print;

/// List what can happen to an answer on its way
///
/// Wire faults are what a network or a loaded server does: answers come late, broken, from a proxy, or not at all. Write
/// one as its id, with a value for its first parameter after `=` and further parameters after commas:
/// `mock-okta serve --fault delay=500,endpoint=token,next=3`. In a value `\,` is a comma. `POST /_mock/faults` adds one while
/// the org runs.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Print a JSON object in place of the list
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(&self) -> u8 {
        if self.json {
            let all: Vec<_> = FaultKind::ALL.into_iter().map(FaultKind::to_json).collect();
            let list = json!({ "faults": all, "selection": FaultKind::selection_to_json() });
            return print(&format!("{list:#}\n"));
        }
        let mut page = String::new();
        for kind in FaultKind::ALL {
            let _ = writeln!(page, "{kind}\n  {}\n  {}", kind.summary(), kind.effect());
            describe(kind.parameters(), &mut page);
        }
        page.push_str("\nEvery fault also takes these, which say to which requests it happens and how often:\n");
        describe(FaultKind::SELECTION, &mut page);
        print(&page)
    }
}

fn describe(parameters: &[FaultParameter], page: &mut String) {
    for one in parameters {
        let default = one
            .default
            .filter(|default| !default.is_empty())
            .map_or(String::new(), |default| format!(", {default} by default"));
        let _ = writeln!(
            page,
            "    {}: {}\n      {}{default}",
            one.name,
            one.meaning,
            one.form.describe()
        );
    }
}
