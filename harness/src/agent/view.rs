//! A request as scenarios see it: a JSON object whose members selectors and checks name by their paths.
//! docs/agents.md describes the members; `scenario/agent/path.rs` knows their names.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use url::Url;

use super::ledger::Ledger;
use crate::exchange::{Exchange, Party, Payload, RequestSpec, Response};
use crate::jwt::Jwt;
use crate::scenario::model::ServerRole;
use crate::targets::{Deployment, Received};

/// The header field by which the requests of the browser that the kit plays are told from those of the agent.
pub(super) const BROWSER_FIELD: &str = "x-atx-browser";

/// A request and its answer.
pub(super) struct Seen {
    /// Number in the journal.
    pub(super) number: u64,
    /// When, in seconds since the epoch by the org's clock.
    pub(super) at: f64,
    /// As scenarios see it.
    pub(super) view: Value,
    /// As evidence records it.
    pub(super) exchange: Exchange,
    /// Whether the connection ended without an answer.
    pub(super) is_cut: bool,
}

impl Seen {
    /// Whether the user's browser sent it.
    pub(super) fn is_by_browser(&self) -> bool {
        self.exchange.request.by_browser
    }
}

/// Where things are at an org.
pub(super) struct Places {
    org_host: String,
    base_url: String,
    custom: Option<String>,
    api: Option<String>,
}

impl Places {
    /// `api` is where the credential of the task is used.
    pub(super) fn new(deployment: &Deployment, base_url: &str, api: Option<&str>) -> Self {
        let path = |url: &str| {
            Url::parse(url)
                .map(|url| url.path().trim_end_matches('/').to_owned())
                .ok()
        };
        let custom = deployment.servers.get(&ServerRole::CustomAs);
        let host = Url::parse(base_url).ok().and_then(|url| {
            let host = url.host_str()?;
            Some(
                url.port()
                    .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
            )
        });
        Self {
            org_host: host.unwrap_or_default(),
            base_url: base_url.to_owned(),
            custom: custom.and_then(|server| path(&server.issuer)),
            api: api.and_then(path),
        }
    }

    /// `org`, `custom`, `other` (another authorization server), `api`, `other-api`, or `elsewhere`: a host that is not the org's.
    fn of(&self, path: &str, endpoint: &str, host: Option<&str>) -> &'static str {
        if host.is_some_and(|host| !host.eq_ignore_ascii_case(&self.org_host)) {
            return "elsewhere";
        }
        if endpoint == "protected-resource" {
            return if self.api.as_deref() == Some(path) {
                "api"
            } else {
                "other-api"
            };
        }
        let of_custom = |path: &str| {
            let custom = self.custom.as_deref()?;
            let rest = path.strip_prefix(custom)?;
            rest.starts_with('/').then_some(())
        };
        if of_custom(path).is_some() || path.ends_with(self.custom.as_deref().unwrap_or("\0")) {
            return "custom";
        }
        let is_org = path.starts_with("/oauth2/v1/") || !path.contains("/oauth2/");
        if is_org { "org" } else { "other" }
    }
}

/// All requests of a case, in order. The ledger knows all credentials afterwards.
pub(super) fn seen(received: Vec<Received>, places: &Places, ledger: &mut Ledger) -> Vec<Seen> {
    let read: Vec<_> = received
        .into_iter()
        .map(|one| {
            let form = form_of(&one);
            let at = places.of(
                path_of(&one.target),
                &one.endpoint,
                header(&one, "host").as_deref(),
            );
            (one, form, at)
        })
        .collect();
    for (one, form, at) in &read {
        ledger.learn(one, form, *at == "org");
    }
    read.into_iter()
        .map(|(one, form, at)| look(one, form, at, places, ledger))
        .collect()
}

fn look(
    one: Received,
    form: Vec<(String, String)>,
    at: &'static str,
    places: &Places,
    ledger: &Ledger,
) -> Seen {
    let path = path_of(&one.target).to_owned();
    let query = one.target.split_once('?').map_or("", |(_, query)| query);
    let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let by_browser = header(&one, BROWSER_FIELD).is_some();
    let text = |name: &str| {
        let mut form = form.iter();
        form.find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    let authorization = header(&one, "authorization");
    let mut view = json!({
        "endpoint": one.endpoint,
        "at": at,
        "by": if by_browser { "browser" } else { "agent" },
        "method": one.method,
        "path": path,
        "status": one.status,
        "http_version": one.http_version,
        "query": by_name(&query),
        "form": by_name(&form),
        "headers": headers(&one.headers),
        "repeated": repeated(&query, &form),
        "url_carries": url_carries(&one, ledger),
        "carries": carries(&one, &form, ledger),
        "from": from(&query, &form, authorization.as_deref(), ledger),
    });
    let mut set = |name: &str, value: Option<Value>| {
        if let (Some(members), Some(value)) = (view.as_object_mut(), value) {
            members.insert(name.to_owned(), value);
        }
    };
    set("grant", text("grant_type").map(last_part));
    set("requested", text("requested_token_type").map(last_part));
    if one.endpoint == "token" || one.endpoint == "revoke" || one.endpoint == "introspect" {
        set(
            "authenticated_by",
            Some(authenticated_by(&form, authorization.as_deref()).into()),
        );
    }
    if let Some(jwt) = text("client_assertion").and_then(|token| Jwt::decode(token).ok()) {
        set(
            "assertion",
            Some(json!({ "header": jwt.header, "claims": jwt.claims })),
        );
    }
    set(
        "basic",
        authorization
            .as_deref()
            .and_then(|field| basic(field, ledger))
            .map(Value::from),
    );
    set("refusal", one.refusal.as_deref().map(Value::from));
    set("fault", one.fault.as_deref().map(Value::from));
    let response = Response::new(one.status, one.answer_headers, one.answer_body.as_bytes());
    let error = response.json.as_ref().and_then(|answer| {
        let error = answer.get("error").or_else(|| answer.get("errorCode"));
        error.cloned()
    });
    set("error", error);
    set("answer", response.json.clone());

    let party = match at {
        "custom" | "other" => Party::Custom,
        "api" | "other-api" => Party::Resource,
        _ if matches!(one.endpoint.as_str(), "third-party" | "third-party-consent") => {
            Party::Resource
        }
        _ => Party::Org,
    };
    let mut request = RequestSpec::new(party, &one.method, format!("{}{path}", places.base_url));
    request.by_browser = by_browser;
    request.query = query;
    request.headers = one
        .headers
        .into_iter()
        .filter(|(name, _)| name != BROWSER_FIELD && name != "content-type")
        .collect();
    request.payload = if !form.is_empty() {
        Payload::Form(form)
    } else if one.body.is_empty() {
        Payload::None
    } else {
        Payload::Text {
            media_type: "application/octet-stream".to_owned(),
            text: one.body,
        }
    };
    Seen {
        number: one.number,
        at: one.at,
        view,
        exchange: Exchange {
            request,
            response,
            elapsed: Duration::ZERO,
        },
        is_cut: one.status == 0,
    }
}

fn path_of(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}

fn header(one: &Received, name: &str) -> Option<String> {
    let mut fields = one.headers.iter();
    fields
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.clone())
}

/// The parameters of a form; none where the content is of another type.
fn form_of(one: &Received) -> Vec<(String, String)> {
    let media_type = header(one, "content-type").unwrap_or_default();
    let is_form = media_type
        .to_ascii_lowercase()
        .starts_with("application/x-www-form-urlencoded");
    if !is_form {
        return Vec::new();
    }
    form_urlencoded::parse(one.body.as_bytes())
        .into_owned()
        .collect()
}

/// Values by name; several of one name as a list.
fn by_name(pairs: &[(String, String)]) -> Value {
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in pairs {
        names.entry(name).or_default().push(value);
    }
    let members = names.into_iter().map(|(name, values)| {
        let value = match values[..] {
            [one] => Value::from(one),
            _ => Value::from(values),
        };
        (name.to_owned(), value)
    });
    Value::Object(members.collect::<Map<_, _>>())
}

/// Fields of one name are joined (RFC 9110 section 5.3).
fn headers(fields: &[(String, String)]) -> Value {
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in fields {
        let joined = names.entry(name).or_default();
        if !joined.is_empty() {
            joined.push_str(", ");
        }
        joined.push_str(value);
    }
    json!(names)
}

/// Parameters that stand there more than once, in query and form together.
fn repeated(query: &[(String, String)], form: &[(String, String)]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in query.iter().chain(form) {
        *counts.entry(name).or_default() += 1;
    }
    let repeated = counts.into_iter().filter(|(_, count)| *count > 1);
    repeated.map(|(name, _)| name.to_owned()).collect()
}

fn url_carries(one: &Received, ledger: &Ledger) -> Vec<&'static str> {
    let mut kinds = ledger.within(&one.target);
    if let Some(referer) = header(one, "referer") {
        for kind in ledger.within(&referer) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    kinds
}

fn carries(one: &Received, form: &[(String, String)], ledger: &Ledger) -> Vec<&'static str> {
    let texts = [one.target.as_str(), one.body.as_str()].into_iter();
    let fields = one.headers.iter().map(|(_, value)| value.as_str());
    let form = form.iter().map(|(_, value)| value.as_str());
    let mut kinds = Vec::new();
    for text in texts.chain(fields).chain(form) {
        for kind in ledger.within(text) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    kinds
}

/// What the values of a request are, where they are credentials of the case.
fn from(
    query: &[(String, String)],
    form: &[(String, String)],
    authorization: Option<&str>,
    ledger: &Ledger,
) -> Value {
    let mut kinds = Map::new();
    for (name, value) in query.iter().chain(form) {
        if let Some(kind) = ledger.kind_of(value) {
            kinds.insert(name.clone(), kind.into());
        }
    }
    let bearer = authorization
        .and_then(|field| field.split_once(' '))
        .map(|(_, rest)| rest.trim());
    let kind = bearer.and_then(|token| ledger.kind_of(token));
    let kind = kind.or_else(|| ledger.within(authorization?).first().copied());
    if let Some(kind) = kind {
        kinds.insert("authorization".to_owned(), kind.into());
    }
    Value::Object(kinds)
}

/// Every way to authenticate that a request uses, joined by `+`.
fn authenticated_by(form: &[(String, String)], authorization: Option<&str>) -> String {
    let has = |name: &str| form.iter().any(|(known, _)| known == name);
    let is_basic =
        authorization.is_some_and(|field| field.to_ascii_lowercase().starts_with("basic "));
    let ways = [
        (has("client_assertion"), "private_key_jwt"),
        (is_basic, "client_secret_basic"),
        (has("client_secret"), "client_secret_post"),
    ];
    let used: Vec<&str> = ways
        .iter()
        .filter(|(is_used, _)| *is_used)
        .map(|(_, way)| *way)
        .collect();
    if used.is_empty() {
        "none".to_owned()
    } else {
        used.join("+")
    }
}

/// `urn:ietf:params:oauth:grant-type:token-exchange` → `token-exchange`.
fn last_part(urn: &str) -> Value {
    urn.rsplit(':').next().unwrap_or(urn).into()
}

/// Whether Basic credentials hold the client's secret as RFC 6749 section 2.3.1 has it: `encoded`, else `plain`. `None` where they
/// are not the client's, or where encoding makes no difference.
fn basic(authorization: &str, ledger: &Ledger) -> Option<&'static str> {
    let (scheme, rest) = authorization.split_once(' ')?;
    let decoded = STANDARD.decode(rest.trim()).ok()?;
    let pair = String::from_utf8(decoded).ok()?;
    let (_, sent) = pair
        .split_once(':')
        .filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let mut secrets = ledger.all().filter(|(kind, _)| *kind == "client-secret");
    secrets.find_map(|(_, secret)| {
        let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let read = form_urlencoded::parse(sent.as_bytes()).map(|(name, _)| name.into_owned());
        let read: String = read.collect();
        match () {
            () if encoded == secret => None,
            () if sent == secret => Some("plain"),
            () if read == secret => Some("encoded"),
            () => None,
        }
    })
}
