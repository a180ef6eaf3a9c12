//! The file of a token cache: JSON with mode 0600. Whoever reads it while it is written sees the old text or the new, and whoever
//! changes it waits for whoever else does.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::lock::Locked;
use super::{CachedSignIn, TokenCache};
use crate::secret::Secret;

/// Folder of the caches that no target file names.
pub(super) const FOLDER: &str = ".atx";
/// Version of the form below.
const SCHEMA: u64 = 1;
/// Tokens take a few kilobytes.
const MOST: u64 = 1024 * 1024;

/// Why a token cache cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CacheError {
    /// Nobody has signed in yet.
    #[error("there is no token cache {}", .0.display())]
    Missing(PathBuf),
    /// Its tokens are known to others.
    #[error("others can read the token cache {}", .0.display())]
    ReadableByOthers(PathBuf),
    /// The system does not let it be read.
    #[error("cannot read the token cache {}: {why}", path.display())]
    Unreadable {
        /// Where.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// Something else than `atx` has written it, or another version.
    #[error("{} is not a token cache: {why}", path.display())]
    Malformed {
        /// Where.
        path: PathBuf,
        /// What is wrong, without a value.
        why: String,
    },
    /// The system does not let it be written.
    #[error("cannot write the token cache {}: {why}", path.display())]
    Unwritable {
        /// Where.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
}

impl CacheError {
    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> String {
        match self {
            Self::Missing(_) => "sign in: atx sign-in".to_owned(),
            Self::ReadableByOthers(path) => format!(
                "its tokens may be known by now: remove it (rm {}) and sign in again: atx sign-in",
                path.display()
            ),
            Self::Malformed { path, .. } => format!(
                "remove it (rm {}) and sign in again: atx sign-in",
                path.display()
            ),
            Self::Unreadable { .. } => {
                "make it readable for you alone (chmod 600), or name another file with `sign_in.cache`"
                    .to_owned()
            }
            Self::Unwritable { .. } => {
                "make its folder writable, or name another file with `sign_in.cache`".to_owned()
            }
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    schema: u64,
    sign_ins: Vec<WrittenSignIn>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSignIn {
    issuer: String,
    client_id: String,
    user: String,
    person: String,
    scopes: Vec<String>,
    obtained_at: Timestamp,
    expires_at: Timestamp,
    id_token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

impl TokenCache {
    /// Reads a cache file.
    ///
    /// # Errors
    /// When there is none, when others may read it, and when it is not a cache.
    pub fn read(path: &Path) -> Result<Self, CacheError> {
        let unreadable = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => CacheError::Missing(path.to_owned()),
            _ => CacheError::Unreadable {
                path: path.to_owned(),
                why: error.to_string(),
            },
        };
        let file = File::open(path).map_err(unreadable)?;
        if is_readable_by_others(&file) {
            return Err(CacheError::ReadableByOthers(path.to_owned()));
        }
        let mut text = Vec::new();
        file.take(MOST).read_to_end(&mut text).map_err(unreadable)?;
        let malformed = |why: String| CacheError::Malformed {
            path: path.to_owned(),
            why,
        };
        // The words of the parser could quote a token.
        let written: Written = serde_json::from_slice(&text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            malformed(format!("it cannot be read at line {line}, column {column}"))
        })?;
        if written.schema != SCHEMA {
            let found = written.schema;
            return Err(malformed(format!(
                "it has schema version {found}, and this program reads {SCHEMA}"
            )));
        }
        Ok(Self {
            sign_ins: written.sign_ins.into_iter().map(read_one).collect(),
        })
    }

    /// Puts a sign-in into a cache file. What another program has written there meanwhile stays.
    ///
    /// # Errors
    /// Those of reading and writing, but that there is none yet.
    pub fn keep(path: &Path, sign_in: CachedSignIn) -> Result<(), CacheError> {
        let _locked = locked(path)?;
        let mut cache = match Self::read(path) {
            Ok(cache) => cache,
            Err(CacheError::Missing(_)) => Self::default(),
            Err(error) => return Err(error),
        };
        cache.put(sign_in);
        cache.write(path)
    }

    /// Takes out of a cache file the sign-ins that a condition names, and removes a file that holds nothing more. Whether it was
    /// removed comes back.
    ///
    /// # Errors
    /// Those of reading and writing.
    pub fn forget(
        path: &Path,
        is_meant: impl Fn(&CachedSignIn) -> bool,
    ) -> Result<bool, CacheError> {
        let _locked = locked(path)?;
        let mut cache = Self::read(path)?;
        cache.take(is_meant);
        if cache.sign_ins.is_empty() {
            remove(path)?;
            return Ok(true);
        }
        cache.write(path)?;
        Ok(false)
    }

    /// Removes a cache file, whatever is in it.
    ///
    /// # Errors
    /// Those of the system.
    pub fn remove(path: &Path) -> Result<(), CacheError> {
        let _locked = locked(path)?;
        remove(path)
    }

    /// Makes sure that a cache file can be written, which changes nothing in it: a sign-in shall not be made in vain.
    ///
    /// # Errors
    /// Those of the system.
    pub fn can_keep(path: &Path) -> Result<(), CacheError> {
        let _locked = locked(path)?;
        let probed = NamedTempFile::new_in(folder_of(&resolved(path)));
        probed.map(drop).map_err(|error| unwritable(path, &error))
    }

    /// Writes a cache file, readable by its owner only.
    fn write(&self, path: &Path) -> Result<(), CacheError> {
        let written = Written {
            schema: SCHEMA,
            sign_ins: self.sign_ins.iter().map(written_one).collect(),
        };
        let text = serde_json::to_string_pretty(&written).map_err(io::Error::from);
        text.and_then(|text| replace(&resolved(path), &text))
            .map_err(|error| unwritable(path, &error))
    }
}

/// Waits until nobody else changes the file. The folder that it belongs into is made.
fn locked(path: &Path) -> Result<Locked, CacheError> {
    let file = resolved(path);
    make_folder(folder_of(&file))
        .and_then(|()| Locked::wait_for(&file))
        .map_err(|error| unwritable(path, &error))
}

fn remove(path: &Path) -> Result<(), CacheError> {
    fs::remove_file(resolved(path)).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &io::Error) -> CacheError {
    CacheError::Unwritable {
        path: path.to_owned(),
        why: error.to_string(),
    }
}

/// The file itself, where the path is a link to it: the tokens are there, and the link stays.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(file) = path.canonicalize() {
        return file;
    }
    // A link to a file that is not there yet.
    match fs::read_link(path) {
        Ok(target) => folder_of(path).join(target),
        Err(_) => path.to_owned(),
    }
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn read_one(written: WrittenSignIn) -> CachedSignIn {
    CachedSignIn {
        issuer: written.issuer,
        client_id: written.client_id,
        user: written.user,
        person: written.person,
        scopes: written.scopes,
        obtained_at: written.obtained_at,
        expires_at: written.expires_at,
        id_token: Secret::new(written.id_token),
        access_token: written.access_token.map(Secret::new),
        refresh_token: written.refresh_token.map(Secret::new),
    }
}

fn written_one(sign_in: &CachedSignIn) -> WrittenSignIn {
    let text = |secret: &Secret| secret.expose().to_owned();
    WrittenSignIn {
        issuer: sign_in.issuer.clone(),
        client_id: sign_in.client_id.clone(),
        user: sign_in.user.clone(),
        person: sign_in.person.clone(),
        scopes: sign_in.scopes.clone(),
        obtained_at: sign_in.obtained_at,
        expires_at: sign_in.expires_at,
        id_token: text(&sign_in.id_token),
        access_token: sign_in.access_token.as_ref().map(text),
        refresh_token: sign_in.refresh_token.as_ref().map(text),
    }
}

/// Puts a text into a file with mode 0600, which temporary files have.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut beside = NamedTempFile::new_in(folder_of(path))?;
    beside.write_all(text.as_bytes())?;
    beside.write_all(b"\n")?;
    beside.as_file().sync_all()?;
    beside.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// A folder of our own is closed to others and to version control.
fn make_folder(folder: &Path) -> io::Result<()> {
    let is_ours = folder.file_name().is_some_and(|name| name == FOLDER);
    if folder.is_dir() || !is_ours {
        return fs::create_dir_all(folder);
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    fs::write(folder.join(".gitignore"), "*\n")
}

#[cfg(unix)]
fn is_readable_by_others(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    // Of the file that is open, not of one that has its name by now.
    file.metadata().is_ok_and(|found| found.mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &File) -> bool {
    false
}

#[cfg(test)]
mod tests;
