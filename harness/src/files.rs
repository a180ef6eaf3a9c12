//! Files that a user names, read up to a limit: a device or a pipe may have no end.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use strict_yaml::{Place, Problem, Problems, decode, text_of};
use tempfile::NamedTempFile;

/// The most bytes of a file that people write: a target, a scenario, a baseline.
pub(crate) const WRITTEN: u64 = 4 * 1024 * 1024;

/// The most bytes of a file that a program writes: a report, a matrix.
pub(crate) const GENERATED: u64 = 256 * 1024 * 1024;

/// The bytes of a file of at most so many.
///
/// # Errors
/// Those of the system, and that there are more.
pub(crate) fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = File::open(path)?.take(most + 1);
    file.read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let why = format!("it is longer than {} MiB", most / (1024 * 1024));
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(bytes)
}

/// The same for text, without a byte order mark.
///
/// # Errors
/// Those of [`bytes`], and that it is not UTF-8.
pub(crate) fn text(path: &Path, most: u64) -> io::Result<String> {
    let bytes = bytes(path, most)?;
    decode(&bytes)
        .map(str::to_owned)
        .map_err(|wrong| io::Error::new(io::ErrorKind::InvalidData, wrong))
}

/// The text of a YAML file that a person wrote. Why there is none is a problem like the others.
///
/// # Errors
/// Those of [`text`], with the place of what is not UTF-8.
pub(crate) fn written(path: &Path) -> Result<String, Problems> {
    let name = path.display().to_string();
    let bytes = bytes(path, WRITTEN).map_err(|error| unreadable(path, &error.to_string()))?;
    text_of(&name, &bytes).map(str::to_owned)
}

/// A file or folder that could not be read, as a problem like the others.
pub(crate) fn unreadable(path: &Path, why: &str) -> Problems {
    let mut problems = Problems::new(path.display().to_string(), "");
    problems.push(Problem::new(Place::START, why));
    problems
}

/// Puts another text into a file that is there, with the permissions it has: whoever reads it sees the old text or the new.
///
/// # Errors
/// Those of the system.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    // What the path leads to is replaced, not a link to it.
    let path = path.canonicalize()?;
    let permissions = std::fs::metadata(&path)?.permissions();
    let mut beside = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().set_permissions(permissions)?;
    beside.persist(&path).map_err(|failed| failed.error)?;
    Ok(())
}

/// Whether users other than the owner may read a file.
pub(crate) fn is_readable_by_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        // Pipes and devices have modes that say nothing of who can read what comes out of them.
        std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_device_without_end_is_refused() {
        let error = text(Path::new("/dev/zero"), 1024 * 1024).unwrap_err();
        assert_eq!(error.to_string(), "it is longer than 1 MiB");
    }

    #[test]
    #[cfg(unix)]
    fn a_file_that_gets_another_text_keeps_its_mode() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("refresh-token");
        assert!(replace(&file, "new").is_err(), "it must be there");
        std::fs::write(&file, "old").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        replace(&file, "new").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn the_mode_of_a_file_says_who_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("target.yaml");
        std::fs::write(&file, "x").unwrap();
        for (mode, others) in [(0o600, false), (0o640, true), (0o604, true)] {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_readable_by_others(&file), others, "{mode:o}");
        }
        assert!(!is_readable_by_others(Path::new("/dev/null")));
    }
}
