//! Lines that a person types or pastes, read in a thread of their own: a terminal cannot be asked for them without waiting.

use std::io::{self, BufRead as _};
use std::sync::Arc;
use std::thread;

use tokio::sync::{Mutex, mpsc};

/// The longest line. Addresses with a code have some hundred bytes.
const LONGEST: u64 = 16 * 1024;

/// Lines of standard input. Clones share them.
#[derive(Debug, Clone)]
pub struct Pasted(Arc<Mutex<mpsc::UnboundedReceiver<String>>>);

impl Pasted {
    /// Begins to read standard input. It is not read any more when the program ends, and not before.
    #[must_use]
    pub fn from_stdin() -> Self {
        Self::from(io::BufReader::new(io::stdin()))
    }

    fn from(mut input: impl io::BufRead + Send + 'static) -> Self {
        use io::Read as _;
        let (lines, read) = mpsc::unbounded_channel();
        thread::spawn(move || {
            loop {
                let mut line = Vec::new();
                let length = input.by_ref().take(LONGEST).read_until(b'\n', &mut line);
                let is_over = length.map_or(true, |length| length == 0);
                let text = String::from_utf8_lossy(&line).into_owned();
                if is_over || lines.send(text).is_err() {
                    break;
                }
            }
        });
        Self(Arc::new(Mutex::new(read)))
    }

    /// The next line; `None` once standard input is closed.
    pub async fn line(&self) -> Option<String> {
        self.0.lock().await.recv().await
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
    }
}
