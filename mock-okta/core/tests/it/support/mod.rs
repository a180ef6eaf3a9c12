//! A client of the core: signs users in, signs assertions, sends forms. No socket, and a clock of its own.

mod answer;
mod browser;
mod flows;
mod jws;
mod org;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jiff::Timestamp;
use mock_okta_core::behaviour::Edition;
use mock_okta_core::control::{Call, ControlError, parse};
use mock_okta_core::keys::Keyring;
use mock_okta_core::org::Org;
use mock_okta_core::secret::Secret;
use mock_okta_core::{Core, Options};
use serde_json::Value;

pub use answer::Answer;
pub use browser::{ADA, Authorize, GRACE, REDIRECT, VERIFIER};
pub use flows::basic;
pub use jws::{Jws, Signer};
pub use org::{
    EVERY_ALGORITHM, KEYS_AT, MACHINE, PUBLIC_MACHINE, PUBLISHER, SERVICE_APP, SERVICE_APP_SECRET,
    rich_org,
};

/// What shows the way into the management API.
pub const API_TOKEN: &str = "00management-api-of-the-tests";
pub const BASE: &str = "https://mock.example";
pub const AGENT: &str = "wlpagentrsa000000001";
pub const OTHER_AGENT: &str = "wlpagentec0000000001";
pub const WEB_APP: &str = "0oawebapp00000000001";
pub const PUBLIC_APP: &str = "0oapublicapp00000001";
pub const WEB_APP_SECRET: &str = "web-app+secret: 100 % für Tests only";
pub const TOKEN: &str = "/oauth2/v1/token";
pub const AUTHORIZE: &str = "/oauth2/v1/authorize";
pub const CHAT_ID: &str = "auschat0000000000001";
pub const CHAT: &str = "https://mock.example/oauth2/auschat0000000000001";
pub const CHAT_TOKEN: &str = "/oauth2/auschat0000000000001/v1/token";
pub const CHAT_AUTHORIZE: &str = "/oauth2/auschat0000000000001/v1/authorize";
pub const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
pub const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
pub const VAULTED_SECRET: &str = "urn:okta:params:oauth:token-type:vaulted-secret";
pub const SERVICE_ACCOUNT: &str = "urn:okta:params:oauth:token-type:service-account";
pub const OAUTH_STS: &str = "urn:okta:params:oauth:token-type:oauth-sts";
pub const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
pub const SECRET: &str =
    "orn:okta:pam:00omockokta000000001:secrets:5a3c1f0e-0000-4000-8000-000000000001";
pub const ACCOUNT: &str = "orn:okta:pam:00omockokta000000001:apps:warehouse:0oawarehouse00000001:service_accounts:7b8d2e1a-0000-4000-8000-000000000001";
pub const TRACKER: &str = "https://tracker.example.com";

/// When a test begins.
pub const START: i64 = 1_800_000_000;

pub struct Client {
    pub core: Core,
    pub now: Cell<i64>,
    next: Cell<u32>,
    /// Every answer so far.
    pub answers: RefCell<Vec<RecordedAnswer>>,
    /// The same, taken apart.
    pub seen: RefCell<Vec<(http::response::Parts, Vec<u8>)>>,
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAnswer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub text: String,
}

impl Client {
    /// Sends a request to test control. `path` is what follows `/_mock/`; a body of `null` is empty.
    pub fn control(&self, method: &str, path: &str, body: &Value) -> Result<Value, ControlError> {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        match parse(method, &format!("/_mock/{path}"), "", body.as_bytes())? {
            Call::Command(command) => self.core.control(command, self.instant()),
            call @ (Call::Clock(_) | Call::Wait(_)) => {
                panic!("not a command of the core: {call:?}")
            }
        }
    }

    /// A client of the standard org.
    pub fn new(edition: Edition) -> Self {
        Self::of(&edition.to_string(), || Org::standard(edition))
    }

    /// A client of an org whose keys are made once under this name.
    pub fn of(name: &str, org: impl FnOnce() -> Org) -> Self {
        Self::set_up(name, org, Options::default())
    }

    /// A client of the standard org with its management API.
    pub fn managed() -> Self {
        let options = Options {
            api_token: Some(Secret::new(API_TOKEN)),
            ..Options::default()
        };
        let edition = Edition::default();
        Self::set_up(&edition.to_string(), || Org::standard(edition), options)
    }

    /// A client of an org that is set up like this.
    pub fn set_up(name: &str, org: impl FnOnce() -> Org, options: Options) -> Self {
        static MADE: LazyLock<Mutex<BTreeMap<String, (Org, Keyring)>>> =
            LazyLock::new(Mutex::default);
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        let (org, keys) = made
            .entry(name.to_owned())
            .or_insert_with(|| {
                let org = org();
                let keys = Keyring::make(&org, &[7; 32]).expect("keys");
                (org, keys)
            })
            .clone();
        let options = Options {
            base_url: BASE.to_owned(),
            ..options
        };
        Self {
            core: Core::new(org, keys, options),
            now: Cell::new(START),
            next: Cell::new(0),
            answers: RefCell::default(),
            seen: RefCell::default(),
        }
    }

    /// Changes the configuration, as an administrator does.
    pub fn edit(&self, change: impl FnOnce(&mut Org)) {
        self.core.edit(|snapshot| change(&mut snapshot.org));
    }

    /// Sets a switch.
    pub fn set_switch(&self, switch: &str, choice: &str) {
        self.edit(|org| org.behaviours.set(switch, choice).expect("a choice"));
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: i64) {
        self.now.set(self.now.get() + seconds);
    }

    /// A word that was not used before.
    pub fn fresh(&self, prefix: &str) -> String {
        self.next.set(self.next.get() + 1);
        format!("{prefix}-{}", self.next.get())
    }

    pub fn instant(&self) -> Timestamp {
        Timestamp::from_second(self.now.get()).expect("an instant")
    }

    pub fn send(&self, request: http::request::Builder, body: &str) -> Answer {
        let request = request.body(body.as_bytes().to_vec()).expect("a request");
        let response = self.core.handle(&request, self.instant());
        let answer = Answer::of(&response);
        let (head, body) = response.into_parts();
        let headers = head.headers.iter().map(|(name, value)| {
            let value = value.to_str().expect("text");
            (name.to_string(), value.to_owned())
        });
        self.answers.borrow_mut().push(RecordedAnswer {
            status: head.status.as_u16(),
            headers: headers.collect(),
            text: answer.text.clone(),
        });
        self.seen.borrow_mut().push((head, body));
        answer
    }

    pub fn get(&self, url: &str) -> Answer {
        self.send(http::Request::get(path_of(url)), "")
    }

    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_with(path, form, &[])
    }

    pub fn post_with(&self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let mut request = http::Request::post(path_of(path))
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, &encode(form))
    }

    /// A request with a bearer token.
    pub fn get_as_bearer(&self, path: &str, token: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.send(http::Request::get(path).header("authorization", bearer), "")
    }

    /// A request to the management API with the org's token.
    pub fn manage(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = http::Request::builder().method(method).uri(path_of(path));
        let request = request.header("authorization", format!("SSWS {API_TOKEN}"));
        let request = request.header("content-type", "application/json");
        self.send(request, &body.to_string())
    }

    /// What the management API has at a path.
    pub fn managed_at(&self, path: &str) -> Value {
        let answer = self.manage("GET", path, &Value::Null);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.body
    }

    /// Primary authentication.
    pub fn authenticate(&self, (login, password): (&str, &str)) -> Answer {
        let request =
            http::Request::post("/api/v1/authn").header("content-type", "application/json");
        let body = serde_json::json!({ "username": login, "password": password });
        self.send(request, &body.to_string())
    }

    /// A field of the last answer, each time that it came.
    pub fn last_fields(&self, name: &str) -> Vec<String> {
        let seen = self.seen.borrow();
        let (head, _) = seen.last().expect("an answer");
        let all = head.headers.get_all(name).iter();
        all.map(|value| value.to_str().expect("text").to_owned())
            .collect()
    }

    /// Rules asked by the last request.
    pub fn last_trace(&self) -> String {
        self.core.with_state(|state| {
            let last = state.journal.entries().last();
            last.expect("an entry").rules.join("\n")
        })
    }
}

pub fn encode(form: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish()
}

/// What follows the org's address.
pub fn path_of(url: &str) -> &str {
    url.strip_prefix(BASE).unwrap_or(url)
}

/// Claims of a JWT, unverified.
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a JWT");
    serde_json::from_slice(&B64.decode(payload).expect("base64url")).expect("JSON")
}
