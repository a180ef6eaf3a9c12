//! The standard org with its clients' keys in hand, asked without a socket.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use http::{Request, Response, StatusCode, header};
use jiff::Timestamp;
use mock_okta_core::behaviour::Edition;
use mock_okta_core::keys::Keyring;
use mock_okta_core::org::Org;
use mock_okta_core::{Core, Defect, Options};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::signer::Signer;

/// Where the org of these tests says it is.
pub const BASE: &str = "http://localhost";
/// The agent with an RSA key.
pub const AGENT: &str = "wlpagentrsa000000001";
/// The agent with an EC key.
pub const OTHER_AGENT: &str = "wlpagentec0000000001";
/// The custom authorization server with the chat scopes.
pub const CHAT: &str = "auschat0000000000001";
/// Where the agents' redirects go.
pub const REDIRECT_URI: &str = "http://localhost:8787/callback";
/// Token endpoint of the org authorization server.
pub const TOKEN: &str = "/oauth2/v1/token";
/// Token endpoint of the custom one.
pub const CHAT_TOKEN: &str = "/oauth2/auschat0000000000001/v1/token";

/// A form: names and values in order.
pub type Form = Vec<(String, String)>;

/// The standard org of edition 2026-10, its state its own, its keys shared by all of a process.
#[derive(Debug)]
pub struct TestOrg {
    /// The core that is asked.
    pub core: Core,
    keys: &'static Shared,
    now: AtomicI64,
    count: AtomicU64,
}

#[derive(Debug)]
struct Shared {
    org: Org,
    ring: Keyring,
    signers: BTreeMap<String, Signer>,
}

/// An answer, its body as JSON where it is that.
#[derive(Debug)]
pub struct Answer {
    /// The response.
    pub response: Response<Vec<u8>>,
    /// Its body, `null` when it is no JSON.
    pub body: Value,
}

/// A code and the verifier that belongs to it.
#[derive(Debug, Clone)]
pub struct Code {
    /// `code`
    pub code: String,
    /// `code_verifier`
    pub verifier: String,
}

impl Default for TestOrg {
    fn default() -> Self {
        Self::new()
    }
}

impl TestOrg {
    /// An org at start, at an instant that is always the same.
    pub fn new() -> Self {
        Self::at("2026-11-24T12:00:00Z".parse().expect("a timestamp"))
    }

    /// An org at start, at this instant.
    pub fn at(now: Timestamp) -> Self {
        Self::with(now, Options::default())
    }

    /// An org at start that goes wrong in this way.
    pub fn going_wrong(defect: Defect) -> Self {
        let options = Options {
            defects: [defect].into_iter().collect(),
            ..Options::default()
        };
        Self::with(Self::new().now(), options)
    }

    fn with(now: Timestamp, options: Options) -> Self {
        let keys = shared();
        let options = Options {
            base_url: BASE.to_owned(),
            ..options
        };
        Self {
            core: Core::new(keys.org.clone(), keys.ring.clone(), options),
            keys,
            now: AtomicI64::new(now.as_second()),
            count: AtomicU64::new(0),
        }
    }

    /// Its instant.
    pub fn now(&self) -> Timestamp {
        let seconds = self.now.load(Ordering::Relaxed);
        Timestamp::from_second(seconds).expect("within the range")
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Asks.
    pub fn ask(&self, request: &Request<Vec<u8>>) -> Answer {
        let response = self.core.handle(request, self.now());
        let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
        Answer { response, body }
    }

    /// Posts a form.
    pub fn post(&self, path: &str, form: &[(String, String)]) -> Answer {
        self.ask(&post(path, form))
    }

    /// The key of a client.
    pub fn signer(&self, client: &str) -> &Signer {
        self.keys.signers.get(client).expect("a client with a key")
    }

    /// A `jti` that was not used before.
    pub fn fresh(&self, prefix: &str) -> String {
        format!("{prefix}-{}", self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// Claims of a client assertion that is accepted.
    pub fn assertion_claims(&self, client: &str, path: &str) -> Value {
        let now = self.now().as_second();
        json!({
            "iss": client, "sub": client, "aud": format!("{BASE}{path}"),
            "iat": now, "exp": now + 300, "jti": self.fresh("assertion"),
        })
    }

    /// A form with client authentication, fresh each time.
    pub fn authenticated(&self, client: &str, path: &str, form: &[(&str, &str)]) -> Form {
        let assertion = self
            .signer(client)
            .sign(&self.assertion_claims(client, path));
        let mut all = pairs(form);
        all.extend(pairs(&[
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", &assertion),
        ]));
        all
    }

    /// Ada signs in to a client: the whole browser part.
    pub fn code(&self, client: &str, scope: &str) -> Code {
        self.code_of(("ada@example.com", "ada-likes-engines"), client, scope)
            .expect("a code")
    }

    /// A user signs in to a client; whoever may not gets no code.
    pub fn code_of(&self, user: (&str, &str), client: &str, scope: &str) -> Option<Code> {
        let verifier = B64.encode(Sha256::digest(self.fresh("verifier")));
        let query = pairs(&[
            ("client_id", client),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT_URI),
            ("scope", scope),
            ("state", "state-of-a-test"),
            ("nonce", "nonce-of-a-test"),
            ("code_challenge", &B64.encode(Sha256::digest(&verifier))),
            ("code_challenge_method", "S256"),
        ]);
        let first = self.ask(&get(&format!("/oauth2/v1/authorize?{}", encode(&query))));
        let page = below_base(&first.location());
        let login = pairs(&[("username", user.0), ("password", user.1)]);
        let signed_in = self.post(&page, &login);
        if !signed_in.status().is_redirection() {
            return None;
        }
        let cookie = signed_in.header(&header::SET_COOKIE);
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let mut resume = get(&below_base(&signed_in.location()));
        resume
            .headers_mut()
            .insert(header::COOKIE, cookie.parse().expect("a cookie"));
        let location = Url::parse(&self.ask(&resume).location()).expect("a URL");
        let code = location.query_pairs().find(|(name, _)| name == "code");
        code.map(|(_, code)| Code {
            code: code.into_owned(),
            verifier,
        })
    }

    /// A form that redeems a code.
    pub fn redeem_code(&self, client: &str, code: &Code) -> Form {
        self.authenticated(
            client,
            TOKEN,
            &[
                ("grant_type", "authorization_code"),
                ("code", &code.code),
                ("redirect_uri", REDIRECT_URI),
                ("code_verifier", &code.verifier),
            ],
        )
    }

    /// Tokens of Ada's sign-in.
    pub fn sign_in(&self, client: &str, scope: &str) -> Value {
        let code = self.code(client, scope);
        self.post(TOKEN, &self.redeem_code(client, &code)).granted()
    }

    /// Ada's ID token for a client.
    pub fn id_token(&self, client: &str) -> String {
        text(&self.sign_in(client, "openid profile email"), "id_token")
    }

    /// A form that exchanges an ID token. `target` is the name and value of `audience` or `resource`.
    pub fn exchange(&self, client: &str, id_token: &str, kind: &str, target: (&str, &str)) -> Form {
        self.authenticated(
            client,
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
                ("requested_token_type", kind),
                target,
            ],
        )
    }

    /// A form that asks for an ID-JAG for the chat server.
    pub fn exchange_for_id_jag(&self, client: &str, id_token: &str) -> Form {
        let audience = format!("{BASE}/oauth2/{CHAT}");
        let kind = "urn:ietf:params:oauth:token-type:id-jag";
        let mut form = self.exchange(client, id_token, kind, ("audience", &audience));
        form.extend(pairs(&[("scope", "chat.read")]));
        form
    }

    /// An ID-JAG for the chat server.
    pub fn id_jag(&self, client: &str, id_token: &str) -> String {
        let form = self.exchange_for_id_jag(client, id_token);
        text(&self.post(TOKEN, &form).granted(), "access_token")
    }

    /// A form that redeems an ID-JAG at the chat server.
    pub fn redeem(&self, client: &str, id_jag: &str) -> Form {
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        self.authenticated(
            client,
            CHAT_TOKEN,
            &[("grant_type", grant), ("assertion", id_jag)],
        )
    }
}

impl Answer {
    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The body of an accepted request.
    pub fn granted(self) -> Value {
        assert_eq!(self.status(), StatusCode::OK, "{}", self.body);
        self.body
    }

    /// `Location`
    pub fn location(&self) -> String {
        self.header(&header::LOCATION)
    }

    fn header(&self, name: &header::HeaderName) -> String {
        let value = self.response.headers().get(name);
        let value = value.unwrap_or_else(|| panic!("{name} is missing: {:?}", self.response));
        value.to_str().expect("text").to_owned()
    }
}

/// A GET.
pub fn get(path: &str) -> Request<Vec<u8>> {
    Request::get(path).body(Vec::new()).expect("a request")
}

/// A form as a request.
pub fn post(path: &str, form: &[(String, String)]) -> Request<Vec<u8>> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(encode(form).into_bytes())
        .expect("a request")
}

/// A form as it stands in a body or query.
pub fn encode(form: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish()
}

/// Owned pairs.
pub fn pairs(form: &[(&str, &str)]) -> Form {
    form.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// A member that is a string.
pub fn text(body: &Value, name: &str) -> String {
    let value = body.get(name).and_then(Value::as_str);
    value
        .unwrap_or_else(|| panic!("{name} is missing: {body}"))
        .to_owned()
}

fn below_base(location: &str) -> String {
    location
        .strip_prefix(BASE)
        .expect("an address of this org")
        .to_owned()
}

fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let org = Org::standard(Edition::E2026_10);
        let ring = Keyring::make(&org, &[7; 32]).expect("fresh keys");
        let signers = org
            .clients
            .keys()
            .filter_map(|id| Some((id.as_str().to_owned(), Signer::of(ring.client(id).first()?))))
            .collect();
        Shared { org, ring, signers }
    })
}
