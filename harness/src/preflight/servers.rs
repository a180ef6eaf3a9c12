//! Whether the authorization servers are where the target file says, and whether the clocks agree.

use std::collections::BTreeSet;

use jiff::fmt::rfc2822;

use super::local::duration;
use super::mistake;
use crate::exchange::{Exchange, Party, RequestSpec};
use crate::result::Misconfiguration;
use crate::scenario::model::ServerRole;
use crate::targets::{Server, Target};

/// Seconds by which clocks may differ: servers allow assertions as much (RFC 7523 §3, "a few minutes").
const SKEW: i64 = 120;

/// Asks each of these servers for its metadata.
pub async fn check(target: &Target, roles: &BTreeSet<ServerRole>) -> Vec<Misconfiguration> {
    let mut found = Vec::new();
    for role in roles {
        let Some(server) = target.deployment().servers.get(role) else {
            continue;
        };
        let party = match role {
            ServerRole::Org => Party::Org,
            _ => Party::Custom,
        };
        let issuer = server.issuer.trim_end_matches('/');
        let url = format!("{issuer}/.well-known/openid-configuration");
        // Trouble on the way has words of its own.
        let Ok(answer) = target.send(RequestSpec::new(party, "GET", url)).await else {
            continue;
        };
        found.extend(address(*role, server, &answer));
        let is_ours = target.deployment().control.is_none();
        if *role == ServerRole::Org && is_ours {
            found.extend(clock(&answer, target.now()));
        }
    }
    found
}

/// An address without a server, or with another one.
fn address(role: ServerRole, server: &Server, answer: &Exchange) -> Option<Misconfiguration> {
    let setting = format!("authorization_servers.{role}.issuer");
    let status = answer.response.status;
    if status == 404 {
        let what = format!(
            "there is no authorization server at `{}`: its metadata are answered with 404",
            server.issuer
        );
        return Some(mistake(setting, what, console_path(role)));
    }
    let document = answer.response.json.as_ref()?;
    let said = document.get("issuer")?.as_str()?;
    if said == server.issuer || status != 200 {
        return None;
    }
    let what = format!(
        "the server at `{}` calls itself `{said}`; issuers are compared letter by letter",
        server.issuer
    );
    Some(mistake(setting, what, format!("write `{said}`")))
}

const fn console_path(role: ServerRole) -> &'static str {
    match role {
        ServerRole::Org => "write the org's URL without a path, such as https://example.okta.com",
        _ => "copy the Issuer URI from Security > API > Authorization Servers in the Admin Console",
    }
}

/// A clock that is off. The server's time stands in `Date` (RFC 9110 §6.6.1).
fn clock(answer: &Exchange, now: i64) -> Option<Misconfiguration> {
    let date = answer.response.header("date")?;
    let there = rfc2822::parse(&date).ok()?.timestamp().as_second();
    let ahead = now - there;
    if ahead.abs() <= SKEW {
        return None;
    }
    let word = if ahead > 0 { "ahead of" } else { "behind" };
    let what = format!(
        "this machine's clock is {} {word} that of the org (its `Date` is {date})",
        duration(ahead.abs())
    );
    let cure = "set the clock: assertions and tokens are judged by their times";
    Some(mistake("the clock", what, cure))
}
