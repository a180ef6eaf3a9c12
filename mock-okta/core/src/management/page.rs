//! Lists: filtered, cut to a page, and with the `Link` fields that lead to the next (Okta's API reference, "Pagination").

use serde_json::{Value, json};

use super::filter::Filter;
use crate::api_error::ApiError;
use crate::context::{Context, Outcome};

/// How a list is cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paging {
    /// Entries of a page unless the request says otherwise.
    pub(super) default_limit: usize,
    /// The most that it may ask for.
    pub(super) max_limit: usize,
    /// The parameter that holds a filter.
    pub(super) filter: &'static str,
    /// Whether the entries are the member `data` of an object.
    pub(super) wrapped: bool,
}

/// A page of these entries, each with the cursor that names it.
///
/// # Errors
/// 400 where `limit`, `after` or the filter cannot be used.
pub(super) fn page(
    cx: &Context<'_>,
    paging: Paging,
    entries: Vec<(String, Value)>,
) -> Result<Outcome, ApiError> {
    let filter = cx.request.query.get(paging.filter).map(Filter::parse);
    let filter = filter.transpose()?;
    let limit = limit(cx, paging)?;
    let mut found: Vec<(String, Value)> = entries
        .into_iter()
        .filter(|(_, entry)| filter.as_ref().is_none_or(|filter| filter.fits(entry)))
        .collect();
    if let Some(after) = cx.request.query.get("after") {
        let at = found.iter().position(|(name, _)| name == after);
        let wrong = || ApiError::Validation("after", "The cursor is not valid.".to_owned());
        found.drain(..=at.ok_or_else(wrong)?);
    }
    let mut links = vec![link(cx, cx.request.query.get("after"), "self")];
    if found.len() > limit {
        found.truncate(limit);
        let last = found.last().map(|(name, _)| name.as_str());
        links.push(link(cx, last, "next"));
    }
    let found: Vec<Value> = found.into_iter().map(|(_, entry)| entry).collect();
    let body = if paging.wrapped {
        json!({ "data": found })
    } else {
        Value::Array(found)
    };
    Ok(Outcome::Api {
        status: 200,
        body,
        links,
    })
}

/// Whether a text of this value contains what `q` asks for, ignoring case; without `q` anything is asked for.
pub(super) fn is_asked_for(cx: &Context<'_>, value: &Value) -> bool {
    let wanted = cx.request.query.get("q").map(str::to_lowercase);
    wanted.is_none_or(|wanted| contains(value, &wanted))
}

fn contains(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text.to_lowercase().contains(wanted),
        Value::Array(items) => items.iter().any(|item| contains(item, wanted)),
        Value::Object(members) => members.values().any(|member| contains(member, wanted)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Entries of a page.
pub(super) fn limit(cx: &Context<'_>, paging: Paging) -> Result<usize, ApiError> {
    let Some(asked) = cx.request.query.get("limit") else {
        return Ok(paging.default_limit);
    };
    let number = asked.parse().ok();
    let number = number.filter(|number| (1..=paging.max_limit).contains(number));
    number.ok_or_else(|| {
        let cause = format!("The limit must be a number from 1 to {}.", paging.max_limit);
        ApiError::Validation("limit", cause)
    })
}

/// The address of the request with another cursor.
pub(super) fn link(cx: &Context<'_>, after: Option<&str>, relation: &str) -> String {
    let query = cx.request.query.iter().filter(|(name, _)| *name != "after");
    let query = query.chain(after.map(|after| ("after", after)));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    let mark = if query.is_empty() { "" } else { "?" };
    let path = &cx.request.path;
    format!("<{}{path}{mark}{query}>; rel=\"{relation}\"", cx.base_url)
}
