//! What `${…}` stands for in a rule: the names of the target and of the case, and those of the exchange that is judged.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::classify::{Class, parameter};
use super::lineage::{Lineage, Person};
use crate::exchange::{Exchange, RequestSpec};
use crate::fill::Names;
use crate::jwt::Jwt;
use crate::targets::{Deployment, Server};

/// Names of one exchange. A name without a value means that the matcher which needs it is not applied.
pub(super) struct ExchangeNames<'e> {
    /// Those of the target and of the case.
    pub(super) case: &'e dyn Names,
    pub(super) exchange: &'e Exchange,
    pub(super) class: Class,
    pub(super) lineage: &'e Lineage,
    pub(super) person: Option<&'e Person>,
    pub(super) deployment: &'e Deployment,
    /// Claims of the token that is presented.
    pub(super) presented: Option<&'e Map<String, Value>>,
}

impl ExchangeNames<'_> {
    /// The server that was asked.
    pub(super) fn server(&self) -> Option<&Server> {
        let role = self.class.role?;
        self.deployment.servers.get(&role)
    }

    /// The issuer of the server that the request names as its audience: by the issuer itself, or by the audience of its
    /// access tokens, where that is one server's alone.
    fn issuer_meant(&self) -> Option<&str> {
        let audience = parameter(&self.exchange.request, "audience")?;
        let servers = || self.deployment.servers.values();
        if let Some(server) = servers().find(|server| server.issuer == audience) {
            return Some(&server.issuer);
        }
        let mut found = servers().filter(|server| {
            let known = server.facts.get("audience");
            known.is_some_and(|known| known == audience)
        });
        match (found.next(), found.next()) {
            (Some(server), None) => Some(&server.issuer),
            _ => None,
        }
    }

    fn of_person(&self, member: &str) -> Option<Value> {
        let person = self.person?;
        let user = || self.deployment.users.get(&person.user?);
        let text = match member {
            "id" => user()?.id.clone(),
            "login" => Some(user()?.login.clone()),
            "sub" => person.sub.clone(),
            "scope" => person.scope.clone(),
            "nonce" => person.nonce.clone(),
            "client_id" => person.client_id.clone(),
            _ => None,
        };
        text.map(Value::from)
    }
}

impl Names for ExchangeNames<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        let Some((root, member)) = name.split_once('.') else {
            return self.case.value(name);
        };
        match root {
            "server" => {
                let server = self.server()?;
                let text = match member {
                    "issuer" => server.issuer.as_str(),
                    member => server.endpoints.get(member)?.as_str(),
                };
                Some(text.into())
            }
            "request" => match member.strip_prefix("form.") {
                // RFC 6749 §3.2: a parameter without a value counts as left out.
                Some(member) => parameter(&self.exchange.request, member)
                    .filter(|value| !value.is_empty())
                    .map(Value::from),
                None if member == "audience_issuer" => self.issuer_meant().map(Value::from),
                None => client_id(&self.exchange.request).map(Value::from),
            },
            "signed_in" => self.of_person(member),
            "presented" => self.presented?.get(member).cloned(),
            "answer" => self.exchange.response.json.as_ref()?.get(member).cloned(),
            "authorization" => self.lineage.authorization(member).map(Value::from),
            _ => self.case.value(name),
        }
    }
}

/// The client that asks: as the request names it, or as its credential does.
pub(super) fn client_id(request: &RequestSpec) -> Option<String> {
    if let Some(id) = parameter(request, "client_id") {
        return Some(id.to_owned());
    }
    if let Some(assertion) = parameter(request, "client_assertion") {
        let jwt = Jwt::decode(assertion).ok()?;
        return jwt.claims.get("sub")?.as_str().map(str::to_owned);
    }
    let mut headers = request.headers.iter();
    let (_, field) = headers.find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    let pair = STANDARD.decode(field.strip_prefix("Basic ")?).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (id, _) = pair.split_once(':')?;
    let decoded = form_urlencoded::parse(id.as_bytes()).next();
    decoded.map(|(id, _)| id.into_owned())
}
