//! `atx sign-in` as a person meets it: a program plays the browser, another process waits at the redirect URI.

#![cfg(unix)]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use harness::exchange::{Party, RequestSpec};
use harness::targets::config::{self, Sources};
use harness::targets::{Browsers, Target, Walk, sign_in_form};
use mock_okta::MockOkta;

use crate::cli::Terminal;

/// Longest time for what takes a moment.
const PATIENCE: Duration = Duration::from_secs(30);
const PAGE: &str = "sign_in:\n  with: page\n";

/// A redirect URI at a port where nobody listens.
pub fn free_redirect_uri() -> String {
    let socket = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    let port = socket.expect("a free port").port();
    format!("http://localhost:{port}/callback")
}

/// An org, its target file, and a browser that notes the links it is to open.
pub struct Desk {
    org: MockOkta,
    pub terminal: Terminal,
    redirect_uri: String,
}

impl Desk {
    /// With another way to sign in than the sign-in page.
    fn new(way: &str) -> Self {
        let redirect_uri = free_redirect_uri();
        let org_file =
            mock_okta::default_org().replace("http://localhost:8787/callback", &redirect_uri);
        let org = MockOkta::builder()
            .org_yaml("org.yaml", org_file)
            .seed(1028)
            .start_blocking()
            .expect("an org");
        let terminal = Terminal::new();
        let file = org.target_file();
        assert!(
            file.contains(PAGE) && file.contains(&redirect_uri),
            "{file}"
        );
        terminal.write(
            "target.yaml",
            &file.replace(PAGE, &format!("sign_in: {{ with: {way} }}\n")),
        );
        Self::at(org, terminal, redirect_uri)
    }

    /// An org and a folder that are there already.
    pub fn at(org: MockOkta, terminal: Terminal, redirect_uri: String) -> Self {
        terminal.write(
            "browser",
            "#!/bin/sh\nprintf '%s\\n' \"$1\" >> \"${0%/*}/links\"\n",
        );
        let browser = terminal.folder().join("browser");
        fs::set_permissions(browser, fs::Permissions::from_mode(0o700)).expect("it can be run");
        Self {
            org,
            terminal,
            redirect_uri,
        }
    }

    /// Requests that the org has had.
    pub fn requests(&self) -> usize {
        self.org.journal().len()
    }

    pub fn start(&self, arguments: &[&str], stdin: Stdio) -> Child {
        let mut command: Command = self.terminal.command(arguments);
        command
            .env("BROWSER", self.terminal.folder().join("browser"))
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().expect("atx runs")
    }

    pub fn atx(&self, arguments: &[&str]) -> Output {
        let started = self.start(arguments, Stdio::null());
        started.wait_with_output().expect("it ends")
    }

    /// The link that the browser is to open, as soon as there is one.
    pub fn link(&self) -> String {
        let links = self.terminal.folder().join("links");
        let latest = Instant::now() + PATIENCE;
        loop {
            let text = fs::read_to_string(&links).unwrap_or_default();
            if let Some((link, _)) = text.split_once('\n') {
                return link.to_owned();
            }
            assert!(Instant::now() < latest, "no link was opened");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Signs a user in at the page, and says where the org sends the browser.
    pub fn sign_in(&self, link: &str, user: &str) -> String {
        let sources = Sources {
            folder: self.terminal.folder(),
            environment: &|_| None,
        };
        let deployment =
            config::parse("target.yaml", &self.org.target_file(), &sources).expect("a target");
        let target = Target::new(deployment).expect("an HTTP client");
        let walk = Walk {
            ends_at: vec![self.redirect_uri.clone()],
            forms: vec![sign_in_form(
                &format!("{user}@example.com"),
                &password(&self.org, user),
            )],
            ..Walk::new(RequestSpec::new(Party::Org, "GET", link))
        };
        let walked = self
            .org
            .block_on(async { target.walk(walk, &Browsers::default()).await });
        let last = walked.exchanges.last().expect("an answer");
        last.redirects_to()
            .unwrap_or_else(|| panic!("{}", last.response.text))
    }

    /// Opens an address of the redirect URI, as a browser does that is sent there.
    pub fn come_back(location: &str) -> String {
        let rest = location.strip_prefix("http://").expect("plain HTTP");
        let (host, path) = rest.split_once('/').expect("a path");
        let mut stream = TcpStream::connect(host).expect("atx listens");
        write!(stream, "GET /{path} HTTP/1.1\r\nhost: {host}\r\n\r\n").expect("it is sent");
        let mut page = String::new();
        stream.read_to_string(&mut page).expect("it is answered");
        page
    }

    fn cache(&self) -> PathBuf {
        self.terminal.folder().join(".atx/target.tokens.json")
    }
}

/// The password that the target file has for a user.
fn password(org: &MockOkta, user: &str) -> String {
    let file = org.target_file();
    let (_, of_user) = file
        .split_once(&format!("login: {user}@example.com"))
        .expect("the user");
    let (_, rest) = of_user.split_once("value: ").expect("a password");
    rest.lines()
        .next()
        .expect("a line")
        .trim()
        .trim_matches('"')
        .to_owned()
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!(
        "{}\n{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    )
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

/// Nothing that is a token, a code or a password is printed.
fn assert_no_secret(text: &str) {
    for secret in ["eyJ", "code=", "password"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn a_person_signs_in_and_a_run_uses_the_tokens() {
    let desk = Desk::new("cache");
    let run = ["run", "secret/who", "--target", "target.yaml"];
    let before = desk.atx(&run);
    assert_eq!(code(&before), 3, "{}", said(&before));
    assert!(said(&before).contains("atx sign-in"), "{}", said(&before));

    let waiting = desk.start(&["sign-in", "--target", "target.yaml"], Stdio::null());
    let link = desk.link();
    assert!(
        link.contains("code_challenge_method=S256") && link.contains("prompt=login"),
        "{link}"
    );
    let location = desk.sign_in(&link, "ada");
    // What else a browser asks for, and what somebody sends who does not know the state.
    assert!(
        Desk::come_back(&desk.redirect_uri.replace("/callback", "/favicon.ico")).contains(" 404 ")
    );
    let forged = format!("{}?code=evil&state=evil", desk.redirect_uri);
    assert!(Desk::come_back(&forged).contains(" 400 "));
    let page = Desk::come_back(&location);
    assert!(
        page.contains(" 200 ") && page.contains("no-store"),
        "{page}"
    );
    let signed_in = waiting.wait_with_output().expect("it ends");
    let printed = said(&signed_in);
    assert_eq!(code(&signed_in), 0, "{printed}");
    for part in [
        "ada@example.com",
        "openid",
        "expires",
        ".atx/target.tokens.json",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    assert_no_secret(&printed.replace(&link, ""));
    let mode = fs::metadata(desk.cache())
        .expect("the cache")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    let after = desk.atx(&run);
    assert_eq!(code(&after), 0, "{}", said(&after));
    assert!(
        said(&after).contains("no sign-in: the token cache has the tokens"),
        "{}",
        said(&after)
    );

    let status = desk.atx(&["sign-in", "--target", "target.yaml", "--status"]);
    assert_eq!(code(&status), 0, "{}", said(&status));
    assert_no_secret(&said(&status));

    fs::set_permissions(desk.cache(), fs::Permissions::from_mode(0o644))
        .expect("its mode can be set");
    let open = desk.atx(&run);
    assert_eq!(code(&open), 3, "{}", said(&open));
    assert!(
        said(&open).contains("others can read the token cache"),
        "{}",
        said(&open)
    );
    let refused = desk.atx(&["sign-in", "--target", "target.yaml"]);
    assert_eq!(code(&refused), 2, "{}", said(&refused));
    fs::set_permissions(desk.cache(), fs::Permissions::from_mode(0o600))
        .expect("its mode can be set");

    let forgotten = desk.atx(&["sign-in", "--target", "target.yaml", "--forget", "--revoke"]);
    assert_eq!(code(&forgotten), 0, "{}", said(&forgotten));
    assert!(!desk.cache().exists());
    let status = desk.atx(&["sign-in", "--target", "target.yaml", "--status"]);
    assert_eq!(code(&status), 3, "{}", said(&status));
}

#[test]
fn over_ssh_the_address_is_pasted() {
    let desk = Desk::new("cache");
    let arguments = [
        "sign-in",
        "--target",
        "target.yaml",
        "--no-browser",
        "--user",
        "grace",
    ];
    let mut waiting = desk.start(&arguments, Stdio::piped());
    let mut stderr = waiting.stderr.take().expect("its stderr");
    let mut shown = String::new();
    while !shown.contains("prompt=login") || !shown.ends_with('\n') {
        let mut chunk = [0; 4096];
        let length = stderr.read(&mut chunk).expect("it can be read");
        assert!(length > 0, "{shown}");
        shown.push_str(&String::from_utf8_lossy(&chunk[..length]));
    }
    assert!(
        !desk.terminal.folder().join("links").exists(),
        "a browser was opened"
    );
    let link = shown
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("http"));
    let location = desk.sign_in(link.expect("a link"), "grace");
    let mut stdin = waiting.stdin.take().expect("its stdin");
    writeln!(stdin, "what?\n{location}").expect("it reads");
    let signed_in = waiting.wait_with_output().expect("it ends");
    stderr.read_to_string(&mut shown).expect("the rest");
    assert_eq!(code(&signed_in), 0, "{shown}");
    assert!(shown.contains("that is not the address"), "{shown}");
    assert!(
        said(&signed_in).contains("grace (grace@example.com)"),
        "{}",
        said(&signed_in)
    );
}

#[test]
fn whoever_signs_in_as_somebody_else_is_told_so() {
    let desk = Desk::new("cache");
    let waiting = desk.start(&["sign-in", "--target", "target.yaml"], Stdio::null());
    let location = desk.sign_in(&desk.link(), "grace");
    Desk::come_back(&location);
    let ended = waiting.wait_with_output().expect("it ends");
    assert_eq!(code(&ended), 3, "{}", said(&ended));
    assert!(
        said(&ended).contains("`grace@example.com` has signed in"),
        "{}",
        said(&ended)
    );
    assert!(!desk.cache().exists());
}

#[test]
fn a_sign_in_that_comes_to_no_end_says_why() {
    let desk = Desk::new("cache");
    // Refused by the org.
    let waiting = desk.start(&["sign-in", "--target", "target.yaml"], Stdio::null());
    let link = url::Url::parse(&desk.link()).expect("a link");
    let state = link
        .query_pairs()
        .find(|(name, _)| name == "state")
        .expect("a state")
        .1;
    Desk::come_back(&format!(
        "{}?error=access_denied&state={state}",
        desk.redirect_uri
    ));
    let refused = waiting.wait_with_output().expect("it ends");
    assert_eq!(code(&refused), 3, "{}", said(&refused));
    assert!(
        said(&refused).contains("access_denied"),
        "{}",
        said(&refused)
    );

    // Nobody comes.
    let late = desk.atx(&["sign-in", "--target", "target.yaml", "--timeout", "1s"]);
    assert_eq!(code(&late), 3, "{}", said(&late));
    assert!(
        said(&late).contains("nobody has signed in within 1 s"),
        "{}",
        said(&late)
    );

    // Somebody else listens there.
    let port = url::Url::parse(&desk.redirect_uri)
        .expect("an address")
        .port()
        .expect("a port");
    let taken = TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
    let in_use = desk.atx(&["sign-in", "--target", "target.yaml"]);
    assert_eq!(code(&in_use), 3, "{}", said(&in_use));
    assert!(
        said(&in_use).contains("end the program that listens there"),
        "{}",
        said(&in_use)
    );
    drop(taken);

    // The answer goes elsewhere, and nobody can paste it.
    let file = fs::read_to_string(desk.terminal.folder().join("target.yaml")).expect("the file");
    desk.terminal.write(
        "elsewhere.yaml",
        &file.replace(&desk.redirect_uri, "https://app.example.com/callback"),
    );
    let elsewhere = desk.atx(&["sign-in", "--target", "elsewhere.yaml", "--no-browser"]);
    assert_eq!(code(&elsewhere), 3, "{}", said(&elsewhere));
    assert!(
        said(&elsewhere).contains("standard input is closed"),
        "{}",
        said(&elsewhere)
    );
}

#[test]
fn ctrl_c_ends_it() {
    let desk = Desk::new("cache");
    let waiting = desk.start(&["sign-in", "--target", "target.yaml"], Stdio::null());
    desk.link();
    let interrupt = Command::new("kill")
        .args(["-INT", &waiting.id().to_string()])
        .status();
    assert!(interrupt.expect("kill runs").success());
    let ended = waiting.wait_with_output().expect("it ends");
    assert_eq!(code(&ended), 3, "{}", said(&ended));
    assert!(said(&ended).contains("interrupted"), "{}", said(&ended));
}

#[test]
fn a_run_asks_a_person_once() {
    let desk = Desk::new("browser");
    let run = ["run", "secret/whole-flow", "--target", "target.yaml"];
    let running = desk.start(&run, Stdio::null());
    let location = desk.sign_in(&desk.link(), "ada");
    Desk::come_back(&location);
    let ran = running.wait_with_output().expect("it ends");
    assert_eq!(code(&ran), 0, "{}", said(&ran));
    assert!(
        said(&ran).contains("1 sign-in at a browser: ada through agent"),
        "{}",
        said(&ran)
    );
    let links = fs::read_to_string(desk.terminal.folder().join("links")).expect("links");
    assert_eq!(links.lines().count(), 1);
    // The tokens serve the next run.
    let again = desk.atx(&run);
    assert_eq!(code(&again), 0, "{}", said(&again));
    assert!(
        said(&again).contains("no sign-in: the token cache has the tokens"),
        "{}",
        said(&again)
    );
}

#[test]
fn a_run_signs_in_by_password() {
    let desk = Desk::new("session");
    let ran = desk.atx(&["run", "secret/who", "--target", "target.yaml"]);
    assert_eq!(code(&ran), 0, "{}", said(&ran));
    assert!(
        said(&ran).contains("by password: ada through agent"),
        "{}",
        said(&ran)
    );
    assert_no_secret(&said(&ran).replace("by password", ""));
}
