//! The program itself under a flood of mixed requests, watched from outside: how much memory the system has given it, and
//! how much work a request makes at the end compared with the beginning. With `HOSTILE_FULL=1` a million requests.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::attacks::{Attack, Attacker, SEED};
use super::size;

/// Clients that attack at the same time.
const ATTACKERS: usize = 2;

/// A server that runs until the test ends.
struct Server {
    child: Child,
    address: SocketAddr,
}

/// The server: that of this build, or where `PROGRAMS` names a folder the one in it.
fn server() -> PathBuf {
    match std::env::var_os("PROGRAMS") {
        Some(folder) => Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(folder)
            .join(format!("mock-okta{}", std::env::consts::EXE_SUFFIX)),
        None => PathBuf::from(env!("CARGO_BIN_EXE_mock-okta")),
    }
}

impl Server {
    fn start(budget_mib: usize) -> Self {
        let mut child = Command::new(server())
            .args(["serve", "--port", "0", "--seed", &SEED.to_string()])
            .args(["--memory-budget", &budget_mib.to_string()])
            .env_remove("MOCK_OKTA_CONTROL_TOKEN")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line.trim_end().rsplit("http://").next();
        let address = address.and_then(|address| address.parse().ok());
        Self {
            child,
            address: address.expect("an address"),
        }
    }

    /// The most memory that it had so far, in MiB.
    fn peak_mib(&self) -> usize {
        let status = self.proc("status");
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<usize>().ok());
        kib.expect("a number") / 1024
    }

    /// Processor time that it has used, in ticks of the system.
    fn ticks(&self) -> u64 {
        let stat = self.proc("stat");
        // Behind the name, which may hold blanks: `utime` and `stime` are the fields 14 and 15 (proc(5)).
        let (_, rest) = stat.rsplit_once(')').expect("a name");
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |at: usize| fields[at].parse::<u64>().expect("a number");
        ticks(11) + ticks(12)
    }

    fn proc(&self, file: &str) -> String {
        let path = format!("/proc/{}/{file}", self.child.id());
        std::fs::read_to_string(path).expect("the process is there")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server under attack.
struct Flooded {
    server: Server,
    attackers: Vec<Attacker>,
}

impl Flooded {
    fn start(budget_mib: usize) -> Self {
        let server = Server::start(budget_mib);
        let issuer = format!("http://{}", server.address);
        let attackers = (0..ATTACKERS)
            .map(|number| Attacker::new(server.address, &issuer, &number.to_string()));
        Self {
            attackers: attackers.collect(),
            server,
        }
    }

    /// Sends so many requests and tells the processor time that they cost the server, in ticks.
    fn attack(&mut self, requests: usize, kind: fn(usize) -> Attack) -> u64 {
        let before = self.server.ticks();
        std::thread::scope(|scope| {
            for attacker in &mut self.attackers {
                scope.spawn(move || attacker.attack(requests / ATTACKERS, kind));
            }
        });
        self.server.ticks() - before
    }
}

/// What requests cost a server that has just begun, in percent of what they cost one that was flooded: below a hundred, the
/// flooded one is slower. The machine is not always equally fast, so the two are asked in short rounds, and the fresh one
/// is not asked often enough to be flooded itself.
#[expect(
    clippy::print_stdout,
    reason = "figures for whoever tries the full sizes"
)]
fn compare(flooded: &mut Flooded, requests: usize, kind: fn(usize) -> Attack) -> u64 {
    const ROUNDS: usize = 24;
    let mut fresh = Flooded::start(256);
    let (mut beginning, mut end) = (0, 0);
    for round in 0..ROUNDS {
        // Whoever comes second may find the machine warmer.
        if round % 2 == 0 {
            beginning += fresh.attack(requests / ROUNDS, kind);
            end += flooded.attack(requests / ROUNDS, kind);
        } else {
            end += flooded.attack(requests / ROUNDS, kind);
            beginning += fresh.attack(requests / ROUNDS, kind);
        }
    }
    println!("processor time of {requests} requests: {beginning} ticks at first, {end} at last");
    beginning * 100 / end.max(1)
}

/// Floods a server; neither its memory nor the work that a request makes may grow.
#[expect(
    clippy::print_stdout,
    reason = "figures for whoever tries the full sizes"
)]
fn endure(requests: usize, compared: usize, kind: fn(usize) -> Attack) {
    let (budget, most) = (size(4, 256), size(90, 300));
    let mut flooded = Flooded::start(budget);
    let begun = Instant::now();
    flooded.attack(requests, kind);
    let seconds = begun.elapsed().as_secs();
    let peak = flooded.server.peak_mib();
    println!(
        "{requests} requests in {seconds} s, at most {peak} MiB with a budget of {budget} MiB"
    );
    assert!(peak < most, "{peak} MiB");
    // A small flood takes a few ticks: too coarse to be compared.
    if size(0, 1) == 1 {
        let percent = compare(&mut flooded, compared, kind);
        assert!(percent >= 90, "{percent} % of the beginning are left");
        let peak = flooded.server.peak_mib();
        assert!(peak < most, "{peak} MiB");
    }
}

#[test]
fn a_flood_of_mixed_requests_fills_no_memory_and_slows_nothing_down() {
    endure(size(4000, 1_000_000), 48_000, Attack::of);
}

#[test]
fn a_refresh_token_makes_no_more_work_after_many_uses() {
    endure(size(800, 30_000), 12_000, |_| Attack::RefreshReuse);
}
