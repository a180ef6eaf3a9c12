//! `atx` and `mock-okta` as they are started from a shell, and everything they say.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::{self, JoinHandle};
use std::{env, fs};

use conformance_tests::{binary, repo};

/// What was shown, by where.
pub type Outputs = Vec<(String, String)>;

/// `mock-okta serve`, killed when it is dropped.
#[derive(Debug)]
pub struct Served {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
}

impl Served {
    /// Serves an org file to those who know it by `issuer`.
    pub fn start(config: &Path, issuer: &str, target: &Path, control_token: &str) -> Self {
        let mut child = program("mock-okta")
            .args(["serve", "--port", "0", "--issuer", issuer, "--config"])
            .arg(config)
            .arg("--target-out")
            .arg(target)
            .env("MOCK_OKTA_CONTROL_TOKEN", control_token)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("mock-okta starts");
        let stderr = child
            .stderr
            .take()
            .map(|stderr| thread::spawn(move || all(stderr)));
        let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        let address = line.trim_end().rsplit("http://").next().map(str::parse);
        let Some(Ok(address)) = address else {
            panic!("{line}{:?}", stderr.map(JoinHandle::join));
        };
        let stdout = thread::spawn(move || line + all(stdout).as_str());
        Self {
            child,
            address,
            stdout: Some(stdout),
            stderr,
        }
    }

    /// Ends it; what it said.
    pub fn stop(mut self) -> Outputs {
        self.child.kill().expect("a child");
        let said = |name: &str, output: Option<JoinHandle<String>>| {
            let text = output.expect("taken once").join().expect("no panic");
            (format!("{name} of mock-okta"), text)
        };
        vec![
            said("stdout", self.stdout.take()),
            said("stderr", self.stderr.take()),
        ]
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The whole journal, as test control tells it.
pub fn journal(org: SocketAddr, control_token: &str) -> Outputs {
    let mut pages = Outputs::new();
    let mut after = 0;
    loop {
        let page = journal_page(org, after, control_token);
        let (_, body) = page.split_once("\r\n\r\n").expect("a body");
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        if body["entries"].as_array().is_none_or(Vec::is_empty) {
            return pages;
        }
        after = body["next"].as_u64().expect("a number");
        pages.push(("the journal".to_owned(), page));
    }
}

fn journal_page(org: SocketAddr, after: u64, control_token: &str) -> String {
    let mut stream = TcpStream::connect(org).expect("it listens");
    write!(
        stream,
        "GET /_mock/journal?after={after}&limit=500 HTTP/1.1\r\nHost: {org}\r\n\
         Authorization: Bearer {control_token}\r\nConnection: close\r\n\r\n",
    )
    .expect("it reads");
    let page = all(stream);
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    page
}

/// Runs `atx run` with reports in `out`: its exit code, and what it said and wrote.
pub fn atx_run(target: &Path, out: &Path, arguments: &[&str]) -> (Option<i32>, Outputs) {
    with_env(target, out, arguments, ("NO_COLOR", "1"))
}

/// The same with a variable in its environment.
pub fn with_env(
    target: &Path,
    out: &Path,
    arguments: &[&str],
    (name, value): (&str, &str),
) -> (Option<i32>, Outputs) {
    let ran = program("atx")
        .env(name, value)
        .args(["run", "--target"])
        .arg(target)
        .arg("--out")
        .arg(out)
        .args(arguments)
        .output()
        .expect("atx runs");
    let (stdout, stderr) = said(&ran);
    let mut outputs = vec![
        ("stdout of atx".to_owned(), stdout),
        ("stderr of atx".to_owned(), stderr),
    ];
    for entry in fs::read_dir(out).into_iter().flatten() {
        let path = entry.expect("a readable entry").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        outputs.push((name, text(&fs::read(path).expect("a file"))));
    }
    (ran.status.code(), outputs)
}

/// Standard output and standard error.
pub fn said(ran: &Output) -> (String, String) {
    (text(&ran.stdout), text(&ran.stderr))
}

/// A program, started where an unexpected end would tell the most.
pub fn program(name: &str) -> Command {
    let mut command = Command::new(binary::path(name));
    command
        .current_dir(env::temp_dir())
        .env("RUST_BACKTRACE", "full")
        .env("NO_COLOR", "1");
    command
}

/// All scenarios of a folder of the repository, as text.
pub fn scenario_texts(folder: &str) -> String {
    let mut all = String::new();
    let mut folders = vec![repo::root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push_str(&text(&fs::read(path).expect("a file")));
            }
        }
    }
    all
}

fn all(mut from: impl std::io::Read) -> String {
    let mut bytes = Vec::new();
    // What was said before a connection broke counts.
    let _ = from.read_to_end(&mut bytes);
    text(&bytes)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
