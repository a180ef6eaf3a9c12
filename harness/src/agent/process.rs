//! Runs a command in a process group of its own, with a deadline. What it prints is kept up to a limit; when it has ended,
//! nothing that it started goes on.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// How much of both streams together is kept: the beginning. The rest is read, so that the program is not blocked, and counted.
const MOST_KEPT: usize = 1024 * 1024;
/// How long a program that was asked to end may take.
const GRACE: Duration = Duration::from_millis(500);

/// Marks every process of a case, so that those that left its process group are found.
pub(super) const MARK: &str = "ATX_CASE";

/// A program that runs.
pub(super) struct Running {
    child: Child,
    group: Option<u32>,
    mark: String,
    started: Instant,
    /// What it printed so far.
    pub(super) printed: Arc<Printed>,
    readers: Vec<JoinHandle<()>>,
}

/// What a program printed, both streams together in the order in which it was read.
#[derive(Default)]
pub(super) struct Printed {
    kept: Mutex<Vec<u8>>,
    more: Mutex<u64>,
}

impl Printed {
    fn add(&self, bytes: &[u8]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MOST_KEPT.saturating_sub(kept.len());
        let (fits, rest) = bytes.split_at(room.min(bytes.len()));
        kept.extend_from_slice(fits);
        if !rest.is_empty() {
            *self.more.lock().unwrap_or_else(PoisonError::into_inner) += rest.len() as u64;
        }
    }

    /// The text that was kept.
    pub(super) fn text(&self) -> String {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&kept).into_owned()
    }

    /// Bytes that were not kept.
    pub(super) fn left_out(&self) -> u64 {
        *self.more.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ended {
    /// With this exit code.
    Code(i32),
    /// By a signal.
    Signal(i32),
    /// It was still running at the deadline.
    Deadline,
    /// The kit ended it, because its work was done.
    Stopped,
}

/// A program that has ended, with all that it started.
#[derive(Debug, Clone)]
pub(super) struct Finished {
    pub(super) ended: Ended,
    pub(super) took: Duration,
    /// Whether processes that it started were still running.
    pub(super) left_children: bool,
}

impl Finished {
    /// "It ended with exit code 1 after 0.3 s".
    pub(super) fn words(&self) -> String {
        let seconds = self.took.as_secs_f64();
        let how = match self.ended {
            Ended::Code(code) => format!("it ended with exit code {code} after {seconds:.1} s"),
            Ended::Signal(signal) => {
                format!("it was ended by signal {signal} after {seconds:.1} s")
            }
            Ended::Deadline => format!("it was still running after {seconds:.0} s and was ended"),
            Ended::Stopped => format!("it was ended after {seconds:.1} s, when nothing more came"),
        };
        if self.left_children {
            format!("{how}; processes that it had started were still running and were ended too")
        } else {
            how
        }
    }
}

impl Running {
    /// Starts a program. `variables` are added to the environment of this process.
    pub(super) fn start(
        program: &std::ffi::OsStr,
        arguments: impl IntoIterator<Item = std::ffi::OsString>,
        variables: &[(String, String)],
        folder: Option<&Path>,
        mark: &str,
    ) -> io::Result<Self> {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .env(MARK, mark)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        let printed = Arc::new(Printed::default());
        let mut readers = Vec::new();
        if let Some(stream) = child.stdout.take() {
            readers.push(read(stream, printed.clone()));
        }
        if let Some(stream) = child.stderr.take() {
            readers.push(read(stream, printed.clone()));
        }
        Ok(Self {
            group: child.id(),
            child,
            mark: mark.to_owned(),
            started: Instant::now(),
            printed,
            readers,
        })
    }

    /// Waits for its end, at most until the deadline, and ends whatever is left of it.
    pub(super) async fn finish(mut self, deadline: Instant) -> Finished {
        let waited = tokio::time::timeout_at(deadline.into(), self.child.wait()).await;
        let ended = match waited {
            Ok(Ok(status)) => ended(status),
            Ok(Err(_)) => Ended::Code(-1),
            Err(_) => Ended::Deadline,
        };
        self.end(ended).await
    }

    /// Ends it now.
    pub(super) async fn stop(mut self) -> Finished {
        let ended = match self.child.try_wait() {
            Ok(Some(status)) => ended(status),
            _ => Ended::Stopped,
        };
        self.end(ended).await
    }

    /// Whether it still runs.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    async fn end(mut self, ended: Ended) -> Finished {
        let took = self.started.elapsed();
        let was_running = matches!(ended, Ended::Deadline | Ended::Stopped);
        if was_running {
            signal_group(self.group, false);
            let waited = tokio::time::timeout(GRACE, self.child.wait()).await;
            drop(waited);
        }
        let in_group = signal_group(self.group, true);
        let elsewhere = kill_marked(&self.mark);
        // It is gone already, or is so now.
        drop(self.child.kill().await);
        for reader in self.readers {
            // A stream ends when nobody holds it any more, and all that could were ended.
            drop(tokio::time::timeout(GRACE, reader).await);
        }
        Finished {
            ended,
            took,
            left_children: !was_running && (in_group || elsewhere),
        }
    }
}

fn ended(status: std::process::ExitStatus) -> Ended {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Ended::Signal(signal);
    }
    Ended::Code(status.code().unwrap_or(-1))
}

fn read(
    mut stream: impl AsyncRead + Unpin + Send + 'static,
    printed: Arc<Printed>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            printed.add(&buffer[..count]);
        }
    })
}

/// Asks a process group to end, or ends it. Whether there was any process in it.
#[cfg(unix)]
fn signal_group(group: Option<u32>, at_once: bool) -> bool {
    use rustix::process::{Pid, Signal, kill_process_group};
    let pid = group
        .and_then(|id| i32::try_from(id).ok())
        .and_then(Pid::from_raw);
    let signal = if at_once { Signal::KILL } else { Signal::TERM };
    pid.is_some_and(|pid| kill_process_group(pid, signal).is_ok())
}

#[cfg(not(unix))]
fn signal_group(_: Option<u32>, _: bool) -> bool {
    false
}

/// Ends processes that have the mark of a case in their environment although they left its process group. Where the system does
/// not show environments, there is none to be found.
#[cfg(target_os = "linux")]
fn kill_marked(mark: &str) -> bool {
    use rustix::process::{Pid, Signal, kill_process};
    let wanted = format!("{MARK}={mark}");
    let mut found = false;
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        else {
            continue;
        };
        let Ok(environment) = std::fs::read(entry.path().join("environ")) else {
            continue;
        };
        let mut variables = environment.split(|byte| *byte == 0);
        if variables.any(|variable| variable == wanted.as_bytes())
            && let Some(pid) = Pid::from_raw(pid)
        {
            found |= kill_process(pid, Signal::KILL).is_ok();
        }
    }
    found
}

#[cfg(not(target_os = "linux"))]
fn kill_marked(_: &str) -> bool {
    false
}
