//! Whether the org can be reached: its name, a connection, TLS, and that it is the org that answers.

use url::Url;

use super::{Asking, Reply};
use crate::doctor::{Board, Check, Checked};
use crate::exchange::Exchange;
use crate::preflight::{servers, tls};
use crate::scenario::model::ServerRole;
use crate::targets::{Proxy, Trouble, TroubleKind};

const ISSUER: &str = "authorization_servers.org.issuer";

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
        Reply::Unanswered(trouble) => unanswered(&trouble, proxy(asking, &url).as_deref(), board),
        Reply::Unsent(why) => board.note(Checked::unknown(
            Check::Connection,
            why,
            "correct the issuer in the target file",
        )),
    }
}

/// The proxy through which an address is asked, without its password.
fn proxy(asking: &Asking<'_>, url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let proxies = &asking.deployment().network.proxies;
    proxies.for_url(&url).map(Proxy::origin)
}

/// Whether the host has an address. A proxy looks it up itself.
fn name(host: &str, proxy: Option<&str>) -> Checked {
    match proxy {
        Some(proxy) => Checked::unknown(
            Check::Name,
            format!("the proxy {proxy} looks the name up"),
            "ask whoever runs the proxy, if it does not find the host",
        ),
        None => Checked::ok(Check::Name, format!("{host} has an address")),
    }
}

fn answered(asking: &Asking<'_>, issuer: &str, answer: &Exchange, board: &mut Board) {
    let host = Url::parse(issuer).ok();
    let host = host.as_ref().and_then(Url::host_str).unwrap_or(issuer);
    let proxy = proxy(asking, &answer.request.url);
    board.note(name(&format!("`{host}`"), proxy.as_deref()));
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
    board.note(somebody_between(answer).unwrap_or_else(|| who_answered(answer, proxy.as_deref())));
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

/// That the org itself answered, where the answer shows it.
fn who_answered(answer: &Exchange, proxy: Option<&str>) -> Checked {
    let response = &answer.response;
    let says = |name: &str| {
        let body = response.json.as_ref();
        body.is_some_and(|body| body.get(name).is_some())
    };
    let is_of_org = response.header("x-okta-request-id").is_some()
        || (response.status == 200 && says("issuer"))
        || (response.status < 500 && (says("errorCode") || says("error")));
    if !is_of_org {
        let why = format!(
            "the request for metadata was answered with {}, which something in front of the org may have sent",
            response.status
        );
        let find_out = "run `atx doctor` again; if it stays so, open the address in a browser";
        return Checked::unknown(Check::Proxy, why, find_out);
    }
    let way = match proxy {
        Some(proxy) => format!("the org answered, through the proxy {proxy}"),
        None => "the org answered, and is asked without a proxy".to_owned(),
    };
    Checked::ok(Check::Proxy, way)
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

fn unanswered(trouble: &Trouble, proxy: Option<&str>, board: &mut Board) {
    use TroubleKind::{NoSuchHost, ProxyPassword, ProxyRefused, ProxyUnreachable, Tls};
    let said = trouble.to_string();
    let cure = trouble.cure().unwrap_or("run `atx doctor` again");
    match trouble.kind {
        NoSuchHost => {
            let cure = "correct the host of the issuer, or the DNS of this machine";
            let problem = Checked::problem(Check::Name, said, cure);
            board.note(problem.setting(ISSUER).at(None));
        }
        // What lies behind the proxy was not seen.
        ProxyPassword | ProxyUnreachable | ProxyRefused => {
            board.note(Checked::problem(Check::Proxy, said, cure).setting("proxy"));
        }
        Tls(fault) => {
            board.note(name("the host name", proxy));
            board.note(Checked::ok(Check::Connection, "somebody listens there"));
            board.note(match tls::mistake_of(trouble, ServerRole::Org) {
                Some(mistake) => Checked::mistake(Check::Tls, &mistake),
                None => Checked::problem(Check::Tls, said, fault.cure()).setting(ISSUER),
            });
        }
        _ => {
            board.note(name("the host name", proxy));
            let more = "see whether the org is up, whether host and port are right, and whether a firewall or proxy is in the way";
            let problem = Checked::problem(Check::Connection, said, format!("{cure}; {more}"));
            board.note(problem.setting(ISSUER));
        }
    }
}
