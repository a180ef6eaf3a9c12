//! What the target file itself shows to be wrong.

use serde_json::{Map, Value};

use super::{mistake, sign_ins};
use crate::jwt::Jwt;
use crate::result::Misconfiguration;
use crate::scenario::model::{ClientRole, Edition};
use crate::targets::{ClientKey, Deployment, RegisteredAuth, SignInWay, acting};

const TOKEN: &str = "sign_in.id_token";
const AGAIN: &str = "sign in again, and put the new ID token there";

/// Everything that is wrong, in the order of the file.
#[must_use]
pub fn check(deployment: &Deployment, edition: Edition, now: i64) -> Vec<Misconfiguration> {
    let mut found = Vec::new();
    match &deployment.sign_in {
        Some(SignInWay::Given(given)) => {
            let token = given.id_token.expose();
            found.extend(id_token(token, deployment, edition, now));
        }
        Some(SignInWay::Refresh(given)) => {
            found.extend(unclean("sign_in.refresh_token", given.token.expose()));
        }
        Some(SignInWay::Browser(stored) | SignInWay::Cache(stored)) => {
            found.extend(sign_ins::stored(deployment, stored, edition, now));
        }
        Some(SignInWay::Page | SignInWay::Session) | None => {}
    }
    for (role, client) in &deployment.clients {
        if let RegisteredAuth::PrivateKeyJwt(key) = &client.auth {
            found.extend(algorithm(*role, key));
        }
    }
    found
}

/// What is wrong with the ID token that the file gives.
fn id_token(
    token: &str,
    deployment: &Deployment,
    edition: Edition,
    now: i64,
) -> Option<Misconfiguration> {
    if let Some(unclean) = unclean(TOKEN, token) {
        return Some(unclean);
    }
    let jwt = match Jwt::decode(token) {
        Ok(jwt) => jwt,
        Err(why) => {
            let what = format!("the ID token is not a JWT: {why}");
            return Some(mistake(TOKEN, what, AGAIN));
        }
    };
    let role = acting(ClientRole::UserClient, edition);
    let issuer = deployment.org().map(|org| org.issuer.as_str());
    foreign(&jwt.claims, issuer)
        .or_else(|| for_another(&jwt.claims, role, deployment, edition))
        .or_else(|| expired(&jwt.claims, now))
}

/// A secret that is empty, or has something around it.
fn unclean(setting: &str, token: &str) -> Option<Misconfiguration> {
    let what = if token.trim().is_empty() {
        "the token is empty"
    } else if token.to_ascii_lowercase().starts_with("bearer ") {
        "the token begins with `Bearer `, which belongs to the header and not to the token"
    } else if token.contains(char::is_whitespace) {
        "the token contains white space, perhaps a line break at its end"
    } else {
        return None;
    };
    Some(mistake(
        setting,
        what,
        "put the token there and nothing else",
    ))
}

fn foreign(claims: &Map<String, Value>, issuer: Option<&str>) -> Option<Misconfiguration> {
    let (said, issuer) = (claims.get("iss")?.as_str()?, issuer?);
    if said == issuer {
        return None;
    }
    let what = format!("the ID token is issued by `{said}`, not by the org `{issuer}`");
    let cure = "take an ID token of the org authorization server, or correct `authorization_servers.org.issuer`";
    Some(mistake(TOKEN, what, cure))
}

fn for_another(
    claims: &Map<String, Value>,
    role: ClientRole,
    deployment: &Deployment,
    edition: Edition,
) -> Option<Misconfiguration> {
    let client_id = deployment.client(role, edition)?.client_id.as_str();
    let audiences: Vec<&str> = match claims.get("aud")? {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    // Another client of the file may be an app that is linked with the agent.
    let mut clients = deployment.clients.values();
    if clients.any(|client| audiences.contains(&client.client_id.as_str())) {
        return None;
    }
    let what = format!(
        "the ID token is for the client `{}`, not for `clients.{role}` (`{client_id}`)",
        audiences.join("`, `")
    );
    let cure = format!("sign in as `{client_id}`, or correct `clients.{role}.client_id`");
    Some(mistake(TOKEN, what, cure))
}

fn expired(claims: &Map<String, Value>, now: i64) -> Option<Misconfiguration> {
    let expires = claims.get("exp")?.as_i64()?;
    let over = now.checked_sub(expires).filter(|over| *over >= 0)?;
    let what = format!("the ID token expired {} ago", duration(over));
    Some(mistake(TOKEN, what, AGAIN))
}

/// An algorithm that the key cannot sign with (RFC 7518 §3.1).
fn algorithm(role: ClientRole, key: &ClientKey) -> Option<Misconfiguration> {
    let own = key.key.algorithm();
    let fits = if own.starts_with("RS") {
        key.alg.starts_with("RS") || key.alg.starts_with("PS")
    } else {
        key.alg == own
    };
    if fits {
        return None;
    }
    let kind = if own.starts_with("RS") {
        "an RSA key"
    } else {
        "an EC key"
    };
    let what = format!("{} is not an algorithm of {kind}", key.alg);
    let cure = format!("write `alg: {own}`, or give the key that the client is registered with");
    Some(mistake(format!("clients.{role}.key.alg"), what, cure))
}

/// "3 h", "12 min", "40 s".
pub(super) fn duration(seconds: i64) -> String {
    match seconds {
        86_400.. => format!("{} days", seconds / 86_400),
        3_600.. => format!("{} h", seconds / 3_600),
        120.. => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}
