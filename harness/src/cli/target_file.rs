//! Which target file a command reads: the one that `--target` names, else the one that `ATX_TARGET` names, else `atx.yaml` in the
//! current folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{Trouble, style};
use crate::presentation::curl::shell::quoted;

/// The environment variable that names a target file.
pub(super) const VARIABLE: &str = "ATX_TARGET";
/// The target file of a folder. `atx init` writes it.
pub(super) const DEFAULT: &str = "atx.yaml";

/// The options by which a command that can start a mock org chooses its target.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct TargetOptions {
    /// A file that describes the org to test, as `atx init` or `mock-okta serve --target-out` writes it [default: the file
    /// that `ATX_TARGET` names, else `atx.yaml` in this folder; where there is neither, a mock org is started]
    #[arg(long, value_name = "FILE")]
    pub(super) target: Option<PathBuf>,

    /// Start a mock org, whatever `ATX_TARGET` and `atx.yaml` say
    #[arg(long, conflicts_with = "target")]
    pub(super) mock: bool,
}

impl TargetOptions {
    /// The same with the file that is read. Where the command line does not name it, a line on stderr says which it is and why.
    #[must_use]
    pub(super) fn resolved(&self) -> Self {
        if self.mock {
            return self.clone();
        }
        let target = look_up(
            self.target.as_deref(),
            "; with --mock a mock org is started instead",
        );
        Self {
            target,
            mock: false,
        }
    }

    /// As they are written to choose the same target again, with a leading space.
    pub(super) fn again(&self) -> String {
        match &self.target {
            Some(file) => format!(" --target {}", quoted(&file.display().to_string())),
            None if self.mock => " --mock".to_owned(),
            None => String::new(),
        }
    }
}

/// The target file of a command that is about one. Where the command line does not name it, a line on stderr says which it is
/// and why.
///
/// # Errors
/// When nothing names one; the message says what to do.
pub(super) fn required(named: Option<&Path>) -> Result<PathBuf, Trouble> {
    look_up(named, "").ok_or_else(|| Trouble::Usage {
        why: "this command needs a target file".to_owned(),
        help: format!(
            "name one with --target FILE or {VARIABLE}, or let `atx init` write {DEFAULT} into this folder"
        ),
    })
}

/// Asks the process and the current folder.
fn look_up(named: Option<&Path>, otherwise: &str) -> Option<PathBuf> {
    let is_here = Path::new(DEFAULT).is_file();
    let (file, named_by) = choose(named, std::env::var_os(VARIABLE), is_here)?;
    let why = match named_by {
        NamedBy::Option => return Some(file),
        NamedBy::Variable => format!("{VARIABLE} names it"),
        NamedBy::Folder => "it is in this folder".to_owned(),
    };
    style::to_stderr(&format!(
        "note: the target file is {}: {why}{otherwise}\n",
        file.display()
    ));
    Some(file)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NamedBy {
    Option,
    Variable,
    Folder,
}

/// An empty variable names nothing, as a shell has no handier way to take one back.
fn choose(
    named: Option<&Path>,
    variable: Option<OsString>,
    is_here: bool,
) -> Option<(PathBuf, NamedBy)> {
    if let Some(file) = named {
        return Some((file.to_owned(), NamedBy::Option));
    }
    if let Some(file) = variable.filter(|file| !file.is_empty()) {
        return Some((file.into(), NamedBy::Variable));
    }
    is_here.then(|| (DEFAULT.into(), NamedBy::Folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_comes_first_then_the_variable_then_the_folder() {
        let found = |named: Option<&str>, variable: Option<&str>, is_here| {
            let chosen = choose(named.map(Path::new), variable.map(Into::into), is_here);
            chosen.map(|(file, named_by)| (file.display().to_string(), named_by))
        };
        for (named, variable, is_here, expected) in [
            (
                Some("a.yaml"),
                Some("b.yaml"),
                true,
                Some(("a.yaml", NamedBy::Option)),
            ),
            (
                None,
                Some("b.yaml"),
                true,
                Some(("b.yaml", NamedBy::Variable)),
            ),
            (None, Some(""), true, Some(("atx.yaml", NamedBy::Folder))),
            (None, None, true, Some(("atx.yaml", NamedBy::Folder))),
            (None, Some(""), false, None),
            (None, None, false, None),
        ] {
            let expected = expected.map(|(file, named_by)| (file.to_owned(), named_by));
            assert_eq!(found(named, variable, is_here), expected);
        }
    }

    #[test]
    fn the_same_target_is_named_again() {
        let options = |target: Option<&str>, mock| TargetOptions {
            target: target.map(PathBuf::from),
            mock,
        };
        assert_eq!(
            options(Some("my org's.yaml"), false).again(),
            r" --target 'my org'\''s.yaml'"
        );
        assert_eq!(options(None, true).again(), " --mock");
        assert_eq!(options(None, false).again(), "");
        assert!(options(None, true).resolved().mock);
    }
}
