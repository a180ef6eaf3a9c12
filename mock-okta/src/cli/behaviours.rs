//! `mock-okta behaviours`

use std::fmt::Write as _;

use clap::Args;
use mock_okta::{Behaviours, Edition, Switch, WITHOUT_SWITCH};

use super::{options, print};

/// List what public sources leave open, and the choices there are
///
/// Where Okta's public documentation leaves a point open, the mock has a switch for it. Set one with
/// `mock-okta serve --behaviour name=value` or in the section `behaviours` of an org file. Open questions without
/// a switch stand at the end, with the reason.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Edition whose defaults are shown
    #[arg(long, value_parser = options::edition(), default_value = Edition::default().as_str())]
    edition: Edition,
}

impl List {
    pub(super) fn run(&self) -> u8 {
        let all = Behaviours::of(self.edition);
        let mut page = String::new();
        for switch in Behaviours::SWITCHES {
            let default = all.get(switch.name).unwrap_or(switch.default);
            page.push_str(&described(switch, default));
            page.push('\n');
        }
        page.push_str("Without a switch:\n");
        for open in WITHOUT_SWITCH {
            let _ = writeln!(
                page,
                "  {}\n    {}\n    {}",
                open.name, open.question, open.reason
            );
        }
        print(&page)
    }
}

fn described(switch: &Switch, default: &str) -> String {
    let mut text = format!("{}\n  {}\n", switch.name, switch.question);
    let written = |choice: &str| {
        let mark = if choice == default { " (default)" } else { "" };
        format!("{choice}{mark}")
    };
    let widest = switch.choices.iter().map(|choice| written(choice).len());
    let width = widest.max().unwrap_or_default();
    for (choice, meaning) in switch.choices.iter().zip(switch.meanings) {
        let _ = writeln!(text, "    {:width$}  {meaning}", written(choice));
    }
    let _ = writeln!(text, "  source: {}", switch.source);
    text
}
