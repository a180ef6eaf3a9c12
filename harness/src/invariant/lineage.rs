//! Whose sign-in an answer goes back to. The harness knows who signed in, in which browser and when; from there each
//! credential is followed from the answer that gave it to the request that presents it. A credential that was changed on
//! the way is not followed: what a server makes of it is not known.

use std::collections::BTreeMap;

use serde_json::Value;

use super::classify::{Class, parameter};
use super::token::Token;
use crate::exchange::{Exchange, Payload, RequestSpec};
use crate::scenario::model::{Endpoint, Outcome, ServerRole, TokenKind, UserRole};
use crate::targets::Deployment;

/// What is known of a sign-in.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Person {
    /// Who signed in, if the harness knows.
    pub(super) user: Option<UserRole>,
    /// When, by the target's clock.
    pub(super) at: Option<i64>,
    /// `nonce` of the authorization request.
    pub(super) nonce: Option<String>,
    /// `client_id` of the authorization request.
    pub(super) client_id: Option<String>,
    /// `scope` of the authorization request.
    asked_scope: Option<String>,
    /// Scope granted with the first tokens: as the answer says, or as was asked for.
    pub(super) scope: Option<String>,
    /// `sub` of the first ID token.
    pub(super) sub: Option<String>,
    /// `auth_time` of the first ID token.
    pub(super) auth_time: Option<f64>,
}

/// What a case knows so far. Exchanges are noted in the order in which they were made.
#[derive(Default)]
pub struct Lineage {
    credentials: BTreeMap<String, Person>,
    sessions: BTreeMap<String, Person>,
    /// By server: its metadata documents, by address.
    documents: BTreeMap<ServerRole, BTreeMap<String, Value>>,
    walk: Walk,
}

/// The authorization request that a browser is being led through.
#[derive(Default)]
struct Walk {
    parameters: Vec<(String, String)>,
    role: Option<ServerRole>,
    person: Option<Person>,
}

/// Parameters in which a credential is presented.
const PRESENTED: [&str; 5] = [
    "code",
    "refresh_token",
    "subject_token",
    "assertion",
    "token",
];

impl Lineage {
    /// The server whose authorization request a browser is being led through.
    pub(super) fn walk_role(&self) -> Option<ServerRole> {
        self.walk.role
    }

    /// A parameter of that authorization request.
    pub(super) fn authorization(&self, name: &str) -> Option<&str> {
        let found = self.walk.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The sign-in that a request goes back to.
    pub(super) fn person(&self, request: &RequestSpec) -> Option<&Person> {
        credential(request).and_then(|credential| self.credentials.get(credential))
    }

    /// Metadata documents of a server that this case has read from other addresses than this one.
    pub(super) fn documents(&self, role: ServerRole, url: &str) -> Vec<&Value> {
        let documents = self.documents.get(&role).into_iter().flatten();
        documents
            .filter(|(other, _)| *other != url)
            .map(|(_, document)| document)
            .collect()
    }

    /// Notes what a request of a browser begins, before its answer is judged.
    pub(super) fn begin(&mut self, exchange: &Exchange, class: Class) {
        let request = &exchange.request;
        let begins = class.endpoint == Endpoint::Authorize && class.role.is_some();
        if begins {
            let mut parameters = query_of(&request.url);
            parameters.extend(request.query.iter().cloned());
            if let Payload::Form(form) = &request.payload {
                parameters.extend(form.iter().cloned());
            }
            self.walk = Walk {
                parameters,
                role: class.role,
                person: None,
            };
        }
        if request.by_browser && self.walk.person.is_none() {
            let mut pairs = cookies(request);
            self.walk.person = pairs.find_map(|pair| self.sessions.get(pair).cloned());
        }
    }

    /// Notes what an answer gave.
    pub(super) fn note(
        &mut self,
        exchange: &Exchange,
        class: Class,
        tokens: &[Token],
        deployment: &Deployment,
        now: i64,
    ) {
        if exchange.request.by_browser {
            self.note_page(exchange, deployment, now);
        } else if class.endpoint == Endpoint::Token && class.outcome == Some(Outcome::Success) {
            self.note_tokens(exchange, tokens);
        } else if class.endpoint == Endpoint::Metadata
            && class.outcome == Some(Outcome::Success)
            && let Some(role) = class.role
            && let Some(document) = &exchange.response.json
        {
            let documents = self.documents.entry(role).or_default();
            let url = exchange.request.url.clone();
            documents.entry(url).or_insert_with(|| document.clone());
        }
    }

    fn note_page(&mut self, exchange: &Exchange, deployment: &Deployment, now: i64) {
        let (request, response) = (&exchange.request, &exchange.response);
        let login = parameter(request, "username").filter(|_| request.method == "POST");
        if let Some(login) = login.filter(|_| response.is_redirect()) {
            let mut users = deployment.users.iter();
            let user = users.find(|(_, user)| user.login == login);
            self.walk.person = Some(Person {
                user: user.map(|(role, _)| *role),
                at: Some(now),
                ..Person::default()
            });
        }
        let Some(person) = &self.walk.person else {
            return;
        };
        for (name, line) in &response.headers {
            if name == "set-cookie"
                && let Some(pair) = line.split(';').next()
            {
                self.sessions.insert(pair.trim().to_owned(), person.clone());
            }
        }
        if response.is_redirect()
            && let Some(code) = response.redirect_parameter("code")
        {
            let known = |name: &str| self.authorization(name).map(str::to_owned);
            let person = Person {
                nonce: known("nonce"),
                client_id: known("client_id"),
                asked_scope: known("scope"),
                ..person.clone()
            };
            self.credentials.insert(code, person);
        }
    }

    fn note_tokens(&mut self, exchange: &Exchange, tokens: &[Token]) {
        let Some(person) = self.person(&exchange.request) else {
            return;
        };
        let mut person = person.clone();
        let id_token = tokens.iter().find(|token| token.kind == TokenKind::IdToken);
        if let Some(id_token) = id_token {
            let claim = |name: &str| {
                id_token
                    .json
                    .get("claims")
                    .and_then(|claims| claims.get(name))
            };
            let sub = || claim("sub").and_then(Value::as_str).map(str::to_owned);
            person.sub = person.sub.take().or_else(sub);
            let auth_time = || claim("auth_time").and_then(Value::as_f64);
            person.auth_time = person.auth_time.or_else(auth_time);
        }
        let body = exchange.response.json.as_ref();
        let granted = || body.and_then(|body| body.get("scope")?.as_str());
        let asked = person.asked_scope.clone();
        let first = || granted().map(str::to_owned).or(asked);
        person.scope = person.scope.take().or_else(first);
        for member in ["id_token", "access_token", "refresh_token"] {
            let value = body.and_then(|body| body.get(member)?.as_str());
            if let Some(value) = value {
                self.credentials.insert(value.to_owned(), person.clone());
            }
        }
    }
}

/// It holds credentials.
impl std::fmt::Debug for Lineage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lineage({})", self.credentials.len())
    }
}

/// The credential that a request presents: in its form, or as a bearer token. A token request presents what its grant names:
/// a code beside another grant type is not the reason for what the server gives.
pub(super) fn credential(request: &RequestSpec) -> Option<&str> {
    let presented = match parameter(request, "grant_type") {
        None => &PRESENTED[..],
        Some("authorization_code") => &["code"],
        Some("refresh_token") => &["refresh_token"],
        Some("urn:ietf:params:oauth:grant-type:token-exchange") => &["subject_token"],
        Some("urn:ietf:params:oauth:grant-type:jwt-bearer") => &["assertion"],
        Some(_) => return None,
    };
    let in_form = presented.iter().find_map(|name| parameter(request, name));
    in_form.or_else(|| {
        let mut headers = request.headers.iter();
        let field = headers.find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
        field.1.strip_prefix("Bearer ")
    })
}

fn query_of(url: &str) -> Vec<(String, String)> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

fn cookies(request: &RequestSpec) -> impl Iterator<Item = &str> {
    let lines = request.headers.iter().filter(|(name, _)| name == "cookie");
    lines.flat_map(|(_, line)| line.split(';').map(str::trim))
}
