//! Two routes: test control below `/_mock/`, which an org that looks like a real one lacks, and everything else, answered by the core.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{any, get};
use axum::{Extension, Router};
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use mock_okta_core::control::{self, Call, JournalWait};
use mock_okta_core::{ConnectionEnd, WireFault};
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;

use super::limits::Reader;
use super::wire::Wire;
use super::{faulty, message, transport};
use crate::access;
use crate::app::{App, control_response, read_control};

/// Who is at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

pub(super) fn router(app: Arc<App>) -> Router {
    let router = if app.core.options().as_real {
        Router::new()
    } else {
        Router::new()
            .route("/_mock/{*rest}", any(control_route))
            .route("/health", get(health))
    };
    router.fallback(org).with_state(app)
}

/// Signing happens here, on the thread that serves the connection: a quarter of a millisecond is less than a change
/// of threads would win back (see "Speed" in ARCHITECTURE.md).
async fn org(
    State(app): State<Arc<App>>,
    Extension(reader): Extension<Reader>,
    Extension(wire): Extension<Wire>,
    request: Request,
) -> Response {
    let (request, place) = match whole(request, &reader).await {
        Ok(whole) => whole,
        Err(status) => return refused(status),
    };
    if app.outage.is_on() {
        return faulty::cut(&wire, ConnectionEnd::Close).await;
    }
    let started = Instant::now();
    let answer = app.answer(&request).await;
    if let Some(log) = &app.log {
        log.note(&app.core, &answer, started.elapsed());
    }
    let fault = answer.extensions().get::<WireFault>().copied();
    let mut response = transport::send(request.headers(), answer);
    date(&mut response, app.clock.now());
    close_if(message::ends_connection(request.headers()), &mut response);
    // A fault may take its time, and does not need the request.
    let method = request.method().clone();
    drop((request, place));
    match fault {
        Some(fault) => faulty::carry_out(fault, &method, response, &app, &wire).await,
        None => response,
    }
}

/// Says that the org answers, for the health checks of containers: whoever asks, without a token, and without an entry in the
/// journal.
async fn health() -> Response {
    let mut response = Response::new(Body::from("{\"status\":\"ok\"}"));
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    let no_store = HeaderValue::from_static("no-store");
    headers.insert(header::CACHE_CONTROL, no_store);
    response
}

async fn control_route(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    Extension(reader): Extension<Reader>,
    request: Request,
) -> Response {
    if let Err(status) = message::judge(&request) {
        return refused(status);
    }
    if let Err(refusal) = access::judge(&app, Some(peer.0.ip()), &request) {
        return control_response(&Err(refusal)).map(Body::from);
    }
    let ends = message::ends_connection(request.headers());
    let (request, place) = match whole(request, &reader).await {
        Ok(whole) => whole,
        Err(status) => return refused(status),
    };
    let call = match read_control(&request) {
        Ok(Call::Wait(wait)) => {
            drop((request, place));
            return waited(&app, wait, ends).await;
        }
        call => call,
    };
    // Some commands make a key, which takes long enough to hold up others on this thread.
    let answer = tokio::task::spawn_blocking(move || {
        control_response(&call.and_then(|call| app.call(call)))
    })
    .await;
    drop(place);
    answer.map_or_else(
        |_| refused(StatusCode::INTERNAL_SERVER_ERROR),
        |answer| {
            let mut response = answer.map(Body::from);
            close_if(ends, &mut response);
            response
        },
    )
}

/// Answers once a request has come that somebody waits for, or the time is over.
async fn waited(app: &App, wait: JournalWait, ends: bool) -> Response {
    let raw = wait.query.raw;
    let entry = app.wait(wait).await;
    let shown = entry.map(|entry| control::shown(&entry, raw));
    let next = app.core.with_state(|state| state.journal.next());
    let next = shown
        .as_ref()
        .map_or(Value::from(next - 1), |entry| entry["n"].clone());
    let entries: Vec<Value> = shown.into_iter().collect();
    let answer = json!({ "entries": entries, "next": next });
    let mut response = control_response(&Ok(answer)).map(Body::from);
    close_if(ends, &mut response);
    response
}

/// A request with its body, and the place of a long body for as long as the request is needed.
async fn whole(
    request: Request,
    reader: &Reader,
) -> Result<(http::Request<Vec<u8>>, Option<OwnedSemaphorePermit>), StatusCode> {
    message::judge(&request)?;
    let (head, body) = request.into_parts();
    let content = reader.read(body).await?;
    let request = http::Request::from_parts(head, content.bytes);
    Ok((request, content.place))
}

/// Ends the connection with this answer.
fn close_if(ends: bool, response: &mut Response) {
    if ends {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
}

/// `Date` is the org's time: clients reckon waits against it.
fn date(response: &mut Response, now: Timestamp) {
    let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    if let Some(value) = text.ok().and_then(|text| HeaderValue::try_from(text).ok()) {
        response.headers_mut().insert(header::DATE, value);
    }
}

/// The server itself refuses, before the org has seen the request. The rest of the body is not waited for.
fn refused(status: StatusCode) -> Response {
    let text = format!("{status}\n");
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
