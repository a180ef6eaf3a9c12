//! What hostile clients send to fill a store or to make each request dearer than the one before.

use std::collections::VecDeque;
use std::net::SocketAddr;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jiff::Timestamp;
use mock_okta::MockOkta;
use serde_json::{Value, json};

use super::wire::{Answer, Connection, base64_url, get, post};
use crate::client;

/// The seed of a server that is attacked: an attacker is one of its clients and knows its own key.
pub(super) const SEED: u64 = 16;

const AGENT: &str = "wlpagentec0000000001";
const WEB_APP: &str = "client_id=0oawebapp00000000001&client_secret=web-app-secret-for-tests-only";
const MACHINE: &str = "0oaserviceapp0000001";
const MACHINE_SECRET: &str = "service-app secret:for-tests-only-it-is-as-long-as-hs512-needs-it";
const TOKEN: &str = "/oauth2/v1/token";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// One kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attack {
    /// Two hundred values of `scope`, each of characters that JSON writes in six.
    EscapedScopes,
    /// Sign-ins that nobody finishes, with a `state` and a `nonce` as long as they may be.
    BigState,
    /// The same with 65,000 bytes of each.
    OversizedState,
    /// Client assertions that are all right and all different.
    Jtis,
    /// One refresh token, used again and again.
    RefreshReuse,
    /// Codes that nobody redeems.
    Codes,
    /// Codes that are redeemed for refresh tokens.
    RedeemedCodes,
    /// One user who signs in again and again.
    Sessions,
    /// Exchanges for a third party's token, each answered with a link.
    Links,
    /// Links that are followed: each makes a token of the third party.
    ThirdPartyTokens,
    /// Access tokens that are revoked one by one.
    Revocations,
    /// Methods, paths and names that nobody has.
    Nonsense,
}

impl Attack {
    pub(super) const ALL: [Self; 12] = [
        Self::EscapedScopes,
        Self::BigState,
        Self::OversizedState,
        Self::Jtis,
        Self::RefreshReuse,
        Self::Codes,
        Self::RedeemedCodes,
        Self::Sessions,
        Self::Links,
        Self::ThirdPartyTokens,
        Self::Revocations,
        Self::Nonsense,
    ];

    /// How many of a thousand mixed requests are of this kind: those that make the server sign are rarer.
    fn share(self) -> usize {
        match self {
            Self::EscapedScopes => 5,
            Self::BigState | Self::Codes => 250,
            Self::OversizedState | Self::Revocations => 10,
            Self::Jtis => 220,
            Self::RefreshReuse | Self::RedeemedCodes => 20,
            Self::Sessions => 80,
            Self::Links => 35,
            Self::ThirdPartyTokens => 30,
            Self::Nonsense => 70,
        }
    }

    /// The kind of the request with this number, when all are mixed.
    pub(super) fn of(number: usize) -> Self {
        // Neighbours are of different kinds.
        let mut place = number * 377 % 1000;
        for attack in Self::ALL {
            if place < attack.share() {
                return attack;
            }
            place -= attack.share();
        }
        Self::Nonsense
    }
}

/// A client of the default org that means no good: it has signed in once and keeps what it was given.
#[derive(Debug)]
pub(super) struct Attacker {
    connection: Connection,
    issuer: String,
    name: String,
    sid: String,
    sign_in: String,
    refresh_token: String,
    id_token: String,
    agent_assertion: String,
    access_tokens: VecDeque<String>,
    codes: VecDeque<String>,
    links: VecDeque<String>,
    count: usize,
    escaped: String,
}

impl Attacker {
    /// An attacker who signs in at the org at `address`, whose issuer is `issuer`.
    pub(super) fn new(address: SocketAddr, issuer: &str, name: &str) -> Self {
        let mut connection = Connection::to(address);
        let assertion = agent_assertion(issuer);
        let (sid, sign_in) = sign_in(&mut connection);
        let mut attacker = Self {
            connection,
            issuer: issuer.to_owned(),
            name: name.to_owned(),
            sid,
            sign_in,
            refresh_token: String::new(),
            id_token: String::new(),
            agent_assertion: assertion,
            access_tokens: VecDeque::new(),
            codes: VecDeque::new(),
            links: VecDeque::new(),
            count: 0,
            escaped: vec![format!("scope={}", "%01".repeat(512)); 198].join("&"),
        };
        let code = attacker.code("client_id=0oawebapp00000000001", "openid%20offline_access");
        let tokens = attacker.redeem(&code, WEB_APP);
        attacker.refresh_token = text(&tokens, "refresh_token");
        let agent = format!("client_id={AGENT}");
        let code = attacker.code(&agent, "openid");
        let tokens = attacker.redeem(&code, &attacker.as_agent());
        attacker.id_token = text(&tokens, "id_token");
        attacker
    }

    /// Attacks so often. Requests travel in small batches. No answer may be a breakdown.
    pub(super) fn attack(&mut self, times: usize, kind: impl Fn(usize) -> Attack) {
        const BATCH: usize = 16;
        const BATCH_BYTES: usize = 48 * 1024;
        let mut left = times;
        while left > 0 {
            let mut bytes = Vec::new();
            let mut sent = Vec::new();
            while left > 0 && sent.len() < BATCH && bytes.len() < BATCH_BYTES {
                let attack = kind(self.count);
                bytes.extend_from_slice(&self.request(attack));
                sent.push(attack);
                self.count += 1;
                left -= 1;
            }
            self.connection.write(&bytes);
            for attack in sent {
                let answer = self.connection.read();
                assert!(answer.status < 500, "{attack:?}: {answer:?}");
                self.learn(&answer);
            }
        }
    }

    fn request(&mut self, attack: Attack) -> Vec<u8> {
        let count = self.count;
        let cookie = format!("cookie: sid={}\r\n", self.sid);
        let agent = self.as_agent();
        match attack {
            Attack::EscapedScopes => post(TOKEN, "", &format!("grant_type=x&{}", self.escaped)),
            Attack::BigState => get(
                &authorize(
                    "client_id=0oawebapp00000000001",
                    "openid",
                    8 * 1024,
                    2 * 1024,
                ),
                "",
            ),
            Attack::OversizedState => {
                let long = "s".repeat(65_000);
                let request = format!(
                    "client_id=0oawebapp00000000001&response_type=code&scope=openid&redirect_uri={REDIRECT}&state={long}&nonce={long}"
                );
                post("/oauth2/v1/authorize", "", &request)
            }
            Attack::Jtis => {
                let jti = format!("{}-{count}-{}", self.name, "j".repeat(400));
                let assertion = machine_assertion(&self.issuer, &jti);
                let form = format!(
                    "token=x&client_assertion_type={ASSERTION_TYPE}&client_assertion={assertion}"
                );
                post("/oauth2/v1/introspect", "", &form)
            }
            Attack::RefreshReuse => post(
                TOKEN,
                "",
                &format!(
                    "grant_type=refresh_token&scope=offline_access&refresh_token={}&{WEB_APP}",
                    self.refresh_token
                ),
            ),
            Attack::RedeemedCodes if let Some(code) = self.codes.pop_front() => {
                post(TOKEN, "", &redeeming(&code, WEB_APP))
            }
            Attack::Codes | Attack::RedeemedCodes => {
                let target = authorize(
                    "client_id=0oawebapp00000000001",
                    "openid%20offline_access",
                    2048,
                    64,
                );
                get(&target, &cookie)
            }
            Attack::Sessions => post(&self.sign_in, "", ADA),
            Attack::ThirdPartyTokens if let Some(link) = self.links.pop_front() => get(
                &format!("/oauth2/v1/sts/callback?dataHandle={link}&decision=allow"),
                "",
            ),
            Attack::Links | Attack::ThirdPartyTokens => post(
                TOKEN,
                "",
                &format!(
                    "grant_type=urn:ietf:params:oauth:grant-type:token-exchange\
                     &requested_token_type=urn:okta:params:oauth:token-type:oauth-sts\
                     &subject_token={}&subject_token_type=urn:ietf:params:oauth:token-type:id_token\
                     &resource=https://calendar.example.com&{agent}",
                    self.id_token
                ),
            ),
            Attack::Revocations => {
                let token = self.access_tokens.pop_front().unwrap_or_default();
                post("/oauth2/v1/revoke", "", &format!("token={token}&{WEB_APP}"))
            }
            Attack::Nonsense => format!(
                "{}{count} /{}{count} HTTP/1.1\r\nhost: localhost\r\nuser-agent: {}\r\n\r\n",
                "M".repeat(1000),
                "p".repeat(3000),
                "u".repeat(3000)
            )
            .into_bytes(),
        }
    }

    /// Keeps what may be used against the org later.
    fn learn(&mut self, answer: &Answer) {
        const KEPT: usize = 2000;
        let found = [
            (answer.after("code="), &mut self.codes),
            (answer.after("dataHandle="), &mut self.links),
            (answer.after("\"access_token\":\""), &mut self.access_tokens),
        ];
        for (found, kept) in found {
            kept.extend(found);
            if kept.len() > KEPT {
                kept.pop_front();
            }
        }
    }

    /// What the org tells of itself.
    pub(super) fn health(&mut self) -> Value {
        let answer = self.connection.ask(&get("/_mock/health", ""));
        serde_json::from_str(&answer.body).expect("JSON")
    }

    fn as_agent(&self) -> String {
        format!(
            "client_id={AGENT}&client_assertion_type={ASSERTION_TYPE}&client_assertion={}",
            self.agent_assertion
        )
    }

    fn code(&mut self, client: &str, scope: &str) -> String {
        let cookie = format!("cookie: sid={}\r\n", self.sid);
        let answer = self
            .connection
            .ask(&get(&authorize(client, scope, 8, 8), &cookie));
        answer.after("code=").expect("a code")
    }

    fn redeem(&mut self, code: &str, client: &str) -> Value {
        let answer = self
            .connection
            .ask(&post(TOKEN, "", &redeeming(code, client)));
        assert_eq!(answer.status, 200, "{answer:?}");
        serde_json::from_str(&answer.body).expect("JSON")
    }
}

const REDIRECT: &str = "http://localhost:8787/callback";
const ADA: &str = "username=ada@example.com&password=ada-likes-engines";

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().expect("a token").to_owned()
}

fn authorize(client: &str, scope: &str, state: usize, nonce: usize) -> String {
    format!(
        "/oauth2/v1/authorize?{client}&response_type=code&scope={scope}&redirect_uri={REDIRECT}&state={}&nonce={}\
         &code_challenge={}&code_challenge_method=S256",
        "s".repeat(state),
        "n".repeat(nonce),
        client::CHALLENGE,
    )
}

fn redeeming(code: &str, client: &str) -> String {
    format!(
        "grant_type=authorization_code&code={code}&redirect_uri={REDIRECT}&code_verifier={}&{client}",
        client::VERIFIER
    )
}

/// Ada signs in: her session, and the page that takes her password again.
fn sign_in(connection: &mut Connection) -> (String, String) {
    let request = authorize("client_id=0oawebapp00000000001", "openid", 8, 8);
    let to_page = connection.ask(&get(&request, ""));
    let handle = to_page.after("stateToken=").expect("a page");
    let page = format!("/signin?stateToken={handle}");
    let signed_in = connection.ask(&post(&page, "", ADA));
    (signed_in.after("sid=").expect("a session"), page)
}

/// Signed by an agent with a key of its own. It has no `jti`, so it may be used again and again.
fn agent_assertion(issuer: &str) -> String {
    let twin = MockOkta::builder().seed(SEED).keys_ahead(false);
    let twin = twin.start_blocking().expect("an org with the same keys");
    let jwk = twin.private_jwk(AGENT).expect("a key");
    let member = |name: &str| client::base64_url(jwk[name].as_str().expect("a member"));
    let public = [vec![4], member("x"), member("y")].concat();
    let key = EcdsaKeyPair::from_private_key_and_public_key(
        &ECDSA_P256_SHA256_FIXED_SIGNING,
        &member("d"),
        &public,
    )
    .expect("a key");
    let now = Timestamp::now().as_second();
    let header = json!({ "alg": "ES256", "kid": jwk["kid"] });
    let claims = json!({
        "iss": AGENT, "sub": AGENT, "aud": format!("{issuer}{TOKEN}"), "iat": now, "exp": now + 3500,
    });
    let input = signing_input(&header, &claims);
    let signature = key
        .sign(&SystemRandom::new(), input.as_bytes())
        .expect("a signature");
    format!("{input}.{}", base64_url(signature.as_ref()))
}

fn signing_input(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64_url(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

/// Signed with the secret of a machine.
fn machine_assertion(issuer: &str, jti: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, MACHINE_SECRET.as_bytes());
    let now = Timestamp::now().as_second();
    let claims = json!({
        "iss": MACHINE, "sub": MACHINE, "aud": format!("{issuer}/oauth2/v1/introspect"),
        "iat": now, "exp": now + 300, "jti": jti,
    });
    let input = signing_input(&json!({ "alg": "HS256" }), &claims);
    let tag = hmac::sign(&key, input.as_bytes());
    format!("{input}.{}", base64_url(tag.as_ref()))
}
