//! What an agent leaves besides requests: what it prints, what it writes into its working folder, which links it opens.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::ledger::{CODE, Ledger};
use crate::evidence::{Public, Redactor};
use crate::secret::Salt;

/// Longer files are not searched.
const MOST_OF_FILE: u64 = 4 * 1024 * 1024;
/// The most files that are searched.
const MOST_FILES: usize = 2_000;
/// Folders that hold other people's files.
const PASSED_OVER: [&str; 6] = [
    "node_modules",
    "target",
    ".git",
    ".venv",
    "venv",
    "__pycache__",
];

/// What was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Output {
    /// What was printed.
    pub(super) text: String,
    /// Links that were opened in the browser.
    pub(super) opened: Vec<String>,
    /// How many bytes were printed beyond those of the text.
    pub(super) left_out: u64,
    /// Where credentials stand: "the output has an access-token".
    pub(super) leaks: Vec<String>,
    /// Where credentials may stand that nobody looked for, with the reason.
    pub(super) unsearched: Vec<String>,
}

impl Output {
    /// Whether a link was opened or printed. An address may be printed with other escapes.
    pub(super) fn shows(&self, link: &str) -> bool {
        let plain = |text: &str| {
            text.replace("&amp;", "&")
                .replace("\\u0026", "&")
                .replace("\\/", "/")
        };
        self.opened.iter().any(|opened| opened == link) || plain(&self.text).contains(link)
    }

    /// Searches what was printed, and files that were written since the agent was started.
    pub(super) fn search(&mut self, ledger: &Ledger, folder: Option<&Path>, since: SystemTime) {
        if self.left_out > 0 {
            self.unsearched
                .push("the output: it is too long".to_owned());
        }
        let mut texts = vec![("the output".to_owned(), self.text.clone())];
        if let Some(folder) = folder {
            self.read_files(folder, since, &mut texts);
        }
        for kind in kinds(ledger) {
            // Knows one kind, so that what it finds can be named.
            let mut redactor = Redactor::new(Salt::new([0; 32]), Public::default(), "");
            for (_, value) in ledger.all().filter(|(of, _)| *of == kind) {
                redactor.know(value);
            }
            for (whose, text) in &texts {
                if redactor.finds(text) {
                    self.leaks.push(format!("{whose} has {}", described(kind)));
                }
            }
        }
    }

    fn read_files(&mut self, folder: &Path, since: SystemTime, texts: &mut Vec<(String, String)>) {
        let mut files = Vec::new();
        changed_since(folder, since, &mut files);
        if files.len() > MOST_FILES {
            files.truncate(MOST_FILES);
            let some =
                format!("some of the files that were written: they are more than {MOST_FILES}");
            self.unsearched.push(some);
        }
        for path in files {
            let name = path.strip_prefix(folder).unwrap_or(&path);
            let name = format!("the file {}", name.display());
            match crate::files::bytes(&path, MOST_OF_FILE) {
                Ok(bytes) => texts.push((name, String::from_utf8_lossy(&bytes).into_owned())),
                // It was deleted meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => self.unsearched.push(format!("{name}: {error}")),
            }
        }
    }
}

/// An expired code opens nothing, and servers log the redirects that carry one.
fn kinds(ledger: &Ledger) -> Vec<&'static str> {
    let mut kinds: Vec<&'static str> = ledger
        .all()
        .map(|(kind, _)| kind)
        .filter(|kind| *kind != CODE)
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn described(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'i']) {
        "an"
    } else {
        "a"
    };
    match kind {
        "id-token" => "an ID token".to_owned(),
        "id-jag" => "an ID-JAG".to_owned(),
        kind => format!("{article} {}", kind.replace('-', " ")),
    }
}

fn changed_since(folder: &Path, since: SystemTime, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if files.len() > MOST_FILES {
            return;
        }
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let path = entry.path();
        if kind.is_dir() {
            let name = entry.file_name();
            if !PASSED_OVER.iter().any(|other| name == *other) {
                changed_since(&path, since, files);
            }
        } else if kind.is_file()
            && let Ok(changed) = entry.metadata().and_then(|data| data.modified())
            && changed >= since
        {
            files.push(path);
        }
    }
}
