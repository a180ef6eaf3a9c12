//! The target file: read or refused, and a refusal tells no secret, neither one in the file nor one that it refers to.

use std::path::Path;

use harness::targets::config::{self, Sources};

use super::secrets::{self, Text};

/// The key in front of a secret that stands in the file.
const SECRETS: [&str; 1] = ["value:"];

/// What every environment variable holds.
const IN_ENVIRONMENT: &str = "c4n4ry-environment-Vb3kZr8N";

pub fn run(input: &[u8]) -> bool {
    let file = Text::of(input, &SECRETS);
    // A folder that is not there: what an input names must not be opened on the machine that tries it.
    let sources = Sources {
        folder: Path::new("no-such-folder"),
        environment: &|_| Some(IN_ENVIRONMENT.to_owned()),
    };
    if names_an_absolute_path(&file.text) {
        return false;
    }
    match config::parse("target.yaml", &file.text, &sources) {
        Ok(deployment) => {
            let shown = format!("{deployment:?}");
            assert!(!shown.contains(IN_ENVIRONMENT), "a secret is shown");
            true
        }
        Err(problems) => {
            file.is_kept_from(&problems);
            secrets::keeps(IN_ENVIRONMENT, &problems);
            secrets::are_short(&problems);
            false
        }
    }
}

/// `{file: /dev/zero}` would be read: the words behind `file` do not begin with a slash, plain, quoted or escaped.
fn names_an_absolute_path(text: &str) -> bool {
    let mut behind = text.split("file").skip(1);
    behind.any(|rest| {
        let value = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !"/\\~.".contains(c));
        !value.starts_with(|c: char| c.is_alphanumeric())
    })
}
