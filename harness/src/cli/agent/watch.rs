//! `--watch`: runs again whenever a file changes.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tokio::runtime::Runtime;

use super::Args;
use crate::agent::AgentOptions;
use crate::cli::{Exit, Trouble, style};

/// How often files are looked at.
const LOOK: Duration = Duration::from_millis(300);
/// Folders whose files the agent's author does not edit, and where runs write.
const PASSED_OVER: [&str; 8] = [
    "node_modules",
    "target",
    ".git",
    ".venv",
    "venv",
    "__pycache__",
    "reports",
    "dist",
];

/// Ends when it is interrupted while it waits; its verdict is that of the last run.
pub(super) fn run(
    args: &Args,
    options: &AgentOptions,
    runtime: &Runtime,
    terminal: style::Terminal,
) -> Result<Exit, Trouble> {
    loop {
        let exit = super::once(args, options, runtime, terminal);
        match &exit {
            Err(trouble) => style::to_stderr(&trouble.page(terminal)),
            Ok(_) if options.cancel.is_cancelled() => return exit,
            Ok(_) => {}
        }
        // What the agent itself wrote is no change.
        let seen = newest(Path::new("."));
        style::to_stderr("\nwaiting for a change; Ctrl-C ends\n");
        let interrupted = runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => return true,
                    () = tokio::time::sleep(LOOK) => {}
                }
                if newest(Path::new(".")) != seen {
                    return false;
                }
            }
        });
        if interrupted {
            return exit;
        }
    }
}

/// When the file that was changed last was changed, and how many there are.
fn newest(folder: &Path) -> (Option<SystemTime>, usize) {
    let (mut last, mut files) = (None, 0);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let (changed, count) = if kind.is_dir() {
            if PASSED_OVER.iter().any(|other| name == *other) {
                continue;
            }
            newest(&entry.path())
        } else {
            (entry.metadata().and_then(|data| data.modified()).ok(), 1)
        };
        last = last.max(changed);
        files += count;
    }
    (last, files)
}
