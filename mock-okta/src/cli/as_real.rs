//! Options of `mock-okta serve` about an org that looks like a real one.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use mock_okta::{Builder, MockOkta};

use super::private_file::write_private;

/// Environment variable of the API token, which keeps it out of process lists.
const TOKEN_VARIABLE: &str = "MOCK_OKTA_API_TOKEN";

/// Whether the org looks as a real one does from outside, and who may ask its management API.
#[derive(Debug, Args)]
#[command(next_help_heading = "A stand-in for a real org")]
pub(super) struct AsRealOptions {
    /// Look as a real org does from outside: https (see `--tls`), no test control, no internal codes, the rate limits of an
    /// Integrator Free org, refresh tokens that rotate, and the management API
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
}

impl AsRealOptions {
    pub(super) fn apply(&self, mut builder: Builder) -> Builder {
        // A variable that is empty is a mistake, which the start reports.
        let token = self.api_token.clone();
        let token = token.or_else(|| {
            std::env::var_os(TOKEN_VARIABLE).map(|token| token.to_string_lossy().into_owned())
        });
        if let Some(token) = token {
            builder = builder.api_token(token);
        }
        if let Some(number) = self.rate_limit {
            builder = builder.rate_limit(number);
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
