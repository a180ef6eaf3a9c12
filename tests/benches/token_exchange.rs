//! What a two-leg exchange costs, against what its four RS256 signatures alone would cost on the same cores.
//!
//! One run prints all figures: the bare signature is the yardstick, so a faster or busier machine changes both. The two
//! are measured in turns, since a machine may become slower meanwhile.
//! A two-leg exchange is two requests: the agent signs two client assertions, the org an ID-JAG and an access token.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints its figures and stops when it cannot go on"
)]

mod client;

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use conformance_tests::org::{AGENT, CHAT_TOKEN, REDIRECT_URI, TOKEN, TestOrg, text};
use conformance_tests::signer::Signer;
use http::Response;
use http::header::{LOCATION, SET_COOKIE};
use mock_okta::MockOkta;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use client::Client;

/// How long each figure is measured at a time.
const MEASURED: Duration = Duration::from_secs(1);
/// How often.
const TURNS: u32 = 4;
/// How long the clients are at work before they are measured.
const WARM_UP: Duration = Duration::from_millis(200);
/// Clients that ask at the same time.
const CLIENTS: usize = 8;
/// Signatures of one two-leg exchange, both sides together.
const SIGNATURES: f64 = 4.0;
/// Share of what the signatures alone would allow that the project wants to reach.
const WANTED: f64 = 0.85;
/// The grant of the second leg, form-encoded.
const REDEEM: &str = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
/// Authentication by client assertion, form-encoded.
const BY_ASSERTION: &str =
    "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";

fn main() {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let org = TestOrg::new();
    println!(
        "{cores} cores, {} s a figure in {TURNS} turns, release profile",
        (MEASURED * TURNS).as_secs()
    );

    let id_token = org.id_token(AGENT);
    let served = Served::start();
    // An org that has just started still makes keys.
    let _ = served.exchanges_per_second();
    let (mut one, mut all, mut core, mut socket) = (0.0, 0.0, 0.0, 0.0);
    for _ in 0..TURNS {
        let sign = |_| {
            let _ = org.signer(AGENT).signature(b"header.claims");
        };
        one += per_second(1, sign);
        core += per_second(1, |_| {
            let id_jag = org.id_jag(AGENT, &id_token);
            let form = org.redeem(AGENT, &id_jag);
            let _ = org.post(CHAT_TOKEN, &form).granted();
        });
        all += per_second(cores, sign);
        socket += served.exchanges_per_second();
    }
    let [one, all, core, socket] = [one, all, core, socket].map(|sum| sum / f64::from(TURNS));

    println!(
        "raw RS256 signature, parsed key   {one:>8.0} /s on one core ({:.3} ms), {all:.0} /s on all",
        1000.0 / one
    );
    println!(
        "two-leg exchange through the core {core:>8.0} /s on one core ({:.3} ms)",
        1000.0 / core
    );
    let of_a_core = |rate: f64| 1000.0 * cores as f64 / rate;
    let beside = of_a_core(socket) - SIGNATURES * of_a_core(all);
    println!(
        "the same over a socket            {socket:>8.0} /s with {CLIENTS} clients ({:.3} ms of a core, {beside:.3} beside the signatures)",
        of_a_core(socket)
    );

    let allowed = all / SIGNATURES;
    let share = socket / allowed;
    let verdict = if share >= WANTED {
        "reached"
    } else {
        "not reached"
    };
    println!(
        "share of what {SIGNATURES} signatures alone allow ({allowed:.0} /s): {:.0} % (wanted {:.0} %: {verdict})",
        share * 100.0,
        WANTED * 100.0
    );
}

/// How often `work` is done in a second by so many threads.
fn per_second(threads: usize, work: impl Fn(usize) + Sync) -> f64 {
    let started = Instant::now();
    let done: u64 = thread::scope(|scope| {
        let work = &work;
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                scope.spawn(move || {
                    let mut done = 0_u64;
                    while started.elapsed() < MEASURED {
                        work(worker);
                        done += 1;
                    }
                    done
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker"))
            .sum()
    });
    done as f64 / started.elapsed().as_secs_f64()
}

/// An org that is served, and what its clients send.
struct Served {
    agent: Agent,
    exchange: String,
    _org: MockOkta,
}

impl Served {
    fn start() -> Self {
        let org = MockOkta::builder().start_blocking().expect("a mock org");
        let pem = org.private_key_pem(AGENT).expect("the agent's key");
        let agent = Agent {
            base: org.base_url().to_owned(),
            signer: Signer::from_rsa_pem("agent-rsa-1", &pem),
            count: AtomicU64::new(0),
        };
        let id_token = agent.sign_in(&mut Client::connect(&agent.base));
        let exchange = agent.exchange(&id_token);
        Self {
            agent,
            exchange,
            _org: org,
        }
    }

    /// Two-leg exchanges a second by clients that keep their connections, each on a thread of its own.
    fn exchanges_per_second(&self) -> f64 {
        let started = Instant::now() + WARM_UP;
        let client = || {
            let mut client = Client::connect(&self.agent.base);
            while Instant::now() < started {
                self.agent.two_legs(&mut client, &self.exchange);
            }
            let mut done = 0_u64;
            while started.elapsed() < MEASURED {
                self.agent.two_legs(&mut client, &self.exchange);
                done += 1;
            }
            done
        };
        let done: u64 = thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
            let done = clients.into_iter().map(|one| one.join().expect("a client"));
            done.sum()
        });
        done as f64 / started.elapsed().as_secs_f64()
    }
}

struct Agent {
    base: String,
    signer: Signer,
    count: AtomicU64,
}

impl Agent {
    /// The form that asks for an ID-JAG, all but the client's authentication.
    fn exchange(&self, id_token: &str) -> String {
        let audience = format!("{}/oauth2/auschat0000000000001", self.base);
        encoded(&[
            (
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
            ),
            ("subject_token", id_token),
            (
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:id_token",
            ),
            (
                "requested_token_type",
                "urn:ietf:params:oauth:token-type:id-jag",
            ),
            ("audience", &audience),
            ("scope", "chat.read"),
        ])
    }

    fn two_legs(&self, client: &mut Client, exchange: &str) {
        let first = self.post(client, TOKEN, exchange);
        let id_jag = text(&first, "access_token");
        // Here and below: what a JWT is written in needs no encoding.
        let redeem = format!("{REDEEM}&assertion={id_jag}");
        let second = self.post(client, CHAT_TOKEN, &redeem);
        assert!(second["access_token"].is_string(), "{second}");
    }

    /// Posts a form with a fresh client assertion.
    fn post(&self, client: &mut Client, path: &str, form: &str) -> Value {
        let now = jiff::Timestamp::now().as_second();
        let assertion = self.signer.sign(&json!({
            "iss": AGENT, "sub": AGENT, "aud": format!("{}{path}", self.base), "iat": now, "exp": now + 300,
            "jti": self.count.fetch_add(1, Ordering::Relaxed).to_string(),
        }));
        let form = format!("{form}&{BY_ASSERTION}&client_assertion={assertion}");
        let answer = client.post(path, &form);
        serde_json::from_slice(answer.body()).expect("JSON")
    }

    /// Ada's ID token, through the sign-in page.
    fn sign_in(&self, client: &mut Client) -> String {
        const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = B64.encode(Sha256::digest(VERIFIER));
        let query = encoded(&[
            ("client_id", AGENT),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "s"),
            ("redirect_uri", REDIRECT_URI),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let header = |answer: &Response<Vec<u8>>, name| {
            let value = answer.headers().get(name).expect("a header");
            value.to_str().expect("text").to_owned()
        };
        let authorize = format!("/oauth2/v1/authorize?{query}");
        let page = header(&client.get(&authorize, ""), LOCATION);
        let filled = encoded(&[
            ("username", "ada@example.com"),
            ("password", "ada-likes-engines"),
        ]);
        let signed_in = client.post(&page, &filled);
        let (resume, cookie) = (header(&signed_in, LOCATION), header(&signed_in, SET_COOKIE));
        let callback = header(&client.get(&resume, &cookie), LOCATION);
        let callback = url::Url::parse(&callback).expect("a URL");
        let (_, code) = callback
            .query_pairs()
            .find(|(name, _)| name == "code")
            .expect("a code");
        let redeem = encoded(&[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ]);
        text(&self.post(client, TOKEN, &redeem), "id_token")
    }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
