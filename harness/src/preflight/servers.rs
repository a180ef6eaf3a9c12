//! Whether the authorization servers are where the target file says, and whether the clocks agree.

use std::collections::BTreeSet;

use jiff::fmt::rfc2822;
use url::Url;

use super::local::duration;
use super::{mistake, tls};
use crate::exchange::{Exchange, Party, RequestSpec};
use crate::result::Misconfiguration;
use crate::scenario::model::ServerRole;
use crate::targets::{Server, Target};

/// Seconds by which clocks may differ. Servers allow assertions a few minutes (RFC 7519 §4.1.4).
const SKEW: i64 = 300;

/// What a mistake of the clock is called, which is no key of the file.
pub const CLOCK: &str = "the clock";

/// Where the metadata of a server may be (OIDC Discovery §4, RFC 8414 §3.1). One of these is enough.
const DOCUMENTS: [&str; 2] = ["openid-configuration", "oauth-authorization-server"];

/// What the metadata of a server say of its issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IssuerSeen {
    /// They give the issuer of the target file, letter by letter.
    Same,
    /// They give another one.
    Other(String),
    /// None was read, and why.
    Unread(String),
}

/// Asks each of these servers for its metadata.
pub async fn check(target: &Target, roles: &BTreeSet<ServerRole>) -> Vec<Misconfiguration> {
    let mut found = Vec::new();
    for role in roles {
        if let Some(server) = target.deployment().servers.get(role) {
            let (mistakes, _) = look(target, *role, server).await;
            found.extend(mistakes);
        }
    }
    found
}

/// Asks a server for its metadata: what is wrong in the target file, and what was seen.
pub async fn look(
    target: &Target,
    role: ServerRole,
    server: &Server,
) -> (Vec<Misconfiguration>, IssuerSeen) {
    let mut found = Vec::new();
    let mut last = None;
    let mut trouble = None;
    for url in addresses(&server.issuer) {
        match target.send(request(role, &url)).await {
            Ok(answer) => {
                let is_found = answer.response.status != 404;
                last = Some(answer);
                if is_found {
                    break;
                }
            }
            // Other trouble on the way has words of its own.
            Err(on_the_way) => {
                let mistake = tls::mistake_of(&on_the_way, role);
                trouble = Some(on_the_way);
                if let Some(mistake) = mistake {
                    found.push(mistake);
                    break;
                }
            }
        }
    }
    let Some(last) = last else {
        let why = trouble.map_or_else(String::new, |trouble| trouble.to_string());
        return (found, IssuerSeen::Unread(why));
    };
    if last.response.status == 404 {
        found.extend(nobody(target, role, server).await);
    } else {
        found.extend(tls::speaks_https(server, role, &last));
        found.extend(another_name(target, role, server, &last).await);
    }
    // Test control sets a clock on purpose.
    if role == ServerRole::Org && target.deployment().control.is_none() {
        found.extend(clock(&last, target.now()));
    }
    (found, seen(target, server, &last))
}

/// What an answer says of the issuer.
fn seen(target: &Target, server: &Server, answer: &Exchange) -> IssuerSeen {
    if let Some(trouble) = target.trouble_in(answer) {
        return IssuerSeen::Unread(trouble.to_string());
    }
    match issuer_in(answer) {
        Some(said) if said == server.issuer => IssuerSeen::Same,
        Some(said) => IssuerSeen::Other(said.to_owned()),
        None => IssuerSeen::Unread(format!(
            "`{}` answers {} and gives no metadata with an issuer",
            answer.request.url, answer.response.status
        )),
    }
}

/// The issuer of a metadata document.
fn issuer_in(answer: &Exchange) -> Option<&str> {
    let document = answer.response.json.as_ref();
    let document = document.filter(|_| answer.response.status == 200);
    document.and_then(|document| document.get("issuer")?.as_str())
}

fn request(role: ServerRole, url: &str) -> RequestSpec {
    let party = match role {
        ServerRole::Org => Party::Org,
        _ => Party::Custom,
    };
    RequestSpec::new(party, "GET", url)
}

/// Every address at which an issuer's metadata may be.
fn addresses(issuer: &str) -> Vec<String> {
    let issuer = issuer.trim_end_matches('/');
    let mut addresses: Vec<String> = DOCUMENTS
        .iter()
        .map(|document| format!("{issuer}/.well-known/{document}"))
        .collect();
    // RFC 8414 §3.1: between the host and the path.
    if let Ok(mut url) = Url::parse(issuer) {
        let path = url.path().trim_end_matches('/');
        let path = format!("/.well-known/{}{path}", DOCUMENTS[1]);
        url.set_path(&path);
        addresses.push(url.into());
    }
    addresses.dedup();
    addresses
}

/// An address without metadata. A server may do without; where not even its token endpoint is there, there is none.
async fn nobody(target: &Target, role: ServerRole, server: &Server) -> Option<Misconfiguration> {
    let endpoint = server.endpoint("token_endpoint");
    let answer = target.send(request(role, endpoint)).await.ok()?;
    if answer.response.status != 404 {
        return None;
    }
    let what = format!(
        "there is no authorization server at `{}`: its metadata and its token endpoint are answered with 404",
        server.issuer
    );
    Some(mistake(setting(role), what, console_path(role)))
}

/// A server that goes by another issuer. If nothing else confirms that name, the server may be wrong about it, and the cases
/// judge that.
async fn another_name(
    target: &Target,
    role: ServerRole,
    server: &Server,
    answer: &Exchange,
) -> Option<Misconfiguration> {
    let said = issuer_in(answer)?;
    if said == server.issuer {
        return None;
    }
    if !is_alias(said, &server.issuer) && !confirms(target, role, said).await {
        return None;
    }
    let what = format!(
        "the server at `{}` calls itself `{said}`; issuers are compared letter by letter",
        server.issuer
    );
    Some(mistake(setting(role), what, format!("write `{said}`")))
}

/// Whether two addresses differ only in how this machine is called, or in a slash at the end.
fn is_alias(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let mut url = Url::parse(text.trim_end_matches('/')).ok()?;
        let is_loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if is_loopback {
            url.set_host(Some("localhost")).ok()?;
        }
        Some(url)
    };
    plain(one).is_some_and(|one| plain(other) == Some(one))
}

/// Whether the metadata of this issuer give the same issuer.
async fn confirms(target: &Target, role: ServerRole, issuer: &str) -> bool {
    for url in addresses(issuer) {
        if let Ok(answer) = target.send(request(role, &url)).await
            && answer.response.status == 200
        {
            return issuer_in(&answer) == Some(issuer);
        }
    }
    false
}

pub(super) fn setting(role: ServerRole) -> String {
    format!("authorization_servers.{role}.issuer")
}

const fn console_path(role: ServerRole) -> &'static str {
    match role {
        ServerRole::Org => "write the org's URL without a path, such as https://example.okta.com",
        _ => "copy the Issuer URI from Security > API > Authorization Servers in the Admin Console",
    }
}

/// A clock that is off. The server's time stands in `Date` (RFC 9110 §6.6.1).
#[must_use]
pub fn clock(answer: &Exchange, now: i64) -> Option<Misconfiguration> {
    let date = answer.response.header("date")?;
    // A cache gives the date of long ago, and says how long ago that was (RFC 9111 §5.1).
    let age = answer.response.header("age");
    let age = age
        .and_then(|age| age.trim().parse::<i64>().ok())
        .unwrap_or(0);
    let there = rfc2822::parse(&date)
        .ok()?
        .timestamp()
        .as_second()
        .checked_add(age)?;
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
    Some(mistake(CLOCK, what, cure))
}
