//! A time during which the org accepts no connections, as while a server restarts.

use std::future::pending;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Whether the org accepts connections. Real time counts: the org's clock may stand anywhere.
#[derive(Debug)]
pub(crate) struct Outage(watch::Sender<State>);

#[derive(Debug, Clone, Copy, Default)]
struct State {
    until: Option<Instant>,
    /// Nobody can connect any more: whoever listens has stopped, or nobody listens.
    closed: bool,
}

impl Default for Outage {
    fn default() -> Self {
        Self(watch::Sender::new(State::default()))
    }
}

impl Outage {
    /// Begins one. When this returns, nobody can connect any more.
    pub(crate) async fn begin(&self, time: Duration) {
        let until = Instant::now() + time;
        self.0.send_modify(|state| state.until = Some(until));
        let mut seen = self.0.subscribe();
        // This holds the sender, so the channel is open.
        let _ = seen
            .wait_for(|state| state.closed || state.until.is_none())
            .await;
    }

    /// Ends it, if there is one.
    pub(crate) fn end(&self) {
        self.0
            .send_if_modified(|state| state.until.take().is_some());
    }

    /// Whether there is one.
    pub(crate) fn is_on(&self) -> bool {
        self.0.borrow().until.is_some()
    }

    /// Waits until one begins.
    pub(crate) async fn begins(&self) {
        let mut seen = self.0.subscribe();
        let _ = seen.wait_for(|state| state.until.is_some()).await;
    }

    /// Says that nobody can connect.
    pub(crate) fn set_closed(&self) {
        self.0.send_modify(|state| state.closed = true);
    }

    /// Says that somebody is about to listen again; `false` where another outage has begun meanwhile.
    pub(crate) fn reopen(&self) -> bool {
        self.0.send_if_modified(|state| {
            let may = state.until.is_none();
            if may {
                state.closed = false;
            }
            may
        })
    }

    /// Waits for the end of the one that there is: its time is over, or somebody has ended it.
    pub(crate) async fn over(&self) {
        let mut seen = self.0.subscribe();
        loop {
            let until = seen.borrow_and_update().until;
            let Some(until) = until else { return };
            tokio::select! {
                () = sleep_until(until) => {
                    self.0.send_if_modified(|state| {
                        // Another request may have prolonged it.
                        let over = state.until.is_some_and(|until| until <= Instant::now());
                        if over {
                            state.until = None;
                        }
                        over
                    });
                }
                changed = seen.changed() => if changed.is_err() {
                    // Nobody is left to end it.
                    pending::<()>().await;
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_ends_when_its_time_is_over_or_somebody_ends_it() {
        let outage = Outage::default();
        outage.set_closed();
        let start = Instant::now();
        outage.begin(Duration::from_secs(5)).await;
        assert!(outage.is_on());
        assert!(!outage.reopen(), "it is not over");
        outage.over().await;
        assert!(!outage.is_on());
        assert_eq!(start.elapsed(), Duration::from_secs(5));
        // Nobody waits for one that is over.
        outage.over().await;

        outage.begin(Duration::from_mins(10)).await;
        let ended = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            outage.end();
        };
        tokio::join!(outage.over(), ended);
        assert_eq!(start.elapsed(), Duration::from_secs(6));

        // Whoever begins one waits until nobody listens.
        assert!(outage.reopen());
        let begun = outage.begin(Duration::from_secs(1));
        let closed = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            outage.set_closed();
        };
        tokio::join!(begun, closed);
        assert_eq!(start.elapsed(), Duration::from_millis(6300));
    }
}
