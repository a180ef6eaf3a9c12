//! `mock-okta behaviours`

use clap::Args;
use mock_okta::{Behaviours, Edition, Switch, WITHOUT_SWITCH};

use super::{DONE, options, print_line};

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
        for switch in Behaviours::SWITCHES {
            show(switch, all.get(switch.name).unwrap_or(switch.default));
            print_line("");
        }
        print_line("Without a switch:");
        for open in WITHOUT_SWITCH {
            print_line(&format!(
                "  {}\n    {}\n    {}",
                open.name, open.question, open.reason
            ));
        }
        DONE
    }
}

fn show(switch: &Switch, default: &str) {
    print_line(switch.name);
    print_line(&format!("  {}", switch.question));
    let written = |choice: &str| {
        let mark = if choice == default { " (default)" } else { "" };
        format!("{choice}{mark}")
    };
    let widest = switch.choices.iter().map(|choice| written(choice).len());
    let width = widest.max().unwrap_or_default();
    for (choice, meaning) in switch.choices.iter().zip(switch.meanings) {
        print_line(&format!("    {:width$}  {meaning}", written(choice)));
    }
    print_line(&format!("  source: {}", switch.source));
}
