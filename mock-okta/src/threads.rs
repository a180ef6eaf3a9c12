//! The threads that serve the orgs of a process. They are shared, so that a hundred orgs need no more of them than one, and
//! end with the last org.

use std::io;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::runtime::{Builder, Handle, Runtime};

static SHARED: Mutex<Weak<Threads>> = Mutex::new(Weak::new());

/// A runtime that ends with its last owner.
#[derive(Debug)]
pub(crate) struct Threads(Option<Runtime>, Handle);

impl Threads {
    /// Those of this process; they are started if there are none.
    pub(crate) fn shared() -> io::Result<Arc<Self>> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(threads) = shared.upgrade() {
            return Ok(threads);
        }
        let runtime = Builder::new_multi_thread()
            .thread_name("mock-okta")
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        let threads = Arc::new(Self(Some(runtime), handle));
        *shared = Arc::downgrade(&threads);
        Ok(threads)
    }

    pub(crate) const fn handle(&self) -> &Handle {
        &self.1
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Waiting would block, which an asynchronous test must not.
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_while_there_are_threads_shares_them() {
        let first = Threads::shared().expect("threads");
        let second = Threads::shared().expect("threads");
        assert!(Arc::ptr_eq(&first, &second));
        let answer = second.handle().block_on(second.handle().spawn(async { 7 }));
        assert_eq!(answer.expect("an answer"), 7);
    }
}
