//! What a run may ask of a person, where the target file says `sign_in: {with: browser}`.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use super::deadline;
use crate::sign_in::{Asking, Pasted};
use crate::targets::{SignInWay, Target};

/// Options about the person at the browser.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct PersonOptions {
    /// Show the link of a sign-in, and open no browser
    #[arg(long)]
    no_browser: bool,

    /// How long a person may take to sign in, such as 90s or 10m [default: 5m]
    #[arg(long, value_parser = deadline::read, value_name = "TIME")]
    sign_in_timeout: Option<Duration>,

    /// How long a person may take to consent at a third party [default: 5m]
    #[arg(long, value_parser = deadline::read, value_name = "TIME")]
    consent_timeout: Option<Duration>,
}

impl PersonOptions {
    /// How long is waited for a consent.
    pub(super) fn consent_within(&self, usual: Duration) -> Duration {
        self.consent_timeout.unwrap_or(usual)
    }

    /// How this target's users are asked.
    pub(super) fn asking(&self, target: &Target, usual: &Asking) -> Asking {
        let way = &target.deployment().sign_in;
        let asks = matches!(way, Some(SignInWay::Browser(_))) && !target.is_offline();
        Asking {
            opens_browser: !self.no_browser,
            within: self.sign_in_timeout.unwrap_or(usual.within),
            timeout_option: usual.timeout_option,
            // Whatever a script feeds in is not meant for a run.
            pasted: (asks && io::stdin().is_terminal()).then(Pasted::from_stdin),
        }
    }
}
