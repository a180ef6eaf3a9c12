//! What a fault does to a finished answer.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};

use super::action::{FaultAction, Replacement};
use crate::api_error::{RATE_LIMIT_CODE, RATE_LIMIT_SUMMARY};
use crate::rate_limits;
use crate::refusal::api_error;

/// The page that a proxy shows when the server behind it does not answer as it should.
const PAGE: &str = "<!DOCTYPE html>\n<html>\n<head><title>STATUS</title></head>\n<body>\n<center><h1>STATUS</h1></center>\n\
                    <hr><center>proxy</center>\n</body>\n</html>\n";

/// Changes an answer. `now` is the org's time, `error_id` the id of an error in the envelope of Okta's API.
pub(crate) fn change(
    action: FaultAction,
    now: i64,
    error_id: &str,
    response: &mut Response<Vec<u8>>,
) {
    match action {
        FaultAction::Replace(replacement) => replace(&replacement, now, error_id, response),
        FaultAction::Truncate { bytes } => {
            let body = response.body_mut();
            // At least one byte is missing, however many are asked for.
            let kept = bytes.unwrap_or(body.len() / 2);
            body.truncate(kept.min(body.len().saturating_sub(1)));
        }
        FaultAction::Malform => malform(response.body_mut()),
        FaultAction::Empty => response.body_mut().clear(),
        FaultAction::ContentType(media_type) => set(response, CONTENT_TYPE, &media_type),
        FaultAction::Wire(fault) => {
            response.extensions_mut().insert(fault);
        }
    }
}

/// JSON has no `=` outside of strings. What has no `:` either is replaced.
fn malform(body: &mut Vec<u8>) {
    let colon = body.windows(2).position(|pair| pair == b"\":");
    match colon {
        Some(quote) => body[quote + 1] = b'=',
        None => *body = b"{=".to_vec(),
    }
}

/// Puts another answer in the place of the org's, of which nothing stays.
fn replace(replacement: &Replacement, now: i64, error_id: &str, response: &mut Response<Vec<u8>>) {
    let request_id = response.headers().get("x-okta-request-id").cloned();
    response.headers_mut().clear();
    response.headers_mut().remove(CONTENT_LENGTH);
    *response.status_mut() =
        StatusCode::from_u16(replacement.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match replacement {
        Replacement::Status {
            body,
            content_type,
            header,
            ..
        } => {
            *response.body_mut() = body.clone().into_bytes();
            if !body.is_empty() {
                set(response, CONTENT_TYPE, content_type);
            }
            if let Some((name, value)) = header
                && let Ok(name) = name.parse()
            {
                set(response, name, value);
            }
        }
        Replacement::RateLimited {
            retry_after,
            limit,
            reset_after,
        } => {
            let body = api_error(RATE_LIMIT_CODE, RATE_LIMIT_SUMMARY, error_id, &[]);
            // A map of JSON values always serialises.
            *response.body_mut() = serde_json::to_vec(&body).unwrap_or_default();
            set(response, CONTENT_TYPE, "application/json");
            if let Some(request_id) = request_id {
                let name = HeaderName::from_static("x-okta-request-id");
                response.headers_mut().insert(name, request_id);
            }
            rate_limits::Standing {
                limit: *limit,
                remaining: 0,
                reset: now.saturating_add(*reset_after),
            }
            .show(response.headers_mut());
            set_retry_after(response, *retry_after);
        }
        Replacement::Unavailable { retry_after } => {
            *response.body_mut() = b"Service Unavailable\n".to_vec();
            set(response, CONTENT_TYPE, "text/plain");
            set_retry_after(response, *retry_after);
        }
        Replacement::HtmlPage { .. } => {
            *response.body_mut() = PAGE
                .replace("STATUS", &response.status().to_string())
                .into_bytes();
            set(response, CONTENT_TYPE, "text/html");
        }
    }
}

fn set_retry_after(response: &mut Response<Vec<u8>>, seconds: Option<u64>) {
    if let Some(seconds) = seconds {
        set(response, RETRY_AFTER, &seconds.to_string());
    }
}

/// Sets a field; its value was checked when the fault was added.
fn set(response: &mut Response<Vec<u8>>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_malformed_is_not_json() {
        for body in [
            "{\"a\":\"b\",\"c\":[1]}",
            "{}",
            "",
            "[]",
            "<html>",
            "{\"a:b\":\"c\"}",
        ] {
            let mut bytes = body.as_bytes().to_vec();
            malform(&mut bytes);
            let read = serde_json::from_slice::<serde_json::Value>(&bytes);
            assert!(read.is_err(), "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn what_is_truncated_lacks_a_byte_at_least() {
        for (bytes, kept) in [
            (None, 5),
            (Some(0), 0),
            (Some(3), 3),
            (Some(10), 9),
            (Some(99), 9),
        ] {
            let mut response = Response::new(b"{\"abc\":12}".to_vec());
            change(FaultAction::Truncate { bytes }, 0, "", &mut response);
            assert_eq!(response.body().len(), kept, "{bytes:?}");
        }
    }
}
