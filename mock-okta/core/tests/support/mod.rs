//! A client of the core: signs users in, signs assertions, sends forms. No socket, and a clock of its own.

#![allow(
    clippy::expect_used,
    reason = "a test helper that cannot go on says why and stops"
)]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test binary uses a part of it"
)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jiff::Timestamp;
use mock_okta_core::behaviour::Edition;
use mock_okta_core::keys::Keyring;
use mock_okta_core::org::{ClientId, Org};
use mock_okta_core::{Core, Options};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::cell::Cell;

pub const BASE: &str = "https://mock.example";
pub const AGENT: &str = "wlpagentrsa000000001";
pub const OTHER_AGENT: &str = "wlpagentec0000000001";
pub const TOKEN: &str = "/oauth2/v1/token";
pub const CHAT: &str = "https://mock.example/oauth2/auschat0000000000001";
pub const CHAT_TOKEN: &str = "/oauth2/auschat0000000000001/v1/token";
pub const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
pub const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
pub const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

pub struct Client {
    pub core: Core,
    pub now: Cell<i64>,
    next_jti: Cell<u32>,
}

pub struct Answer {
    pub status: u16,
    pub code: Option<String>,
    pub location: Option<String>,
    pub cookie: Option<String>,
    pub body: Value,
}

impl Answer {
    pub fn text(&self, name: &str) -> String {
        self.body[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name} in {}", self.body))
            .to_owned()
    }

    /// Status, `error` and internal code in one line.
    pub fn refusal(&self) -> String {
        let error = self.body["error"].as_str().unwrap_or("-");
        format!(
            "{} {error} {}",
            self.status,
            self.code.as_deref().unwrap_or("-")
        )
    }
}

impl Client {
    pub fn new(edition: Edition) -> Self {
        let org = Org::standard(edition);
        let keys = Keyring::make(&org, &[7; 32]).expect("keys");
        let options = Options {
            base_url: BASE.to_owned(),
            ..Options::default()
        };
        Self {
            core: Core::new(org, keys, options),
            now: Cell::new(1_800_000_000),
            next_jti: Cell::new(0),
        }
    }

    pub fn send(&self, request: http::request::Builder, body: &str) -> Answer {
        let request = request.body(body.as_bytes().to_vec()).expect("a request");
        let response = self.core.handle(
            &request,
            Timestamp::from_second(self.now.get()).expect("an instant"),
        );
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().expect("text").to_owned())
        };
        Answer {
            status: response.status().as_u16(),
            code: header("x-mock-okta-code"),
            location: header("location"),
            cookie: header("set-cookie"),
            body: serde_json::from_slice(response.body()).unwrap_or(Value::Null),
        }
    }

    pub fn get(&self, url: &str) -> Answer {
        self.send(http::Request::get(url), "")
    }

    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request =
            http::Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request, &body)
    }

    /// A token request of an agent, authenticated by `private_key_jwt`.
    pub fn post_as(&self, agent: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let assertion = self.assertion(agent, &format!("{BASE}{path}"));
        let mut form = form.to_vec();
        form.push((
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ));
        form.push(("client_assertion", &assertion));
        self.post(path, &form)
    }

    pub fn assertion(&self, agent: &str, audience: &str) -> String {
        self.next_jti.set(self.next_jti.get() + 1);
        let now = self.now.get();
        let claims = json!({
            "iss": agent, "sub": agent, "aud": audience, "iat": now, "exp": now + 60,
            "jti": format!("jti-{}", self.next_jti.get()),
        });
        self.sign(agent, None, &claims)
    }

    /// Signs with a client's own key.
    pub fn sign(&self, client: &str, typ: Option<&str>, claims: &Value) -> String {
        let snapshot = self.core.snapshot();
        let key = &snapshot.keys.client(&ClientId::new(client))[0];
        let pem = key
            .private_pem
            .as_ref()
            .expect("a made key")
            .reveal()
            .as_bytes();
        let (alg, encoding) = if key.public.alg.as_str() == "ES256" {
            (
                jsonwebtoken::Algorithm::ES256,
                jsonwebtoken::EncodingKey::from_ec_pem(pem),
            )
        } else {
            (
                jsonwebtoken::Algorithm::RS256,
                jsonwebtoken::EncodingKey::from_rsa_pem(pem),
            )
        };
        let mut header = json!({ "alg": key.public.alg.as_str(), "kid": key.public.kid });
        if let Some(typ) = typ {
            header["typ"] = json!(typ);
        }
        let message = format!(
            "{}.{}",
            B64.encode(header.to_string()),
            B64.encode(claims.to_string())
        );
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &encoding.expect("a key"), alg)
                .expect("signs");
        format!("{message}.{signature}")
    }

    /// A code for a client, through authorize and the sign-in page.
    pub fn code(&self, client: &str, login: &str, password: &str, scope: &str) -> String {
        let challenge = B64.encode(Sha256::digest(VERIFIER));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("client_id", client),
                ("response_type", "code"),
                ("scope", scope),
                ("state", "s-1"),
                ("nonce", "n-1"),
                ("redirect_uri", REDIRECT),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ])
            .finish();
        let page = self
            .get(&format!("/oauth2/v1/authorize?{query}"))
            .location
            .expect("to the sign-in page");
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("username", login), ("password", password)])
            .finish();
        let page = page.trim_start_matches(BASE);
        let request =
            http::Request::post(page).header("content-type", "application/x-www-form-urlencoded");
        let signed_in = self.send(request, &form);
        let cookie = signed_in.cookie.expect("a session");
        let resume = signed_in.location.expect("back to authorize");
        let resume = http::Request::get(resume.trim_start_matches(BASE)).header("cookie", cookie);
        let location = self.send(resume, "").location.expect("to the client");
        let query = location.split_once('?').expect("a query").1.to_owned();
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "code")
            .expect("a code")
            .1
            .into_owned()
    }

    /// A token response for Ada at the agent's own client.
    pub fn sign_in(&self) -> Answer {
        let code = self.code(
            AGENT,
            "ada@example.com",
            "ada-likes-engines",
            "openid profile email offline_access",
        );
        self.post_as(
            AGENT,
            TOKEN,
            &[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", REDIRECT),
                ("code_verifier", VERIFIER),
            ],
        )
    }

    /// An exchange for Ada.
    pub fn exchange(&self, id_token: &str, requested: &str, target: &[(&str, &str)]) -> Answer {
        let mut form = vec![
            ("grant_type", EXCHANGE),
            ("subject_token", id_token),
            ("subject_token_type", ID_TOKEN),
            ("requested_token_type", requested),
        ];
        form.extend_from_slice(target);
        self.post_as(AGENT, TOKEN, &form)
    }

    pub fn id_jag(&self) -> String {
        let id_token = self.sign_in().text("id_token");
        self.exchange(
            &id_token,
            ID_JAG,
            &[("audience", CHAT), ("scope", "chat.read")],
        )
        .text("access_token")
    }

    /// Rules asked by the last request.
    pub fn last_trace(&self) -> String {
        self.core.with_state(|state| {
            state
                .journal
                .entries()
                .last()
                .expect("an entry")
                .rules
                .join("\n")
        })
    }
}

pub const REDIRECT: &str = "http://localhost:8787/callback";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Claims of a JWT, unverified.
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a JWT");
    serde_json::from_slice(&B64.decode(payload).expect("base64url")).expect("JSON")
}
