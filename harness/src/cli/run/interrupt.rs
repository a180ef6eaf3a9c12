//! Ctrl-C: the first ends the run in order, the second at once.

use tokio_util::sync::CancellationToken;

use crate::cli::{exit, style};

/// Waits for signals as long as the runtime lives.
pub(in crate::cli) async fn watch(cancel: CancellationToken) {
    signal().await;
    cancel.cancel();
    style::to_stderr("\ninterrupted: what was measured is being written; once more ends at once\n");
    signal().await;
    #[expect(
        clippy::exit,
        reason = "the user has asked a second time, and cases may hang"
    )]
    std::process::exit(i32::from(exit::INCOMPLETE));
}

/// Ctrl-C, or the request to end that CI systems and containers send.
#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}
