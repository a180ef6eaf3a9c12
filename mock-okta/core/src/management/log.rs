//! The System Log (`/api/v1/logs`), made from the journal: what an administrator sees of refusals that clients do not.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::error::ApiError;
use super::filter::Filter;
use super::log_event::events;
use super::page::{Paging, limit, link};
use crate::context::{Context, Outcome};

/// How far back a query looks unless it says otherwise (System Log query, `since`).
const USUAL_PAST: SignedDuration = SignedDuration::from_hours(7 * 24);

const PAGING: Paging = Paging {
    usual: 100,
    most: 1000,
    filter: "filter",
    wrapped: false,
};

/// Events in order of time. A query without an end goes on for ever: it has a `next` link also where there is nothing more
/// yet, as Okta's polling requests have.
pub(super) fn list(cx: &Context<'_>) -> Result<Outcome, ApiError> {
    let query = &cx.request.query;
    let now = Timestamp::from_second(cx.now).unwrap_or_default();
    let since = instant(cx, "since")?.unwrap_or(now - USUAL_PAST);
    let until = instant(cx, "until")?;
    let filter = query.get("filter").map(Filter::parse).transpose()?;
    let newest_first = query.get("sortOrder") == Some("DESCENDING");
    let limit = limit(cx, PAGING)?;
    let after = after(cx)?;
    let wanted = query.get("q");
    let fits = |event: &Value| {
        filter.as_ref().is_none_or(|filter| filter.fits(event))
            && wanted.is_none_or(|wanted| event.to_string().contains(wanted))
    };
    let is_in_time = |at: Timestamp| at >= since && until.is_none_or(|until| at < until);

    let mut found: Vec<(u64, Value)> = Vec::new();
    for entry in cx.state.journal.entries() {
        let at: Timestamp = entry.at.parse().unwrap_or_default();
        if !is_in_time(at) {
            continue;
        }
        for (index, event) in (0_u64..).zip(events(cx, entry, at)) {
            if fits(&event) {
                found.push((entry.n * 10 + index, event));
            }
        }
    }
    if newest_first {
        found.reverse();
    }
    if let Some(after) = after {
        found.retain(|(number, _)| {
            if newest_first {
                *number < after
            } else {
                *number > after
            }
        });
    }
    let is_cut = found.len() > limit;
    found.truncate(limit);
    let mut links = vec![link(cx, query.get("after"), "self")];
    let polls = until.is_none() && !newest_first;
    if is_cut || polls {
        let last = found.last().map(|(number, _)| *number).or(after);
        let last = last.unwrap_or_default().to_string();
        links.push(link(cx, Some(&last), "next"));
    }
    Ok(Outcome::Api {
        status: 200,
        body: found.into_iter().map(|(_, event)| event).collect(),
        links,
    })
}

fn instant(cx: &Context<'_>, name: &'static str) -> Result<Option<Timestamp>, ApiError> {
    let text = cx.request.query.get(name);
    let wrong = |_| ApiError::Validation(name, "The date is not valid (ISO 8601).".to_owned());
    text.map(str::parse).transpose().map_err(wrong)
}

fn after(cx: &Context<'_>) -> Result<Option<u64>, ApiError> {
    let text = cx.request.query.get("after");
    let wrong = |_| ApiError::Validation("after", "The cursor is not valid.".to_owned());
    text.map(str::parse).transpose().map_err(wrong)
}
