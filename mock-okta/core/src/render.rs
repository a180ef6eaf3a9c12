//! The render phase: a decision becomes bytes and headers; tokens are signed here.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use http::{HeaderValue, Response, header};
use serde_json::{Map, Value};

use crate::context::{Members, Outcome, Slot};
use crate::core::Decided;
use crate::defect::change_finished;
use crate::faults;
use crate::pages;
use crate::refusal::{Refusal, Refused, api_error, oauth_error};
use crate::tokens::id_jag;
use crate::tokens::jwt::JwtPlan;
use crate::variation;

/// Debug header with the internal code of a refusal.
pub const INTERNAL_CODE: &str = "x-mock-okta-code";

const NO_STORE: &str = "no-cache, no-store";

/// HTTP status of an outcome, before anything is signed.
pub(crate) fn status(outcome: &Outcome) -> u16 {
    match outcome {
        Outcome::Json { .. } | Outcome::Message { .. } => 200,
        Outcome::Refused(refused) | Outcome::Challenge { refused, .. } => refused.status(),
        Outcome::ApiError { status, .. }
        | Outcome::Api { status, .. }
        | Outcome::Page { status, .. }
        | Outcome::Empty(status) => *status,
        Outcome::Redirect { .. } => 302,
    }
}

/// Names of the members of a JSON answer.
pub(crate) fn member_names(outcome: &Outcome) -> Vec<String> {
    match outcome {
        Outcome::Json { members, .. } => members.iter().map(|(name, _)| name.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Signs and serialises.
pub(crate) fn render(decided: Decided) -> Response<Vec<u8>> {
    let status = status(&decided.outcome);
    let refusal = decided.outcome.refusal().map(|refused| refused.refusal);
    let mut response = match decided.outcome {
        Outcome::Json { members, cache } => match sign(members) {
            Ok(body) => json(status, &body, cache),
            Err(refused) => json(refused.refusal.status(), &oauth_error(&refused), NO_STORE),
        },
        Outcome::Refused(refused) => {
            let mut response = json(status, &oauth_error(&refused), NO_STORE);
            // RFC 6749 §5.2: a client that tried the header and failed gets a matching challenge; more is a switch.
            if status == 401 && decided.challenges {
                set(&mut response, "www-authenticate", "Basic realm=\"Okta\"");
            }
            response
        }
        Outcome::Challenge {
            refused,
            resource_metadata,
            scope,
        } => challenge(
            status,
            &refused,
            scope.as_deref(),
            resource_metadata.as_deref(),
        ),
        Outcome::ApiError {
            code,
            summary,
            causes,
            allow,
            ..
        } => {
            let mut response = json(
                status,
                &api_error(code, &summary, &decided.error_id, &causes),
                NO_STORE,
            );
            if let Some(allow) = allow {
                set(&mut response, "allow", allow);
            }
            response
        }
        Outcome::Api { body, links, .. } => api(status, &body, &links),
        Outcome::Redirect { location, .. } => {
            let mut response = plain(status, Vec::new());
            set(&mut response, "location", &location);
            set(&mut response, "cache-control", NO_STORE);
            response
        }
        Outcome::Page { html, .. } => page(status, html, pages::content_security_policy()),
        Outcome::Message { html, origin, .. } => {
            page(status, html, &pages::post_message_policy(&origin))
        }
        Outcome::Empty(_) => {
            let mut response = plain(status, Vec::new());
            set(&mut response, "cache-control", NO_STORE);
            response
        }
    };
    if let Some(cookie) = &decided.set_cookie {
        set(&mut response, "set-cookie", cookie);
    }
    set(&mut response, "x-okta-request-id", &decided.request_id);
    set(&mut response, "x-content-type-options", "nosniff");
    set(&mut response, "referrer-policy", "no-referrer");
    if let (Some(refusal), true) = (refusal, decided.show_internal_codes) {
        set(&mut response, INTERNAL_CODE, refusal.code());
    }
    decided.cors.respond(response.headers_mut());
    for bend in decided.bends {
        change_finished(bend, &mut response);
    }
    variation::respond(decided.varied, &mut response);
    if let Some(standing) = decided.standing {
        standing.show(response.headers_mut());
    }
    if let Some(action) = decided.fault {
        faults::change(action, decided.now, &decided.error_id, &mut response);
    }
    if decided.head {
        // RFC 9110 §9.3.2: the fields are those of the answer to a GET.
        let length = response.body().len().to_string();
        set(&mut response, "content-length", &length);
        response.body_mut().clear();
    }
    response
}

fn page(status: u16, html: String, policy: &str) -> Response<Vec<u8>> {
    let mut response = plain(status, html.into_bytes());
    set(&mut response, "content-type", pages::CONTENT_TYPE);
    set(&mut response, "content-security-policy", policy);
    set(&mut response, "cache-control", NO_STORE);
    response
}

/// Signs what is to be signed; the ID token comes last, since it may carry the access token's hash.
fn sign(members: Members) -> Result<Map<String, Value>, Refused> {
    let broken = |plan: &JwtPlan| {
        Refused::from(if plan.typ == Some(id_jag::TYP) {
            Refusal::IdJagNotGenerated
        } else {
            Refusal::AccessTokenNotGenerated
        })
    };
    let mut body = Map::new();
    for (name, slot) in members {
        let member = match slot {
            Slot::Value(value) => value,
            Slot::Jwt(plan) => Value::String(plan.sign().map_err(|_| broken(&plan))?),
            Slot::IdToken(mut plan) => {
                if let Some(token) = body.get("access_token").and_then(Value::as_str) {
                    plan.claims
                        .insert("at_hash".to_owned(), Value::String(half_hash(token)));
                }
                Value::String(plan.sign().map_err(|_| broken(&plan))?)
            }
        };
        body.insert(name, member);
    }
    Ok(body)
}

/// OIDC Core §3.1.3.6: the left half of the hash, for RS256 of SHA-256.
fn half_hash(token: &str) -> String {
    B64.encode(&digest(&SHA256, token.as_bytes()).as_ref()[..16])
}

/// An answer of the management API. `Link` comes once for each relation, as Okta sends it.
fn api(status: u16, body: &Value, links: &[String]) -> Response<Vec<u8>> {
    let mut response = plain(status, body.to_string().into_bytes());
    set(&mut response, "content-type", "application/json");
    set(&mut response, "cache-control", NO_STORE);
    set(&mut response, "pragma", "no-cache");
    set(&mut response, "expires", "0");
    for link in links {
        if let Ok(link) = HeaderValue::from_str(link) {
            response.headers_mut().append(header::LINK, link);
        }
    }
    response
}

/// RFC 6750 §3: the challenge says what is wrong, the body is empty.
fn challenge(
    status: u16,
    refused: &Refused,
    scope: Option<&str>,
    resource_metadata: Option<&str>,
) -> Response<Vec<u8>> {
    let mut response = plain(status, Vec::new());
    let refusal = refused.refusal;
    let mut parts = Vec::new();
    // RFC 6750 §3.1: without any credential the challenge names no error.
    if refusal != Refusal::AccessTokenMissing {
        parts.push(format!("error=\"{}\"", refused.error()));
        parts.push(format!("error_description=\"{}\"", refusal.text()));
    }
    parts.extend(scope.map(|scope| format!("scope=\"{scope}\"")));
    // RFC 9728 §5.1.
    parts.extend(resource_metadata.map(|url| format!("resource_metadata=\"{url}\"")));
    let value = format!("Bearer {}", parts.join(", "));
    set(&mut response, "www-authenticate", value.trim_end());
    set(&mut response, "cache-control", NO_STORE);
    response
}

fn json(status: u16, body: &Map<String, Value>, cache: &str) -> Response<Vec<u8>> {
    // A map of JSON values always serialises.
    let mut response = plain(status, serde_json::to_vec(body).unwrap_or_default());
    set(&mut response, "content-type", "application/json");
    set(&mut response, "cache-control", cache);
    if cache.contains("no-store") {
        set(&mut response, "pragma", "no-cache");
        set(&mut response, "expires", "0");
    }
    response
}

fn plain(status: u16, body: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    if let Ok(status) = http::StatusCode::from_u16(status) {
        *response.status_mut() = status;
    }
    response
}

/// Sets a header; a value that cannot be one is left out rather than breaking the answer.
fn set(response: &mut Response<Vec<u8>>, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response
            .headers_mut()
            .insert(header::HeaderName::from_static(name), value);
    }
}
