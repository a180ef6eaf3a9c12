//! Files that only their owner may read.

use std::io::{self, Write as _};
use std::path::Path;

/// Whoever sees the file sees all of it, and only its owner may read it.
pub(super) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    // Temporary files are private.
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
        // The name that the library chose means nothing to the user.
        .map_err(|error| io::Error::from(error.kind()))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}
