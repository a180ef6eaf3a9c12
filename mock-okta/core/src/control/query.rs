//! What part of the journal is asked for.

use form_urlencoded::parse;
use strict_yaml::did_you_mean;

use super::error::ControlError;

/// Which entries of the journal, oldest first. The default is the first [`JournalQuery::DEFAULT_LIMIT`] of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalQuery {
    /// Entries with a greater number only: pass the `next` of an earlier answer to go on after it.
    pub after: u64,
    /// No more than these.
    pub limit: usize,
    /// Entries of this client only.
    pub client_id: Option<String>,
    /// Entries whose path begins so.
    pub path: Option<String>,
    /// Entries refused with this internal code.
    pub refusal: Option<String>,
}

impl JournalQuery {
    /// Entries when no `limit` is given.
    pub const DEFAULT_LIMIT: usize = 100;
    /// No answer has more.
    pub const MAX_LIMIT: usize = 1000;

    pub(super) const KEYS: [&str; 5] = ["after", "limit", "client_id", "path", "refusal"];

    /// Reads a query string.
    pub(super) fn parse(query: &str) -> Result<Self, ControlError> {
        let mut read = Self::default();
        for (key, value) in parse(query.as_bytes()) {
            match key.as_ref() {
                "after" => read.after = number(&key, &value)?,
                "limit" => {
                    let limit = usize::try_from(number(&key, &value)?).unwrap_or(usize::MAX);
                    read.limit = limit.min(Self::MAX_LIMIT);
                }
                "client_id" => read.client_id = Some(value.into_owned()),
                "path" => read.path = Some(value.into_owned()),
                "refusal" => read.refusal = Some(value.into_owned()),
                _ => return Err(unknown(&key)),
            }
        }
        Ok(read)
    }

    /// Whether an entry with these properties is asked for.
    pub fn wants(&self, client_id: Option<&str>, path: &str, refusal: Option<&str>) -> bool {
        let same = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        same(&self.client_id, client_id)
            && same(&self.refusal, refusal)
            && self
                .path
                .as_deref()
                .is_none_or(|start| path.starts_with(start))
    }
}

impl Default for JournalQuery {
    fn default() -> Self {
        Self {
            after: 0,
            limit: Self::DEFAULT_LIMIT,
            client_id: None,
            path: None,
            refusal: None,
        }
    }
}

fn number(key: &str, value: &str) -> Result<u64, ControlError> {
    value.parse().map_err(|_| {
        ControlError::bad_request(
            format!("`{key}` is `{value}`"),
            format!("`{key}` as a whole number of at least 0"),
        )
    })
}

fn unknown(key: &str) -> ControlError {
    let mut error = format!("unknown query parameter `{key}`");
    if let Some(near) = did_you_mean(key, JournalQuery::KEYS) {
        error = format!("{error}; did you mean `{near}`?");
    }
    ControlError::bad_request(error, format!("one of {}", JournalQuery::KEYS.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_query_asks_for_the_beginning() {
        assert_eq!(JournalQuery::parse(""), Ok(JournalQuery::default()));
    }

    #[test]
    fn filters_hold_together() {
        let query = JournalQuery::parse("client_id=wlp1&path=/oauth2/v1/&refusal=id_jag_replayed")
            .expect("a query");
        assert!(query.wants(Some("wlp1"), "/oauth2/v1/token", Some("id_jag_replayed")));
        assert!(!query.wants(Some("wlp2"), "/oauth2/v1/token", Some("id_jag_replayed")));
        assert!(!query.wants(
            Some("wlp1"),
            "/oauth2/default/v1/token",
            Some("id_jag_replayed")
        ));
        assert!(!query.wants(Some("wlp1"), "/oauth2/v1/token", None));
    }

    #[test]
    fn a_limit_is_bounded_and_a_number() {
        assert_eq!(
            JournalQuery::parse("limit=99999999").map(|query| query.limit),
            Ok(JournalQuery::MAX_LIMIT)
        );
        assert!(JournalQuery::parse("limit=-1").is_err());
    }

    #[test]
    fn a_slip_of_the_pen_is_answered_with_the_right_name() {
        let error = JournalQuery::parse("clientid=x")
            .expect_err("unknown")
            .error;
        assert_eq!(
            error,
            "unknown query parameter `clientid`; did you mean `client_id`?"
        );
    }
}
