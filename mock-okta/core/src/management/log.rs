//! The System Log (`/api/v1/logs`), made from the journal: what an administrator sees of refusals that clients do not.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::filter::Filter;
use super::log_event::events;
use super::page::{Paging, is_asked_for, limit, link};
use crate::api_error::ApiError;
use crate::context::{Context, Outcome};
use crate::journal::JournalEntry;

/// How far back a query looks unless it says otherwise (System Log query, `since`).
const DEFAULT_PAST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// More events than a journal entry has.
const EVENTS_PER_ENTRY: u64 = 10;

const PAGING: Paging = Paging {
    default_limit: 100,
    max_limit: 1000,
    filter: "filter",
    wrapped: false,
};

/// Events in order of time. A query without an end has a `next` link even where there is nothing more yet, as Okta's polling
/// requests have.
pub(super) fn list(cx: &Context<'_>) -> Result<Outcome, ApiError> {
    let query = &cx.request.query;
    let now = Timestamp::from_second(cx.now).unwrap_or_default();
    let since = instant(cx, "since")?.unwrap_or(now - DEFAULT_PAST);
    let until = instant(cx, "until")?;
    let filter = query.get("filter").map(Filter::parse).transpose()?;
    let newest_first = query.get("sortOrder") == Some("DESCENDING");
    let limit = limit(cx, PAGING)?;
    let after = after(cx)?;
    let is_wanted = |event: &Value| {
        filter.as_ref().is_none_or(|filter| filter.fits(event)) && is_asked_for(cx, event)
    };
    let is_in_time = |at: Timestamp| at >= since && until.is_none_or(|until| at < until);

    let mut found: Vec<(u64, Value)> = Vec::new();
    for entry in entries(cx, after, newest_first) {
        // One event more than the page has shows that there is another page.
        if found.len() > limit {
            break;
        }
        let at: Timestamp = entry.at.parse().unwrap_or_default();
        if !is_in_time(at) {
            continue;
        }
        let mut events: Vec<(u64, Value)> =
            (cursor(entry.n)..).zip(events(cx, entry, at)).collect();
        if newest_first {
            events.reverse();
        }
        found.extend(events.into_iter().filter(|(number, event)| {
            let is_after = after.is_none_or(|after| {
                if newest_first {
                    *number < after
                } else {
                    *number > after
                }
            });
            is_after && is_wanted(event)
        }));
    }
    let is_cut = found.len() > limit;
    found.truncate(limit);
    let mut links = vec![link(cx, query.get("after"), "self")];
    let polls = until.is_none() && !newest_first;
    if is_cut || polls {
        let last = found.last().map(|(number, _)| *number);
        // Where there is nothing more yet, the next request begins with what is still to come.
        let next = last.filter(|_| is_cut);
        let next = next.unwrap_or_else(|| cursor(cx.state.journal.next()) - 1);
        links.push(link(cx, Some(&next.to_string()), "next"));
    }
    Ok(Outcome::Api {
        status: 200,
        body: found.into_iter().map(|(_, event)| event).collect(),
        links,
    })
}

/// The number of the first event of a journal entry, which `after` names. An entry has fewer than ten events.
const fn cursor(entry: u64) -> u64 {
    entry.saturating_mul(EVENTS_PER_ENTRY)
}

/// The entries that may have events after a cursor.
fn entries<'c>(
    cx: &'c Context<'_>,
    after: Option<u64>,
    newest_first: bool,
) -> Box<dyn Iterator<Item = &'c JournalEntry> + 'c> {
    let journal = &cx.state.journal;
    let entry = after.map(|after| after / EVENTS_PER_ENTRY);
    if newest_first {
        let last = entry.unwrap_or(u64::MAX);
        Box::new(journal.entries().rev().skip_while(move |one| one.n > last))
    } else {
        let before = entry.unwrap_or_default().saturating_sub(1);
        Box::new(journal.entries_after(before).map(AsRef::as_ref))
    }
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
