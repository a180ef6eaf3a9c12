//! The same scenarios against a server elsewhere: `mock-okta serve` in a process of its own, `atx run --target` in
//! another, nothing between them but a file and a socket.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use conformance_tests::binary;
use harness::scenario::model::Edition;
use serde_json::Value;

use crate::support::harness_run::{report_json, whole_run};

/// Longest time for a start or an end.
const PATIENCE: Duration = Duration::from_secs(20);

/// `.ci/run socket` runs the older edition over a socket as well.
#[test]
fn a_served_org_gets_the_report_of_the_embedded_one() {
    let edition = Edition::E2026_10;
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("target.yaml");
    // Over https, and the file names the authority: nothing of what is judged depends on it.
    let server = Server::start(edition, &target, &["--tls"]);
    let file = fs::read_to_string(&target).expect("the file");
    assert!(file.contains("issuer: https://127.0.0.1:"), "{file}");
    let out = folder.path().join("out");
    let run = Command::new(binary::path("atx"))
        .arg("run")
        .arg("--target")
        .arg(&target)
        .arg("--out")
        .arg(&out)
        .output()
        .expect("atx runs");
    let shown = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{shown}");
    assert_eq!(
        String::from_utf8_lossy(&run.stdout),
        "",
        "talk belongs on stderr"
    );
    let text = fs::read_to_string(out.join("report.json")).expect("a report");
    assert_same(&report(&text), &report(&report_json(whole_run(edition))));
    assert!(server.terminate().success(), "SIGTERM is a clean end");
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_a_target_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("target.yaml");
    let server = Server::start(Edition::E2026_10, &target, &[]);
    let mode = fs::metadata(&target)
        .expect("the file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(server.terminate().success());
}

/// A running server; it ends when dropped.
struct Server(Child);

impl Server {
    fn start(edition: Edition, target: &Path, more: &[&str]) -> Self {
        let child = Command::new(binary::path("mock-okta"))
            .args([
                "serve",
                "--port",
                "0",
                "--edition",
                edition.as_str(),
                "--target-out",
            ])
            .arg(target)
            .args(more)
            .stdout(Stdio::null())
            .spawn()
            .expect("mock-okta runs");
        let mut server = Self(child);
        // The file is there once the server listens.
        wait("the target file", || {
            let ended = server.0.try_wait().expect("its state");
            assert!(ended.is_none(), "mock-okta ended at once: {ended:?}");
            fs::metadata(target)
                .is_ok_and(|file| file.len() > 0)
                .then_some(())
        });
        server
    }

    fn terminate(mut self) -> ExitStatus {
        let pid = self.0.id().to_string();
        let sent = Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .expect("kill runs");
        assert!(sent.success());
        wait("the end of mock-okta", || {
            self.0.try_wait().expect("its state")
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "{what} did not come");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A report without what varies.
fn report(text: &str) -> Value {
    let mut report: Value = serde_json::from_str(text).expect("JSON");
    let members = report.as_object_mut().expect("an object");
    assert!(
        members.remove("varying").is_some(),
        "the full report tells what varies"
    );
    report
}

fn assert_same(served: &Value, embedded: &Value) {
    let target = |report: &Value, member: &str| report["target"][member].clone();
    assert_eq!(target(served, "kind"), "mock");
    assert_eq!(target(embedded, "kind"), "embedded");
    let (results, others) = (&served["results"], &embedded["results"]);
    for (one, other) in results
        .as_array()
        .into_iter()
        .flatten()
        .zip(others.as_array().into_iter().flatten())
    {
        assert_eq!(one, other);
    }
    let without_target = |report: &Value| {
        let mut report = report.clone();
        // Who was tested, and what repeats the run.
        for member in ["target", "again"] {
            let members = report.as_object_mut();
            members.and_then(|members| members.remove(member));
        }
        report
    };
    assert!(
        without_target(served) == without_target(embedded),
        "the reports differ outside their results"
    );
}
