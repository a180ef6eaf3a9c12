//! `mock-okta behaviours`

use clap::Args;
use mock_okta::{Behaviours, Edition};

use super::{DONE, options, tell};

/// List what public sources leave open, and the choices there are
///
/// Where Okta's public documentation leaves a point open, the mock has a switch for it. Set one with
/// `mock-okta serve --behaviour name=value` or in the section `behaviours` of an org file.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Edition whose defaults are shown
    #[arg(long, value_parser = options::edition(), default_value = Edition::default().as_str())]
    edition: Edition,
}

impl List {
    pub(super) fn run(&self) -> u8 {
        let all = Behaviours::of(self.edition);
        for (index, switch) in Behaviours::SWITCHES.iter().enumerate() {
            if index > 0 {
                tell("");
            }
            let chosen = all.get(switch.name).unwrap_or(switch.default);
            let choices: Vec<String> = switch
                .choices
                .iter()
                .map(|choice| {
                    let mark = if *choice == chosen { " (default)" } else { "" };
                    format!("{choice}{mark}")
                })
                .collect();
            tell(switch.name);
            tell(&format!("  {}", switch.question));
            tell(&format!("  choices: {}", choices.join(", ")));
            tell(&format!("  source:  {}", switch.source));
        }
        DONE
    }
}
