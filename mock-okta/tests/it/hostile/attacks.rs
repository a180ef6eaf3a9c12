//! What hostile clients send to fill a store or to make each request dearer than the one before.

use std::collections::VecDeque;
use std::net::SocketAddr;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use mock_okta::MockOkta;
use serde_json::{Value, json};

use super::wire::{Answer, Connection, base64_url, get, post};
use crate::client;

/// The seed of a server that is attacked: an attacker is one of its clients and knows its own key.
pub(super) const SEED: u64 = 16;

const AGENT: &str = "wlpagentrsa000000001";
const OTHER_AGENT: &str = "wlpagentec0000000001";
const WEB_APP: &str =
    "client_id=0oawebapp00000000001&client_secret=web-app%2Bsecret%3A+100+%25+f%C3%BCr+Tests+only";
const MACHINE: &str = "0oaserviceapp0000001";
const MACHINE_SECRET: &str =
    "service-app secret:for-tests-only-100%+ü-it-is-as-long-as-hs512-needs-it";
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
    other_id_token: String,
    agents: Agents,
    access_tokens: VecDeque<String>,
    codes: VecDeque<String>,
    brokered: VecDeque<String>,
    count: usize,
    escaped: String,
}

impl Attacker {
    /// An attacker who signs in at the org at `address`, whose issuer is `issuer`.
    pub(super) fn new(address: SocketAddr, issuer: &str, name: &str) -> Self {
        let mut connection = Connection::to(address);
        let agents = Agents::new(issuer);
        let (sid, sign_in) = sign_in(&mut connection);
        let mut attacker = Self {
            connection,
            issuer: issuer.to_owned(),
            name: name.to_owned(),
            sid,
            sign_in,
            refresh_token: String::new(),
            id_token: String::new(),
            other_id_token: String::new(),
            agents,
            access_tokens: VecDeque::new(),
            codes: VecDeque::new(),
            brokered: VecDeque::new(),
            count: 0,
            escaped: vec![format!("scope={}", "%01".repeat(512)); 198].join("&"),
        };
        let code = attacker.code("client_id=0oawebapp00000000001", "openid%20offline_access");
        let tokens = attacker.redeem(&code, WEB_APP);
        attacker.refresh_token = text(&tokens, "refresh_token");
        attacker.id_token = attacker.id_token_of(AGENT);
        attacker.other_id_token = attacker.id_token_of(OTHER_AGENT);
        // The calendar is allowed once; the tracker never is.
        let link = attacker.exchange(OTHER_AGENT, "https://calendar.example.com");
        let link = attacker.connection.ask(&link).after("dataHandle=");
        if let Some(link) = link {
            let allowed = format!("/oauth2/v1/sts/callback?dataHandle={link}&decision=allow");
            attacker.connection.ask(&get(&allowed, ""));
        }
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
            // Okta forgets the token that it keeps, so the next exchange has the third party make another.
            Attack::ThirdPartyTokens if let Some(token) = self.brokered.pop_front() => {
                let form = format!(
                    "token={token}&token_type_hint=oauth_sts&client_assertion_type={ASSERTION_TYPE}&client_assertion={}",
                    self.agents.ec_revokes
                );
                post("/oauth2/v1/revoke", "", &form)
            }
            Attack::ThirdPartyTokens => self.exchange(OTHER_AGENT, "https://calendar.example.com"),
            Attack::Links => self.exchange(AGENT, "https://tracker.example.com"),
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
        let token = answer.after("\"access_token\":\"");
        let (brokered, access_token) = if token
            .as_ref()
            .is_some_and(|token| token.contains('_') && !token.contains('.'))
        {
            (token, None)
        } else {
            (None, token)
        };
        let found = [
            (answer.after("code="), &mut self.codes),
            (brokered, &mut self.brokered),
            (access_token, &mut self.access_tokens),
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

    /// A third party's token is asked for.
    fn exchange(&self, agent: &str, resource: &str) -> Vec<u8> {
        let id_token = if agent == AGENT {
            &self.id_token
        } else {
            &self.other_id_token
        };
        let form = format!(
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange\
             &requested_token_type=urn:okta:params:oauth:token-type:oauth-sts\
             &subject_token={id_token}&subject_token_type=urn:ietf:params:oauth:token-type:id_token\
             &resource={resource}&{}",
            self.agents.of(agent)
        );
        post(TOKEN, "", &form)
    }

    fn id_token_of(&mut self, agent: &str) -> String {
        let code = self.code(&format!("client_id={agent}"), "openid");
        let tokens = self.redeem(&code, &self.agents.of(agent));
        text(&tokens, "id_token")
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

/// Two agents, each with an assertion that it has signed with its own key. It has no `jti`, so it may be used again and
/// again.
#[derive(Debug)]
struct Agents {
    rsa: String,
    ec: String,
    /// The second agent's at the revocation endpoint.
    ec_revokes: String,
}

impl Agents {
    fn new(issuer: &str) -> Self {
        let twin = MockOkta::builder().seed(SEED).keys_ahead(false);
        let twin = twin.start_blocking().expect("an org with the same keys");
        let random = SystemRandom::new();

        let pem = twin.private_key_pem(AGENT).expect("a key");
        let der: String = pem
            .lines()
            .filter(|line| !line.starts_with("---"))
            .collect();
        let der = STANDARD.decode(der).expect("PEM holds base64");
        let key = RsaKeyPair::from_pkcs8(&der).expect("a key");
        let token = format!("{issuer}{TOKEN}");
        let rsa = assertion(&token, AGENT, "RS256", |input| {
            let mut signature = vec![0; key.public_modulus_len()];
            key.sign(&RSA_PKCS1_SHA256, &random, input, &mut signature)
                .expect("a signature");
            signature
        });

        let jwk = twin.private_jwk(OTHER_AGENT).expect("a key");
        let member = |name: &str| client::base64_url(jwk[name].as_str().expect("a member"));
        let public = [vec![4], member("x"), member("y")].concat();
        let key = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            &member("d"),
            &public,
        )
        .expect("a key");
        let ec = |endpoint: &str| {
            assertion(endpoint, OTHER_AGENT, "ES256", |input| {
                let signature = key.sign(&random, input).expect("a signature");
                signature.as_ref().to_vec()
            })
        };
        Self {
            rsa,
            ec: ec(&token),
            ec_revokes: ec(&format!("{issuer}/oauth2/v1/revoke")),
        }
    }

    /// What an agent sends to prove who it is.
    fn of(&self, agent: &str) -> String {
        let assertion = if agent == AGENT { &self.rsa } else { &self.ec };
        format!("client_assertion_type={ASSERTION_TYPE}&client_assertion={assertion}")
    }
}

fn assertion(endpoint: &str, agent: &str, alg: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let now = Timestamp::now().as_second();
    let claims = json!({
        "iss": agent, "sub": agent, "aud": endpoint, "iat": now, "exp": now + 3500,
    });
    let kid = if alg == "RS256" {
        "agent-rsa-1"
    } else {
        "agent-ec-1"
    };
    let input = signing_input(&json!({ "alg": alg, "kid": kid }), &claims);
    let signature = sign(input.as_bytes());
    format!("{input}.{}", base64_url(&signature))
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
