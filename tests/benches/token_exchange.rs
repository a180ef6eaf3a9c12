//! What a two-leg exchange costs, against what its four RS256 signatures alone would cost on the same cores.
//!
//! One run prints all figures: the bare signature is the yardstick, so a faster or busier machine changes both.
//! A two-leg exchange is two requests: the agent signs two client assertions, the org an ID-JAG and an access token.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints its figures and stops when it cannot go on"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use conformance_tests::org::{AGENT, CHAT_TOKEN, REDIRECT_URI, TOKEN, TestOrg, text};
use conformance_tests::signer::Signer;
use mock_okta::MockOkta;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// How long each figure is measured.
const MEASURED: Duration = Duration::from_secs(3);
/// Clients that ask at the same time.
const CLIENTS: usize = 8;
/// Signatures of one two-leg exchange, both sides together.
const SIGNATURES: f64 = 4.0;
/// Share of what the signatures alone would allow that the project wants to reach.
const WANTED: f64 = 0.85;

fn main() {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let org = TestOrg::new();
    println!(
        "{cores} cores, {} s a figure, release profile",
        MEASURED.as_secs()
    );

    let sign = |_| {
        let _ = org.signer(AGENT).signature(b"header.claims");
    };
    let one = per_second(1, sign);
    let all = per_second(cores, sign);
    println!(
        "raw RS256 signature, parsed key   {one:>8.0} /s on one core ({:.3} ms), {all:.0} /s on all",
        1000.0 / one
    );

    let id_token = org.id_token(AGENT);
    let core = per_second(1, |_| {
        let id_jag = org.id_jag(AGENT, &id_token);
        let form = org.redeem(AGENT, &id_jag);
        let _ = org.post(CHAT_TOKEN, &form).granted();
    });
    println!(
        "two-leg exchange through the core {core:>8.0} /s on one core ({:.3} ms)",
        1000.0 / core
    );

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let socket = runtime.block_on(over_a_socket());
    println!("the same over a socket            {socket:>8.0} /s with {CLIENTS} clients");

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

/// Two-leg exchanges a second by clients that keep their connections.
async fn over_a_socket() -> f64 {
    let okta = MockOkta::start().await.expect("a mock org");
    let pem = okta.private_key_pem(AGENT).expect("the agent's key");
    let agent = Arc::new(Agent {
        base: okta.base_url().to_owned(),
        signer: Signer::from_rsa_pem("agent-rsa-1", &pem),
        http: reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client"),
        count: AtomicU64::new(0),
    });
    let id_token = Arc::new(agent.sign_in().await);
    let started = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (agent, id_token) = (Arc::clone(&agent), Arc::clone(&id_token));
            tokio::spawn(async move {
                let mut done = 0_u64;
                while started.elapsed() < MEASURED {
                    agent.two_legs(&id_token).await;
                    done += 1;
                }
                done
            })
        })
        .collect();
    let mut done = 0;
    for client in clients {
        done += client.await.expect("a client");
    }
    let rate = done as f64 / started.elapsed().as_secs_f64();
    okta.shutdown().await;
    rate
}

struct Agent {
    base: String,
    signer: Signer,
    http: reqwest::Client,
    count: AtomicU64,
}

impl Agent {
    async fn two_legs(&self, id_token: &str) {
        let audience = format!("{}/oauth2/auschat0000000000001", self.base);
        let first = self
            .post(
                TOKEN,
                &[
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
                ],
            )
            .await;
        let id_jag = text(&first, "access_token");
        let second = self
            .post(
                CHAT_TOKEN,
                &[
                    ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                    ("assertion", &id_jag),
                ],
            )
            .await;
        assert!(second["access_token"].is_string(), "{second}");
    }

    /// Posts a form with a fresh client assertion.
    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let url = format!("{}{path}", self.base);
        let now = jiff::Timestamp::now().as_second();
        let assertion = self.signer.sign(&json!({
            "iss": AGENT, "sub": AGENT, "aud": url, "iat": now, "exp": now + 300,
            "jti": self.count.fetch_add(1, Ordering::Relaxed).to_string(),
        }));
        let mut form = form.to_vec();
        form.push((
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ));
        form.push(("client_assertion", &assertion));
        let body = encoded(&form);
        let request = self
            .http
            .post(&url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let bytes = request
            .send()
            .await
            .expect("an answer")
            .bytes()
            .await
            .expect("a body");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// Ada's ID token, through the sign-in page.
    async fn sign_in(&self) -> String {
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
        let location = |answer: &reqwest::Response| {
            answer
                .headers()
                .get("location")
                .expect("a redirect")
                .to_str()
                .expect("text")
                .to_owned()
        };
        let authorize = format!("{}/oauth2/v1/authorize?{query}", self.base);
        let page = location(&self.http.get(authorize).send().await.expect("an answer"));
        let filled = encoded(&[
            ("username", "ada@example.com"),
            ("password", "ada-likes-engines"),
        ]);
        let request = self
            .http
            .post(page)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(filled);
        let signed_in = request.send().await.expect("an answer");
        let cookie = signed_in
            .headers()
            .get("set-cookie")
            .expect("a session")
            .clone();
        let resume = self.http.get(location(&signed_in)).header("cookie", cookie);
        let callback = location(&resume.send().await.expect("an answer"));
        let callback = url::Url::parse(&callback).expect("a URL");
        let (_, code) = callback
            .query_pairs()
            .find(|(name, _)| name == "code")
            .expect("a code");
        let tokens = self
            .post(
                TOKEN,
                &[
                    ("grant_type", "authorization_code"),
                    ("code", &code),
                    ("redirect_uri", REDIRECT_URI),
                    ("code_verifier", VERIFIER),
                ],
            )
            .await;
        text(&tokens, "id_token")
    }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
