//! Lets one at a time change a token cache: reading, changing and writing it are one step for everybody else, in this process and in
//! others.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Some file systems lock for a whole process.
static IN_THIS_PROCESS: Mutex<()> = Mutex::new(());

/// While it is there nobody else changes the file.
pub(super) struct Locked {
    /// Closing it unlocks it. It is not removed: somebody may be waiting for it.
    _file: File,
    _in_this_process: MutexGuard<'static, ()>,
}

impl Locked {
    /// Waits for whoever changes a file. What is locked is a file beside it, for the file itself is replaced.
    pub(super) fn wait_for(path: &Path) -> io::Result<Self> {
        let in_this_process = IN_THIS_PROCESS
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(name)?;
        match file.lock() {
            // There are file systems without locks.
            Err(error) if error.kind() != io::ErrorKind::Unsupported => return Err(error),
            _ => {}
        }
        Ok(Self {
            _file: file,
            _in_this_process: in_this_process,
        })
    }
}
