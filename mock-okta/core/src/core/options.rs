//! How a core is set up, and what requests are judged by at an instant.

use std::fmt;

use crate::control::Switched;
use crate::defect::Defects;
use crate::keys::Keyring;
use crate::org::{Org, UserId};
use crate::secret::Secret;
use crate::state::DEFAULT_MEMORY_BUDGET;
use crate::variation::Variations;

/// How a core is set up, apart from the org it holds.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is set by itself")]
pub struct Options {
    /// Where clients reach the org: scheme, host and port, without path or trailing slash.
    pub base_url: String,
    /// Fixes every id, `jti` and opaque token.
    pub seed: [u8; 32],
    /// Whether refusals carry `X-Mock-Okta-Code`.
    pub show_internal_codes: bool,
    /// Entries the journal keeps.
    pub journal_capacity: usize,
    /// Whether the journal keeps requests and answers as they were sent, secrets included.
    pub keeps_raw: bool,
    /// Bytes that everything may hold which lives between requests.
    pub memory_budget: usize,
    /// What goes wrong on purpose, to see whether a test notices. [`Core::set_defects`](super::Core::set_defects) changes it later.
    pub defects: Defects,
    /// Lawful ways to answer other than the usual ones. [`Core::set_variations`](super::Core::set_variations) changes them later.
    pub variations: Variations,
    /// Whom the authorization endpoint takes for signed in, for agents without a browser. A command changes it later.
    pub auto_sign_in: Option<UserId>,
    /// Whether the front page shows the passwords of the users, which nobody but testers should see.
    pub shows_passwords: bool,
    /// Whether the org has nothing of its own that Okta has not: no page about itself.
    pub as_real: bool,
    /// What a program shows to use the management API; without one the org has no such API.
    pub api_token: Option<Secret>,
    /// How many requests of each class are answered in a minute, in place of the numbers of the switch `rate_limits`.
    pub requests_per_minute: Option<u64>,
    /// How many ID-JAGs a user gets for a resource in a month, where the switch `id_jag_cap` counts them.
    pub id_jags_per_month: u64,
    /// What an org must keep beside the rules of the org file, because of whoever holds the core; it says what is wrong.
    /// An org that fails it cannot be configured.
    pub check: fn(&Org) -> Result<(), String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            base_url: "http://localhost".to_owned(),
            seed: [0; 32],
            show_internal_codes: true,
            journal_capacity: 10_000,
            keeps_raw: false,
            memory_budget: DEFAULT_MEMORY_BUDGET,
            defects: Defects::default(),
            variations: Variations::default(),
            auto_sign_in: None,
            shows_passwords: false,
            as_real: false,
            api_token: None,
            requests_per_minute: None,
            // Okta's reference of the AI agents API, "Create a resource connection".
            id_jags_per_month: 250,
            check: |_| Ok(()),
        }
    }
}

/// All private keys follow from the seed, so it is not shown.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("base_url", &self.base_url)
            .field("show_internal_codes", &self.show_internal_codes)
            .field("journal_capacity", &self.journal_capacity)
            .field("memory_budget", &self.memory_budget)
            .field("defects", &self.defects)
            .field("variations", &self.variations)
            .finish_non_exhaustive()
    }
}

/// What one request is judged by: an administrator's change makes the next snapshot.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The org as configured.
    pub org: Org,
    /// Its keys.
    pub keys: Keyring,
    /// What goes wrong on purpose.
    pub defects: Defects,
    /// Lawful ways to answer other than the usual ones.
    pub variations: Variations,
    /// Who was switched on or off since.
    pub switched: Switched,
    /// Whom the authorization endpoint takes for signed in.
    pub auto_sign_in: Option<UserId>,
}
