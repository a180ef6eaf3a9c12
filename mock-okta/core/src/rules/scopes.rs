//! Scopes: what is granted is what was asked for, whole, or nothing.

use std::collections::BTreeSet;

use super::connection::ServerConnection;
use crate::behaviour::{ExchangeWithoutScope, VaultScope};
use crate::context::Context;
use crate::defect::Bend;
use crate::org::{Client, ConsentMethod, CustomServer};
use crate::refusal::{Refusal, Refused};
use crate::variation::Variation;

/// OpenID scopes; they belong to sign-in and cannot be exchanged.
pub const OPENID: [&str; 7] = [
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
    "groups",
];

/// Scopes that connection and server allow.
#[derive(Debug, Clone)]
pub struct GrantedScopes {
    /// In alphabetical order, without repetition.
    pub set: BTreeSet<String>,
    /// As asked for, in order, separated by single spaces.
    pub text: String,
}

/// Judges `scope` of an exchange for something that has no scopes.
///
/// # Errors
/// `illegal_scopes`
pub fn judge_none(cx: &mut Context<'_>) -> Result<(), Refused> {
    let sent = cx.form().get("scope").is_some();
    let refused = cx.behaviours().vault_scope == VaultScope::Refuse;
    cx.gate.require(!(sent && refused), Refusal::IllegalScopes)
}

/// Judges `scope` of an exchange for an ID-JAG.
///
/// # Errors
/// `missing_scopes`, `invalid_scope`, `openid_not_allowed_token_exchange`, `no_matching_scope`, `illegal_scope`,
/// `consent_required_token_exchange`
pub fn judge_exchange(
    cx: &mut Context<'_>,
    agent: &Client,
    connection: ServerConnection<'_>,
) -> Result<GrantedScopes, Refused> {
    let scope = cx.form().get("scope");
    let asked = scope.map(split).filter(|asked| !asked.is_empty());
    let connection_says =
        cx.behaviours().exchange_without_scope == ExchangeWithoutScope::Connection;
    let asked = asked.or_else(|| connection_says.then(|| on(connection)));
    let asked = cx.gate.some(asked, Refusal::MissingScopes)?;
    let asked = well_formed(cx, &asked)?;
    let asked = known(cx, asked, |scope| {
        exists_of_its_own(connection.server, scope) && connection.scopes.allows(scope)
    });
    let openid = asked.iter().any(|scope| OPENID.contains(scope));
    cx.gate.require(!openid, Refusal::OpenIdInExchange)?;
    let asked = bent(cx, asked, connection);
    let exist = asked.iter().all(|scope| exists(connection.server, scope));
    cx.gate.require(exist, Refusal::NoMatchingScope)?;
    let on_connection = asked.iter().all(|scope| connection.scopes.allows(scope));
    cx.gate.require(on_connection, Refusal::IllegalScope)?;
    cx.gate.require(
        !needs_consent(agent, connection.server, &asked),
        Refusal::ConsentRequiredInExchange,
    )?;
    Ok(granted(&asked))
}

/// The scopes that an org with a defect goes on with: those asked for, unless it widens or narrows them.
fn bent<'a>(
    cx: &mut Context<'_>,
    mut asked: Vec<&'a str>,
    connection: ServerConnection<'a>,
) -> Vec<&'a str> {
    let may =
        |scope: &str| connection.server.scopes.contains(scope) && connection.scopes.allows(scope);
    let all = connection.server.scopes.iter().map(String::as_str);
    let unasked: Vec<_> = all
        .filter(|scope| may(scope) && !asked.contains(scope))
        .collect();
    if !unasked.is_empty() && cx.gate.bent(Bend::ScopeWidened) {
        asked.extend(unasked);
    }
    let narrower: Vec<_> = asked.iter().copied().filter(|scope| may(scope)).collect();
    let some_are_left = !narrower.is_empty() && narrower.len() < asked.len();
    if some_are_left && cx.gate.bent(Bend::ScopeNarrowed) {
        return narrower;
    }
    asked
}

/// Every scope of the server that is on the connection.
fn on(connection: ServerConnection<'_>) -> Vec<&str> {
    let scopes = connection.server.scopes.iter().map(String::as_str);
    scopes
        .filter(|scope| connection.scopes.allows(scope))
        .collect()
}

/// Judges `scope` of a machine that asks for itself; without, it gets the server's default scopes.
///
/// # Errors
/// `no_default_scopes`, `invalid_scope`, `openid_not_allowed_client_creds`, `no_matching_scope`,
/// `consent_required_client_credentials`
pub fn judge_machine(
    cx: &mut Context<'_>,
    client: &Client,
    server: &CustomServer,
) -> Result<GrantedScopes, Refused> {
    let scope = cx.form().get("scope").map(split).unwrap_or_default();
    let defaults = || server.default_scopes.iter().map(String::as_str).collect();
    let asked = if scope.is_empty() { defaults() } else { scope };
    cx.gate
        .require(!asked.is_empty(), Refusal::NoDefaultScopes)?;
    let asked = well_formed(cx, &asked)?;
    let asked = known(cx, asked, |scope| exists_of_its_own(server, scope));
    let openid = asked.iter().any(|scope| OPENID.contains(scope));
    cx.gate
        .require(!openid, Refusal::OpenIdInClientCredentials)?;
    let exist = asked.iter().all(|scope| exists(server, scope));
    cx.gate.require(exist, Refusal::NoMatchingScope)?;
    cx.gate.require(
        !needs_consent(client, server, &asked),
        Refusal::ConsentRequiredOfMachine,
    )?;
    Ok(granted(&asked))
}

/// Whether a scope needs the consent of a user whom nobody can ask here.
fn needs_consent(client: &Client, server: &CustomServer, asked: &[&str]) -> bool {
    let asks = client.consent == ConsentMethod::Required;
    asks && asked
        .iter()
        .any(|scope| server.consent_scopes.contains(*scope))
}

/// Judges `scope` of an authorization request.
///
/// # Errors
/// `missing_scopes`, `invalid_scope`, `openid_scope_required`, `no_matching_scope`
pub fn judge_authorize(
    cx: &mut Context<'_>,
    scope: Option<&str>,
    server: Option<&CustomServer>,
) -> Result<GrantedScopes, Refused> {
    let asked = scope.map(split).filter(|asked| !asked.is_empty());
    let asked = cx.gate.some(asked, Refusal::MissingScopes)?;
    let asked = well_formed(cx, &asked)?;
    let asked = known(cx, asked, |scope| match server {
        Some(server) => exists(server, scope),
        None => OPENID.contains(&scope),
    });
    // The org authorization server has OpenID scopes only; its own are for Okta's APIs.
    let about_user = asked
        .iter()
        .any(|scope| OPENID.contains(scope) && *scope != "offline_access");
    let needs_openid = server.is_none() || about_user;
    let openid = asked.contains(&"openid") || !needs_openid;
    cx.gate.require(openid, Refusal::OpenIdScopeRequired)?;
    let exist = asked.iter().all(|scope| match server {
        Some(server) => exists(server, scope),
        None => OPENID.contains(scope),
    });
    cx.gate.require(exist, Refusal::NoMatchingScope)?;
    Ok(granted(&asked))
}

/// Splits a scope string (RFC 6749 §3.3: separated by spaces).
pub fn split(scope: &str) -> Vec<&str> {
    scope.split(' ').filter(|token| !token.is_empty()).collect()
}

/// Looks at the form of each scope. A server that did not would take any white space for the end of one, as the usual
/// ways to split a text do; what is well formed holds none.
///
/// # Errors
/// `invalid_scope`
fn well_formed<'s>(cx: &mut Context<'_>, asked: &[&'s str]) -> Result<Vec<&'s str>, Refused> {
    cx.gate.require(
        asked.iter().all(|scope| is_token(scope)),
        Refusal::InvalidScope,
    )?;
    let scopes = asked.iter().flat_map(|scope| scope.split_whitespace());
    Ok(scopes.collect())
}

/// The scopes that an org goes on with which ignores those it does not know or would not grant (RFC 6749 §3.3). Where
/// none is left there is nothing to go on with, and they are refused as usual.
fn known<'s>(
    cx: &mut Context<'_>,
    asked: Vec<&'s str>,
    may: impl Fn(&str) -> bool,
) -> Vec<&'s str> {
    let kept: Vec<_> = asked.iter().copied().filter(|scope| may(scope)).collect();
    let some_are_left = !kept.is_empty() && kept.len() < asked.len();
    if some_are_left && cx.gate.varies(Variation::ScopesIgnored) {
        return kept;
    }
    asked
}

/// Whether a scope is one of a server's own.
fn exists_of_its_own(server: &CustomServer, scope: &str) -> bool {
    !OPENID.contains(&scope) && server.scopes.contains(scope)
}

/// Whether a server knows a scope: those of OpenID Connect exist at every one.
fn exists(server: &CustomServer, scope: &str) -> bool {
    OPENID.contains(&scope) || server.scopes.contains(scope)
}

fn granted(asked: &[&str]) -> GrantedScopes {
    let mut set = BTreeSet::new();
    let mut text = String::new();
    for scope in asked {
        if set.insert((*scope).to_owned()) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(scope);
        }
    }
    GrantedScopes { set, text }
}

/// RFC 6749 §3.3: visible ASCII without the double quote and the backslash.
fn is_token(scope: &str) -> bool {
    scope
        .bytes()
        .all(|c| c.is_ascii_graphic() && c != b'"' && c != b'\\')
}
