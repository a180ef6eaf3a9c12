//! The folder that reports go to. Known to be writable before the run, and never with half a file in it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

/// A folder that could be written when it was opened.
#[derive(Debug)]
pub(super) struct OutDir {
    path: PathBuf,
}

/// A folder or file that cannot be written.
#[derive(Debug, Error)]
#[error("cannot write {}: {source}", path.display())]
pub(super) struct OutError {
    path: PathBuf,
    source: io::Error,
}

impl OutDir {
    /// Makes the folder where it is missing, and proves that files can be made in it.
    pub(super) fn open(path: &Path) -> Result<Self, OutError> {
        let error = |source| OutError {
            path: path.to_owned(),
            source,
        };
        fs::create_dir_all(path).map_err(error)?;
        let dir = Self {
            path: path.to_owned(),
        };
        prove_writable(path).map_err(error)?;
        Ok(dir)
    }

    /// Takes away what an earlier run left under these names: if this one ends before it writes, nobody may take a report
    /// of that one for its own.
    pub(super) fn clear(
        &self,
        names: impl IntoIterator<Item = &'static str>,
    ) -> Result<(), OutError> {
        for name in names {
            let path = self.path.join(name);
            match fs::remove_file(&path) {
                // A folder of that name is not a report; writing the report will fail and say so.
                Err(source) if source.kind() != io::ErrorKind::NotFound && !path.is_dir() => {
                    return Err(OutError { path, source });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file whole: beside its name first, then renamed, so a reader sees the old one or the new one.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), OutError> {
        let path = self.path.join(name);
        let written = unfinished(&self.path, name).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|failed| failed.error)
        });
        match written {
            Ok(_) => Ok(()),
            Err(source) => Err(OutError { path, source }),
        }
    }

    /// Whether [`Self::write_file`] could write here: a run that takes long must not find out when it is over.
    pub(super) fn can_write_file(file: &Path) -> Result<(), OutError> {
        let (folder, _) = place_of(file)?;
        Self::open(&folder).map(|_| ())
    }

    /// Writes one file whole, where the user said. A link is followed, so that what it leads to is renewed.
    pub(super) fn write_file(file: &Path, text: &str) -> Result<(), OutError> {
        let (folder, name) = place_of(file)?;
        let written = Self::open(&folder).and_then(|out| out.write(&name, text));
        // As the user knows it, whatever was in the way.
        written.map_err(|failed| OutError {
            path: file.to_owned(),
            source: failed.source,
        })
    }
}

/// The folder of a file that is to be written, and its name there. A link is followed.
fn place_of(file: &Path) -> Result<(PathBuf, String), OutError> {
    let target = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let name = target.file_name().filter(|_| !target.is_dir());
    let name = name.ok_or_else(|| OutError {
        path: file.to_owned(),
        source: io::Error::from(io::ErrorKind::IsADirectory),
    })?;
    let folder = target.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new(".")).to_owned();
    Ok((folder, name.to_string_lossy().into_owned()))
}

/// Makes a file in a folder and takes it away again.
fn prove_writable(folder: &Path) -> io::Result<()> {
    let probe = folder.join(format!(".probe.{}.part", std::process::id()));
    match File::create_new(&probe) {
        // A process of this number left it.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => drop(made?),
    }
    fs::remove_file(&probe)
}

/// A file beside the one of this name. It is gone when it is dropped, and users other than the owner may read it as they
/// may read other new files.
fn unfinished(folder: &Path, name: &str) -> io::Result<NamedTempFile> {
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder);
    // The name that the library chose means nothing to the user.
    file.map_err(|error| io::Error::from(error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_appear_whole_and_nothing_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let out = OutDir::open(&folder.path().join("a/b")).unwrap();
        out.write("report.md", "old").unwrap();
        out.write("report.md", "new").unwrap();
        assert_eq!(
            fs::read_to_string(out.path().join("report.md")).unwrap(),
            "new"
        );
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_in_the_way_is_told_before_anything_runs() {
        let folder = tempfile::tempdir().unwrap();
        let blocked = folder.path().join("file");
        fs::write(&blocked, "").unwrap();
        let error = OutDir::open(&blocked.join("out")).unwrap_err().to_string();
        assert!(
            error.starts_with("cannot write ") && error.contains("file/out: "),
            "{error}"
        );
    }

    #[test]
    fn an_old_report_is_gone_before_a_run_and_other_files_stay() {
        let folder = tempfile::tempdir().unwrap();
        let out = OutDir::open(folder.path()).unwrap();
        out.write("report.json", "passed").unwrap();
        out.write("notes.txt", "mine").unwrap();
        out.clear(["report.json", "junit.xml"]).unwrap();
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1);
        fs::create_dir(folder.path().join("report.json")).unwrap();
        out.clear(["report.json"]).unwrap();
    }

    #[test]
    fn one_file_is_written_whole_where_its_link_leads() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/file.md");
        OutDir::write_file(&file, "old").unwrap();
        #[cfg(unix)]
        {
            let link = folder.path().join("link.md");
            std::os::unix::fs::symlink(&file, &link).unwrap();
            OutDir::write_file(&link, "new").unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), "new");
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        }
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
        OutDir::can_write_file(&file).unwrap();
        assert!(OutDir::can_write_file(folder.path()).is_err());
        let error = OutDir::write_file(folder.path(), "text").unwrap_err();
        assert_eq!(error.path, folder.path());
    }

    #[test]
    #[cfg(unix)]
    fn a_report_has_the_mode_of_any_new_file() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = tempfile::tempdir().unwrap();
        let out = OutDir::open(folder.path()).unwrap();
        out.write("report.md", "text").unwrap();
        let other = folder.path().join("other");
        fs::write(&other, "text").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().mode();
        assert_eq!(mode(&folder.path().join("report.md")), mode(&other));
    }

    #[test]
    fn a_failed_write_leaves_the_old_report_and_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        let out = OutDir::open(folder.path()).unwrap();
        fs::create_dir(folder.path().join("report.md")).unwrap();
        assert!(out.write("report.md", "text").is_err());
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1);
    }
}
