//! Reports of runs that are over, read from files.

use std::path::{Path, PathBuf};

use super::Trouble;
use crate::files;
use crate::report;
use crate::result::RunResult;

/// Where `atx run` leaves its report if nothing else is said.
pub(super) const DEFAULT: &str = "reports/out";

/// Name of the report inside its folder.
const FILE: &str = "report.json";

/// Reads a report, or the one in a folder.
pub(super) fn read(path: &Path) -> Result<RunResult, Trouble> {
    let file = file(path);
    let trouble = |why: String| Trouble::StoredReport {
        path: file.display().to_string(),
        why,
    };
    let text = files::text(&file, files::GENERATED).map_err(|error| trouble(error.to_string()))?;
    report::read(&text).map_err(|error| trouble(error.to_string()))
}

/// A folder stands for the report in it.
pub(super) fn file(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join(FILE)
    } else {
        path.to_owned()
    }
}
