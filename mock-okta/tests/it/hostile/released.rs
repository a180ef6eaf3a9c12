//! The program itself under a flood of mixed requests, watched from outside: how much memory the system has given it, and
//! how much work a request makes at the end compared with the beginning. With `HOSTILE_FULL=1` a million requests.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::attacks::{Attack, Attacker, SEED};
use super::size;

/// Clients that attack at the same time.
const ATTACKERS: usize = 2;

/// Parts in which a flood comes; the first and the last are compared.
const ROUNDS: usize = 20;

/// A server that runs until the test ends.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(budget_mib: usize) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mock-okta"))
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

/// What one round cost.
#[derive(Debug, Clone, Copy)]
struct Round {
    ticks: u64,
    wall: Duration,
}

fn flood(server: &Server, requests: usize, kind: fn(usize) -> Attack) -> Vec<Round> {
    let issuer = format!("http://{}", server.address);
    let mut attackers: Vec<Attacker> = (0..ATTACKERS)
        .map(|number| Attacker::new(server.address, &issuer, &number.to_string()))
        .collect();
    (0..ROUNDS)
        .map(|_| {
            let (ticks, begun) = (server.ticks(), Instant::now());
            std::thread::scope(|scope| {
                for attacker in &mut attackers {
                    scope.spawn(move || attacker.attack(requests / ROUNDS / ATTACKERS, kind));
                }
            });
            Round {
                ticks: server.ticks() - ticks,
                wall: begun.elapsed(),
            }
        })
        .collect()
}

/// The middle one of a few rounds: one of them may have met a busy machine.
fn middle(rounds: &[Round]) -> u64 {
    let mut ticks: Vec<u64> = rounds.iter().map(|round| round.ticks).collect();
    ticks.sort_unstable();
    ticks[ticks.len() / 2]
}

/// What a flood cost, in words. With the full sizes the last rounds must not cost more than the first.
fn compare(requests: usize, rounds: &[Round]) -> String {
    let (first, last) = (middle(&rounds[..5]), middle(&rounds[ROUNDS - 5..]));
    let seconds: f64 = rounds.iter().map(|round| round.wall.as_secs_f64()).sum();
    // In a short flood a round is a few ticks long: too coarse to be compared.
    if size(0, 1) == 1 {
        assert!(
            first * 10 >= last * 9,
            "{first} ticks became {last}: {rounds:?}"
        );
    }
    format!(
        "{requests} requests in {seconds:.0} s; processor time of a round: {first} ticks at first, {last} at last"
    )
}

#[test]
fn a_flood_of_mixed_requests_fills_no_memory_and_slows_nothing_down() {
    let (budget, most) = (size(4, 256), size(90, 300));
    let server = Server::start(budget);
    let requests = size(4000, 1_000_000);
    let rounds = flood(&server, requests, Attack::of);
    let peak = server.peak_mib();
    println!("peak {peak} MiB with a budget of {budget} MiB");
    assert!(peak < most, "{peak} MiB");
    println!("{}", compare(requests, &rounds));
}

#[test]
fn a_refresh_token_makes_no_more_work_after_many_uses() {
    let server = Server::start(size(4, 256));
    let requests = size(800, 60_000);
    let rounds = flood(&server, requests, |_| Attack::RefreshReuse);
    assert!(
        server.peak_mib() < size(90, 300),
        "{} MiB",
        server.peak_mib()
    );
    println!("{}", compare(requests, &rounds));
}
