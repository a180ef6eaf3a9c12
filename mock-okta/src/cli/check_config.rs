//! `mock-okta check-config`

use std::path::PathBuf;

use clap::Args;
use mock_okta::{Edition, check_file};

use super::{WRONG_INPUT, options, print, say};

/// Check an org file and show every mistake in it
///
/// Exits with 0 when the file is right and with 2 when it is not. The format is documented by the file of the
/// default org: `mock-okta serve --print-config` shows it.
#[derive(Debug, Args)]
pub(super) struct CheckConfig {
    /// The org file
    file: PathBuf,
    /// Edition that the org is to follow
    #[arg(long, value_parser = options::edition(), default_value = Edition::default().as_str())]
    edition: Edition,
}

impl CheckConfig {
    pub(super) fn run(&self) -> u8 {
        match check_file(&self.file, self.edition) {
            Ok(()) => print(&format!("{} is right\n", self.file.display())),
            Err(error) => {
                say(&error.styled());
                WRONG_INPUT
            }
        }
    }
}
