//! Reads files that people name: regular files of a moderate length. Anything else is an error and is not waited for: a
//! pipe may never end, and neither does `/dev/zero`.

use std::fs::{File, FileType};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// The longest org file that is read, in bytes.
pub(crate) const MAX_ORG_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system refuses.
    #[error("cannot read {}: {error}", path.display())]
    System {
        /// As given.
        path: PathBuf,
        /// The system's words.
        error: io::Error,
    },
    /// It is a directory, a pipe, a device or a socket.
    #[error("cannot read {}: it is {kind}; expected a regular file", path.display())]
    NotRegular {
        /// As given.
        path: PathBuf,
        /// What it is.
        kind: &'static str,
    },
    /// It is longer than any such file should be.
    #[error("cannot read {}: it is longer than {limit} bytes, the most that is read of such a file", path.display())]
    TooLong {
        /// As given.
        path: PathBuf,
        /// The most that is read.
        limit: u64,
    },
}

/// The content of a regular file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let system = |error| FileError::System {
        path: path.to_owned(),
        error,
    };
    // Looked at before it is opened: opening a pipe waits for whoever writes into it.
    let kind = std::fs::metadata(path).map_err(system)?.file_type();
    if !kind.is_file() {
        return Err(FileError::NotRegular {
            path: path.to_owned(),
            kind: describe(kind),
        });
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(system)?;
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(system)?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLong {
            path: path.to_owned(),
            limit,
        });
    }
    Ok(bytes)
}

fn describe(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
        if kind.is_socket() {
            return "a socket";
        }
    }
    if kind.is_dir() {
        "a directory"
    } else {
        "something else"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("org.yaml");
        std::fs::write(&path, "12345").expect("written");
        assert_eq!(read(&path, 5).expect("read"), b"12345");
        let error = read(&path, 4).expect_err("too long").to_string();
        assert!(
            error.contains("org.yaml") && error.contains("4 bytes"),
            "{error}"
        );
        let missing = read(&folder.path().join("none"), 4);
        assert!(matches!(missing, Err(FileError::System { .. })));
    }

    #[test]
    fn a_directory_is_no_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = read(folder.path(), 4).expect_err("a directory").to_string();
        assert!(
            error.ends_with("it is a directory; expected a regular file"),
            "{error}"
        );
    }
}
