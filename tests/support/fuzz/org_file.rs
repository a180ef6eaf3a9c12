//! The org file: read or refused, and a refusal tells no secret.

use mock_okta_core::behaviour::Edition;
use mock_okta_core::org::OrgFile;

use super::secrets::{self, Text};

/// Keys whose values are secrets.
const SECRETS: [&str; 4] = ["password:", "client_secret:", "private_key_pem:", "apikey:"];

pub fn run(input: &[u8]) -> bool {
    let file = Text::of(input, &SECRETS);
    let mut is_accepted = false;
    for edition in [Edition::E2025_10, Edition::E2026_10] {
        match OrgFile::from_yaml("org.yaml", &file.text, edition) {
            Ok(read) => {
                let shown = format!("{read:?}");
                assert!(!shown.is_empty());
                is_accepted = true;
            }
            Err(problems) => {
                file.is_kept_from(&problems);
                secrets::are_short(&problems);
            }
        }
    }
    is_accepted
}
