//! Options of `mock-okta serve` about an org that looks like a real one.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use mock_okta::{Builder, MockOkta};

use super::options;
use super::private_file::write_private;

/// Environment variable of the API token, which keeps it out of process lists.
const TOKEN_VARIABLE: &str = "MOCK_OKTA_API_TOKEN";

/// Whether the org looks as a real one does from outside, and who may ask its management API.
#[derive(Debug, Args)]
#[command(next_help_heading = "A stand-in for a real org")]
pub(super) struct AsRealOptions {
    /// Look as a real org does from outside: https (see `--tls`), no test control, no internal codes, the rate limits of an
    /// Integrator Free org, its 250 ID-JAGs a month, refresh tokens that rotate, and the management API
    #[arg(long, conflicts_with_all = ["control_token", "target_out"])]
    as_real: bool,
    /// With `--as-real`: write what somebody needs to work with the org into this directory once it listens; only the owner may
    /// read the files. README.txt says what they are
    #[arg(long, value_name = "DIR", requires = "as_real")]
    as_real_out: Option<PathBuf>,
    /// Token of the management API (`Authorization: SSWS TOKEN`), which the org has then; with `--as-real` one is made unless it
    /// is given. The environment variable `MOCK_OKTA_API_TOKEN` does the same, and is not seen in process lists
    #[arg(long, value_name = "TOKEN")]
    api_token: Option<String>,
    /// Answer so many requests in a minute, for each class of endpoints, and 429 beyond; in place of the numbers of the behaviour
    /// `rate_limits`
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    rate_limit: Option<u32>,
    /// Issue so many ID-JAGs for each user, resource and month, where the behaviour `id_jag_cap` counts them, as it does with
    /// `--as-real`; 250 unless this says otherwise
    #[arg(long, value_name = "NUMBER")]
    id_jags_per_month: Option<u32>,
}

impl AsRealOptions {
    pub(super) fn apply(&self, mut builder: Builder) -> Builder {
        if let Some(token) = options::given_or_in(self.api_token.as_ref(), TOKEN_VARIABLE) {
            builder = builder.api_token(token);
        }
        if let Some(number) = self.rate_limit {
            builder = builder.rate_limit(number);
        }
        if let Some(number) = self.id_jags_per_month {
            builder = builder.id_jags_per_month(number);
        }
        if self.as_real {
            builder = builder.as_real();
        }
        builder
    }

    /// Writes what was asked for.
    ///
    /// # Errors
    /// What cannot be written, and why.
    pub(super) fn write_files(&self, okta: &MockOkta) -> Result<(), (String, io::Error)> {
        let Some(folder) = &self.as_real_out else {
            return Ok(());
        };
        let failed = |path: &Path, error| (format!("cannot write {}", path.display()), error);
        std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        for file in okta.hand_over() {
            let path = folder.join(file.name);
            write_private(&path, file.text.reveal()).map_err(|error| failed(&path, error))?;
        }
        Ok(())
    }
}
