//! Whether the org can be reached: its name, a connection, TLS, and that it is the org that answers.

use super::{Asking, Reply};
use crate::doctor::{Board, Check, Checked};
use crate::exchange::Exchange;
use crate::preflight::{servers, tls};
use crate::scenario::model::ServerRole;
use crate::targets::{Trouble, TroubleKind};

const ISSUER: &str = "authorization_servers.org.issuer";

/// Variables that name a proxy.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

pub(super) async fn check(asking: &Asking<'_>, board: &mut Board) {
    let Some(org) = asking.deployment().org() else {
        return;
    };
    let url = format!(
        "{}/.well-known/openid-configuration",
        org.issuer.trim_end_matches('/')
    );
    match asking.get("metadata", &url).await {
        Reply::Answered(answer) => answered(asking, &org.issuer, &answer, board),
        Reply::Unanswered(trouble) => unanswered(&trouble, board),
        Reply::Unsent(why) => board.note(Checked::unknown(
            Check::Connection,
            why,
            "correct the issuer in the target file",
        )),
    }
}

fn answered(asking: &Asking<'_>, issuer: &str, answer: &Exchange, board: &mut Board) {
    let host = url::Url::parse(issuer).ok();
    let host = host.as_ref().and_then(url::Url::host_str).unwrap_or(issuer);
    board.note(Checked::ok(Check::Name, format!("`{host}` has an address")));
    let milliseconds = answer.elapsed.as_millis();
    board.note(Checked::ok(
        Check::Connection,
        format!("it answered after {milliseconds} ms"),
    ));
    let server = asking.deployment().org();
    let speaks_https = server.and_then(|org| tls::speaks_https(org, ServerRole::Org, answer));
    board.note(match speaks_https {
        Some(mistake) => Checked::mistake(Check::Tls, &mistake),
        None if issuer.starts_with("https:") => {
            Checked::ok(Check::Tls, "the certificate is trusted and names the host")
        }
        None => Checked::unknown(
            Check::Tls,
            "the target is asked over plain http, as a mock on this machine may be",
            "serve it over https: mock-okta serve --tls",
        ),
    });
    board.note(somebody_between(answer).unwrap_or_else(|| {
        let set = PROXY_VARIABLES
            .iter()
            .find(|name| std::env::var_os(name).is_some());
        let words = match set {
            Some(name) => format!("the org answered; the environment sets {name}"),
            None => "the org answered, and the environment names no proxy".to_owned(),
        };
        Checked::ok(Check::Proxy, words)
    }));
    board.note(clock(asking, answer));
}

/// An answer that no org gives: of a proxy, a portal or a firewall on the way.
fn somebody_between(answer: &Exchange) -> Option<Checked> {
    let response = &answer.response;
    let is_html = response.media_type() == "text/html";
    let is_of_org = response.header("x-okta-request-id").is_some();
    let what = match response.status {
        407 => "a proxy wants a user name and a password".to_owned(),
        511 => "the network wants a sign-in first".to_owned(),
        _ if is_of_org => return None,
        301 | 302 | 303 | 307 | 308 => {
            let to = answer.redirects_to().unwrap_or_default();
            let to = to.split('?').next().unwrap_or_default().to_owned();
            format!("the request for metadata was sent on to `{to}`")
        }
        200 | 403 | 503 if is_html => format!(
            "the request for metadata was answered with {} and a page of HTML",
            response.status
        ),
        _ => return None,
    };
    let cure =
        "run from a network that reaches the org, or let the proxy or firewall pass requests to it";
    Some(Checked::problem(Check::Proxy, what, cure).setting("the network between here and the org"))
}

fn clock(asking: &Asking<'_>, answer: &Exchange) -> Checked {
    if asking.deployment().control.is_some() {
        return Checked::unknown(
            Check::Clock,
            "test control may have set the org's clock on purpose",
            "leave `control` out of the target file",
        );
    }
    match servers::clock(answer, asking.target.now()) {
        Some(mistake) => Checked::mistake(Check::Clock, &mistake),
        None if answer.response.header("date").is_some() => Checked::ok(
            Check::Clock,
            "its `Date` is within five minutes of this machine's clock",
        ),
        None => Checked::unknown(
            Check::Clock,
            "the answer has no `Date`",
            "compare this machine's clock with a time server",
        ),
    }
}

fn unanswered(trouble: &Trouble, board: &mut Board) {
    use TroubleKind::{NoSuchHost, Tls};
    let said = trouble.to_string();
    if trouble.kind == NoSuchHost {
        let cure = "correct the host of the issuer, or the DNS of this machine";
        board.note(
            Checked::problem(Check::Name, said, cure)
                .setting(ISSUER)
                .at(None),
        );
        return;
    }
    board.note(Checked::ok(Check::Name, "the host name has an address"));
    if let Tls(fault) = trouble.kind {
        board.note(Checked::ok(Check::Connection, "somebody listens there"));
        board.note(match tls::mistake_of(trouble, ServerRole::Org) {
            Some(mistake) => Checked::mistake(Check::Tls, &mistake),
            None => Checked::problem(Check::Tls, said, fault.cure()).setting(ISSUER),
        });
        return;
    }
    let cure = "see whether the org is up, whether host and port are right, and whether a firewall or proxy is in the way";
    board.note(Checked::problem(Check::Connection, said, cure).setting(ISSUER));
}
