//! Answers that are not the answer of the server under test to the request: of a portal, a firewall, a gateway, or of a
//! server that is out of service. Nothing can be judged by them, so a case that meets one is an error, never failed.
//!
//! The danger lies on both sides. An answer of something in between that is taken for the server's makes a false verdict,
//! often a *failed*, sometimes a *passed* (a firewall's 403 where a refusal is expected). An answer of the server that is
//! set aside here hides a deviation. So this is decided by endpoint and content, never by the status alone, and what the
//! server itself may have said, rightly or wrongly, is judged:
//!
//! | answer | decision and reason |
//! |---|---|
//! | JSON, with any status and media type but those below | judged. Whatever is wrong with it, a server of OAuth wrote it: a wrong media type, members that are missing or mistyped, 403 or 500 with an error of OAuth |
//! | 502, 503, 504 | trouble at every address, JSON or not: a gateway has no server behind it, or the server says itself that it does not work now (RFC 9110 sections 15.6.3 to 15.6.5; RFC 7009 section 2.2.1 allows 503) |
//! | 429 | trouble at every address: the request was not processed (RFC 6585 section 4) |
//! | 407, 511 | trouble at every address: only something in between sends them (RFC 9110 section 15.5.8, RFC 6585 section 6) |
//! | a web page from an endpoint that speaks JSON | trouble. Exceptions: 404, 405 and 410 where documents are fetched (a server need not have each document); 401 and 403 of userinfo with a challenge for a bearer token (RFC 6750 section 3 leaves the body open) |
//! | a redirect from an endpoint that speaks JSON | trouble: none of them redirects. Exception: revocation, where a client looks at the status alone, so a server may be wrong in that way; there it is judged once the server was seen in the same case |
//! | JSON that is cut off or malformed, other text, bytes that are not UTF-8 | trouble: it may have been broken on the way, and nobody can say by whom. Exceptions: signed JWTs of userinfo and introspection (OIDC Core section 5.3.2, RFC 9701), the text of a successful revocation (RFC 7009 section 2.2), and those of web pages |
//! | no content where some is due | trouble. Due are answers of the token endpoint, success of the others but revocation, and refusals of introspection and revocation with 400. Not due is a refusal of userinfo. With 400 or 401 it is judged where a scenario names that status and the server was seen in the same case: then it is the server that left the content out (`run/case/trouble.rs`) |
//! | 500 and other 5xx without JSON | trouble: the page of a crashed server and that of a gateway look alike. With JSON it is judged where the server was seen to be up |
//! | a request that the endpoint does not know (another method, another media type, another `Host`) and a 4xx or 501 | judged, whatever its content: the platform answers it, as a page perhaps |
//! | 413, 414, 431 | judged: they are about the size of the request |
//! | `HEAD`, `OPTIONS` | judged: they have no content |
//! | pages for people (authorization, sign-in, consent, logout), protected resources, addresses that the target file does not describe | judged but for the statuses above: nothing is known of their content |

mod content;
mod endpoint;

use super::http::origin;
use super::{AnswerTrouble, Deployment, Trouble, TroubleKind};
use crate::exchange::{Exchange, Party};
use content::Content;
use endpoint::{Asked, Spoken};

/// Why this answer cannot be that of the server under test, if it cannot.
#[must_use]
pub fn in_answer(exchange: &Exchange, deployment: &Deployment) -> Option<Trouble> {
    let (request, response) = (&exchange.request, &exchange.response);
    // Test control is no part of what is judged; whoever asks it looks at its answers.
    if request.party == Party::Control {
        return None;
    }
    let kind = of_status(response.status).or_else(|| {
        let asked = endpoint::of(request, deployment)?;
        let what = of_content(exchange, asked)?;
        Some(TroubleKind::Answer(what, response.status))
    })?;
    Some(Trouble {
        kind,
        origin: address(&request.url).to_owned(),
        detail: detail(kind, exchange),
    })
}

/// What a status says at every address.
fn of_status(status: u16) -> Option<TroubleKind> {
    Some(match status {
        407 => TroubleKind::ProxyPassword,
        429 => TroubleKind::Answer(AnswerTrouble::RateLimited, status),
        502..=504 => TroubleKind::Answer(AnswerTrouble::Unavailable, status),
        511 => TroubleKind::Answer(AnswerTrouble::Page, status),
        _ => return None,
    })
}

/// What the content says at an endpoint that speaks JSON.
fn of_content(exchange: &Exchange, asked: Asked) -> Option<AnswerTrouble> {
    let response = &exchange.response;
    let status = response.status;
    let is_about_request =
        matches!(status, 413 | 414 | 431) || (!asked.is_usual && matches!(status, 400..=499 | 501));
    if asked.is_bodiless || is_about_request {
        return None;
    }
    if matches!(status, 301 | 302 | 303 | 307 | 308) {
        let judged = asked.spoken == Spoken::Nothing || !asked.is_usual;
        return (!judged).then_some(AnswerTrouble::Redirect);
    }
    let content = Content::of(response);
    if content == Content::Json || is_lawful(asked.spoken, status, content, exchange) {
        return None;
    }
    Some(match content {
        Content::Page if status == 403 => AnswerTrouble::Forbidden,
        _ if status >= 500 => AnswerTrouble::BrokeDown,
        Content::Page => AnswerTrouble::Page,
        Content::NotUtf8 => AnswerTrouble::NotUtf8,
        Content::Empty => AnswerTrouble::Empty,
        Content::Json | Content::Jwt | Content::CutJson | Content::Text => AnswerTrouble::NotJson,
    })
}

/// Whether an endpoint may answer with this content, which is not JSON.
fn is_lawful(spoken: Spoken, status: u16, content: Content, exchange: &Exchange) -> bool {
    let is_success = (200..300).contains(&status);
    let is_challenge = matches!(status, 401 | 403);
    match (spoken, content) {
        (_, Content::Empty) if matches!(status, 204 | 205 | 304) => true,
        (Spoken::Document, _) if matches!(status, 404 | 405 | 410) => true,
        (Spoken::Document | Spoken::Claims, Content::Empty) => matches!(status, 400..=499),
        (Spoken::Nothing, Content::Page) => false,
        (Spoken::Nothing, _) if is_success => true,
        (Spoken::Claims, Content::Page) => is_challenge && challenges_bearer(exchange),
        (Spoken::Claims, _) if is_challenge => true,
        (Spoken::State, Content::Empty) => is_challenge,
        (Spoken::Claims | Spoken::State, Content::Jwt) => is_success,
        _ => false,
    }
}

/// Whether an answer asks for a bearer token, as a protected resource does.
fn challenges_bearer(exchange: &Exchange) -> bool {
    let challenge = exchange.response.header("www-authenticate");
    challenge.is_some_and(|challenge| challenge.to_ascii_lowercase().contains("bearer"))
}

fn detail(kind: TroubleKind, exchange: &Exchange) -> Option<String> {
    let response = &exchange.response;
    match kind {
        TroubleKind::Answer(AnswerTrouble::Redirect, _) => {
            let to = exchange.redirects_to()?;
            let own = address(&exchange.request.url);
            Some(if address(&to) == own {
                "to itself".to_owned()
            } else {
                format!("to {}", origin(&to))
            })
        }
        TroubleKind::Answer(AnswerTrouble::RateLimited, _) => {
            let after = response.header("retry-after")?;
            Some(format!(
                "Retry-After: {}",
                crate::value::shorten(&after, 40)
            ))
        }
        TroubleKind::Answer(..) => content::describe(response),
        _ => None,
    }
}

/// An address without its query.
fn address(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
