//! The command `atx` as a user meets it: exit code, stdout and stderr.

mod again;
mod baseline;
mod diff;
mod judging;
mod keys;
mod printing;
mod reading;
mod robust;
mod strict;
mod talking;
mod wrong_input;

use std::path::Path;
use std::process::{Command, Output};

use conformance_tests::binary;
use mock_okta::{Defect, MockOkta, Refusal};
use tempfile::TempDir;

/// A folder in which `atx` runs, and what it is told.
pub struct Terminal {
    folder: TempDir,
}

impl Terminal {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Where it runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file below the folder.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.folder().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        std::fs::write(&path, text).expect("it can be written");
        // Some of them hold secrets, and `atx` warns of those that others can read.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let owners_alone = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(&path, owners_alone).expect("its mode can be set");
        }
    }

    /// `atx` with arguments, ready to run: no colour, a width that is always the same.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary::path("atx"));
        command
            .args(arguments)
            .current_dir(self.folder())
            .env("NO_COLOR", "1")
            .env("COLUMNS", "100")
            .env_remove("ATX_TARGET");
        command
    }

    /// Runs it.
    pub fn atx(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("atx runs")
    }

    /// Everything it says, as a snapshot.
    pub fn transcript(&self, arguments: &[&str]) -> String {
        let output = self.atx(arguments);
        let text = |bytes: &[u8]| steady(&String::from_utf8_lossy(bytes));
        format!(
            "$ atx {}\n--- exit {}\n--- stdout\n{}--- stderr\n{}",
            arguments.join(" "),
            output.status.code().expect("it was not killed"),
            text(&output.stdout),
            text(&output.stderr),
        )
    }
}

/// An org that redeems an ID-JAG twice, and a folder with its target file.
pub fn replaying() -> (Terminal, MockOkta) {
    let terminal = Terminal::new();
    let org = MockOkta::builder()
        .defect(Defect::Mute(Refusal::IdJagReplayed))
        .start_blocking()
        .expect("an org");
    terminal.write("target.yaml", &org.target_file());
    (terminal, org)
}

/// Durations and ports differ from run to run.
fn steady(text: &str) -> String {
    let mut settings = String::with_capacity(text.len());
    for line in text.lines() {
        settings.push_str(&ports(&durations(line)));
        settings.push('\n');
    }
    settings
}

/// `1.2 s` and `340 ms` become `[time]`.
fn durations(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let unit = word.trim_end_matches([')', ',', '.', ':', ';']);
        let number = out.last().is_some_and(|last| {
            let last = last.trim_start_matches('(');
            !last.is_empty() && last.chars().all(|c| c.is_ascii_digit() || c == '.')
        });
        if number && ["s", "ms", "min"].contains(&unit) {
            let kept = out.pop().unwrap_or_default();
            let open = if kept.starts_with('(') { "(" } else { "" };
            out.push(format!("{open}[time]{}", &word[unit.len()..]));
        } else {
            out.push(word.to_owned());
        }
    }
    out.join(" ")
}

/// `127.0.0.1:40123` becomes `127.0.0.1:[port]`.
fn ports(line: &str) -> String {
    let mut parts = line.split("127.0.0.1:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("127.0.0.1:[port]");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

#[test]
fn what_varies_is_steadied() {
    assert_eq!(
        steady("(6 checks in 1.2 s; x)"),
        "(6 checks in [time]; x)\n"
    );
    assert_eq!(
        steady("done in (340 ms), at 127.0.0.1:4012/x"),
        "done in ([time]), at 127.0.0.1:[port]/x\n"
    );
    assert_eq!(steady("within 300 seconds"), "within 300 seconds\n");
}
