//! Lines that a person types or pastes, read in a thread of their own: a terminal cannot be asked for them without waiting.

use std::io::{self, BufRead as _};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc, watch};

/// How long is waited to see whether standard input is closed. One that is closed from the start shows it at once; of one that
/// is not, nothing can be known sooner.
const GRACE: Duration = Duration::from_millis(200);

/// The longest line. Addresses with a code have some hundred bytes.
const LONGEST: u64 = 16 * 1024;

/// Lines of standard input. Clones share them.
#[derive(Debug, Clone)]
pub struct Pasted {
    lines: Arc<Mutex<mpsc::UnboundedReceiver<String>>>,
    /// Whether the input has ended without a line.
    is_empty: watch::Receiver<bool>,
}

impl Pasted {
    /// Begins to read standard input. It is not read any more when the program ends, and not before.
    #[must_use]
    pub fn from_stdin() -> Self {
        Self::from(io::BufReader::new(io::stdin()))
    }

    pub(super) fn from(mut input: impl io::BufRead + Send + 'static) -> Self {
        use io::Read as _;
        let (lines, read) = mpsc::unbounded_channel();
        let (ended, is_empty) = watch::channel(false);
        thread::spawn(move || {
            let mut has_lines = false;
            loop {
                let mut line = Vec::new();
                let length = input.by_ref().take(LONGEST).read_until(b'\n', &mut line);
                let is_over = length.map_or(true, |length| length == 0);
                let text = String::from_utf8_lossy(&line).into_owned();
                if is_over || lines.send(text).is_err() {
                    break;
                }
                has_lines = true;
            }
            ended.send_replace(!has_lines);
        });
        Self {
            lines: Arc::new(Mutex::new(read)),
            is_empty,
        }
    }

    /// Whether nobody can paste anything, because standard input was closed from the start.
    pub async fn is_closed(&self) -> bool {
        let mut is_empty = self.is_empty.clone();
        let ended = is_empty.wait_for(|is_empty| *is_empty);
        matches!(tokio::time::timeout(GRACE, ended).await, Ok(Ok(_)))
    }

    /// The next line; `None` once standard input is closed.
    pub async fn line(&self) -> Option<String> {
        self.lines.lock().await.recv().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_read_until_the_input_is_closed() {
        let pasted = Pasted::from(io::Cursor::new(b"one\ntwo".to_vec()));
        assert_eq!(pasted.line().await.as_deref(), Some("one\n"));
        assert_eq!(pasted.line().await.as_deref(), Some("two"));
        assert_eq!(pasted.line().await, None);
        assert!(!pasted.is_closed().await);
        let closed = Pasted::from(io::Cursor::new(Vec::new()));
        assert!(closed.is_closed().await);
    }
}
