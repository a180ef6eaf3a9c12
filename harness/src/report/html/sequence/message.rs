//! What passes between the lifelines: recorded exchanges, consecutive ones of a step as one, and what no recording can show.

use super::lane::{Lane, lane};
use crate::evidence::{RecordedBody, RecordedResponse, RecordedStep, RecordedValue};
use crate::presentation::html::untrusted;
use crate::report::html::values::path;

/// What a message means for the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Mark {
    Plain,
    /// The expectations of its step looked at it.
    Judged,
    /// It is what does not hold.
    Failing,
}

/// A request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Message {
    pub(super) from: Lane,
    pub(super) to: Lane,
    /// The step that it belongs to.
    pub(super) step: String,
    /// Over the arrow.
    pub(super) label: String,
    /// Over the arrow back; `None` where nothing came back.
    pub(super) answer: Option<String>,
    /// What the answer implies to have happened inside, which no recording shows.
    pub(super) unseen: Option<Unseen>,
    pub(super) mark: Mark,
}

/// The messages of a case. `failing` is the exchange that does not hold.
pub(in super::super) fn messages(
    exchanges: &[RecordedStep],
    failing: Option<&RecordedStep>,
) -> Vec<Message> {
    let is_failing =
        |step: &RecordedStep| failing.is_some_and(|failing| std::ptr::eq(failing, step));
    let alike = |one: &RecordedStep, next: &RecordedStep| {
        one.step == next.step
            && (one.from, one.to) == (next.from, next.to)
            && !is_failing(one)
            && !is_failing(next)
    };
    let mut messages = Vec::new();
    for run in exchanges.chunk_by(alike) {
        let Some(first) = run.first() else { continue };
        let mark = if is_failing(first) {
            Mark::Failing
        } else if run.iter().any(|step| step.judged) {
            Mark::Judged
        } else {
            Mark::Plain
        };
        messages.push(Message {
            from: lane(first.from),
            to: lane(first.to),
            step: step(first),
            label: label(run),
            answer: answer(run),
            unseen: run.last().and_then(behind),
            mark,
        });
    }
    messages
}

fn step(exchange: &RecordedStep) -> String {
    untrusted::line(&exchange.step, 28)
}

fn label(run: &[RecordedStep]) -> String {
    let Some(first) = run.first() else {
        return String::new();
    };
    let step = step(first);
    if run.len() == 1 {
        return format!(
            "{step}: {} {}",
            untrusted::line(&first.request.method, 10),
            tail(&first.request.url)
        );
    }
    format!("{step}: {} requests", run.len())
}

/// The end of a path, which says what the endpoint is for.
fn tail(url: &str) -> String {
    let path = path(url);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => "/".to_owned(),
        [.., before, last] if parts.len() > 2 => untrusted::line(&format!("…/{before}/{last}"), 30),
        parts => untrusted::line(&format!("/{}", parts.join("/")), 30),
    }
}

/// What came back: statuses, and what an answer is worth.
fn answer(run: &[RecordedStep]) -> Option<String> {
    let answers: Vec<String> = run
        .iter()
        .filter_map(|step| step.response.as_ref())
        .map(describe_response)
        .collect();
    if answers.len() < run.len() && run.len() == 1 {
        return None;
    }
    let mut counted: Vec<(String, usize)> = Vec::new();
    for answer in answers {
        match counted.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, count)) => *count += 1,
            None => counted.push((answer, 1)),
        }
    }
    let parts: Vec<String> = counted
        .into_iter()
        .map(|(answer, count)| {
            if count == 1 {
                answer
            } else {
                format!("{count} × {answer}")
            }
        })
        .collect();
    Some(parts.join(", "))
}

fn describe_response(response: &RecordedResponse) -> String {
    let status = response.status;
    let RecordedBody::Json { value, .. } = &response.body else {
        return status.to_string();
    };
    let error = value.get("error").and_then(serde_json::Value::as_str);
    match error {
        Some(error) => format!("{status} {}", untrusted::line(error, 28)),
        None => ["access_token", "id_token"]
            .into_iter()
            .find(|member| value.get(member).is_some())
            .map_or_else(|| status.to_string(), |member| format!("{status} {member}")),
    }
}

/// What an accepted exchange implies inside Okta. No harness sees it, so it is drawn dashed and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unseen {
    /// Whom the server turned to.
    pub(super) to: Lane,
    /// What for.
    pub(super) label: String,
}

/// What happened behind this exchange, as far as the token shows that it asked for and got.
pub(super) fn behind(step: &RecordedStep) -> Option<Unseen> {
    let accepted = step
        .response
        .as_ref()
        .is_some_and(|response| (200..300).contains(&response.status));
    if !accepted {
        return None;
    }
    let requested = step
        .request
        .parameters
        .iter()
        .find(|field| field.name == "requested_token_type")?;
    let RecordedValue::Plain { text } = &requested.value else {
        return None;
    };
    let (to, label) = match text.as_str() {
        "urn:okta:params:oauth:token-type:vaulted-secret" => (Lane::Vault, "looks up the secret"),
        "urn:okta:params:oauth:token-type:service-account" => {
            (Lane::Vault, "looks up the service account")
        }
        "urn:okta:params:oauth:token-type:oauth-sts" => {
            (Lane::ThirdParty, "gets the third party's token")
        }
        _ => return None,
    };
    Some(Unseen {
        to,
        label: format!("{label} (not seen)"),
    })
}
