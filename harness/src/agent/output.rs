//! What an agent leaves besides requests: what it prints, what it writes into its working folder, which links it opens.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::ledger::{CODE, Ledger};
use crate::evidence::{Public, Redactor};
use crate::secret::Salt;

/// The most of one file that is searched.
const MOST_OF_FILE: u64 = 1024 * 1024;
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
    /// Where credentials stand: "the output has an access-token".
    pub(super) leaks: Vec<String>,
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
        let mut files = Vec::new();
        if let Some(folder) = folder {
            changed_since(folder, since, &mut files);
        }
        let texts = files.iter().filter_map(|path| {
            let bytes = crate::files::bytes(path, MOST_OF_FILE).ok()?;
            let name = path.strip_prefix(folder?).unwrap_or(path);
            Some((
                format!("the file {}", name.display()),
                String::from_utf8_lossy(&bytes).into_owned(),
            ))
        });
        let printed = ("the output".to_owned(), self.text.clone());
        let texts: Vec<_> = std::iter::once(printed).chain(texts).collect();
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
        if files.len() >= MOST_FILES {
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
