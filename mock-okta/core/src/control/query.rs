//! What part of the journal is asked for.

use form_urlencoded::parse;
use strict_yaml::did_you_mean;

use super::error::ControlError;
use crate::journal::JournalEntry;

/// Which entries of the journal. The default is the first [`JournalQuery::DEFAULT_LIMIT`] of all, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalQuery {
    /// Entries with a greater number only: pass the `next` of an earlier answer to go on after it.
    pub after: u64,
    /// No more than these.
    pub limit: usize,
    /// Newest first.
    pub newest_first: bool,
    /// Entries of this client only.
    pub client_id: Option<String>,
    /// Entries whose path begins so.
    pub path: Option<String>,
    /// Entries at this endpoint, such as `token`.
    pub endpoint: Option<String>,
    /// Entries about this user: id, login, or the part of the login before its `@`.
    pub user: Option<String>,
    /// Entries refused with this internal code.
    pub refusal: Option<String>,
    /// With requests and answers as they were sent, where they are kept.
    pub raw: bool,
}

/// A wait for the next entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalWait {
    /// Which entries count. Those that are there already do if the query says `after`.
    pub query: JournalQuery,
    /// Whether the query said `after`.
    pub from_the_past: bool,
    /// After how many seconds nothing more is waited for.
    pub seconds: u64,
}

impl JournalQuery {
    /// Entries when no `limit` is given.
    pub const DEFAULT_LIMIT: usize = 100;
    /// No answer has more.
    pub const MAX_LIMIT: usize = 1000;

    pub(super) const KEYS: [&str; 9] = [
        "after",
        "limit",
        "order",
        "client_id",
        "path",
        "endpoint",
        "user",
        "refusal",
        "raw",
    ];

    /// Reads a query string.
    pub(super) fn parse(query: &str) -> Result<Self, ControlError> {
        let mut read = Self::default();
        for (key, value) in parse(query.as_bytes()) {
            if !read.take(&key, &value)? {
                return Err(unknown(&key, &Self::KEYS));
            }
        }
        Ok(read)
    }

    /// Takes a parameter in; `false` when it has none of this name.
    fn take(&mut self, key: &str, value: &str) -> Result<bool, ControlError> {
        let text = || Some(value.to_owned());
        match key {
            "after" => self.after = number(key, value)?,
            "limit" => {
                let limit = usize::try_from(number(key, value)?).unwrap_or(usize::MAX);
                self.limit = limit.min(Self::MAX_LIMIT);
            }
            "order" => self.newest_first = one_of(key, value, ["oldest", "newest"])?,
            "raw" => self.raw = one_of(key, value, ["false", "true"])?,
            "client_id" => self.client_id = text(),
            "path" => self.path = text(),
            "endpoint" => self.endpoint = text(),
            "user" => self.user = text(),
            "refusal" => self.refusal = text(),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether an entry is asked for. `self.user` is an id by now.
    pub fn wants(&self, entry: &JournalEntry) -> bool {
        let same = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        let path = |start: &String| entry.path.starts_with(start);
        same(&self.client_id, entry.client_id.as_deref())
            && same(&self.refusal, entry.refusal)
            && same(&self.endpoint, Some(entry.endpoint))
            && same(&self.user, entry.user.as_deref())
            && self.path.as_ref().is_none_or(path)
    }
}

impl JournalWait {
    /// Seconds when no `timeout` is given.
    const DEFAULT_SECONDS: u64 = 30;
    /// The longest wait.
    const MAX_SECONDS: u64 = 600;

    pub(super) const KEYS: [&str; 8] = [
        "after",
        "client_id",
        "path",
        "endpoint",
        "user",
        "refusal",
        "raw",
        "timeout",
    ];

    /// Reads a query string.
    pub(super) fn parse(query: &str) -> Result<Self, ControlError> {
        let mut wait = Self {
            query: JournalQuery {
                limit: 1,
                ..JournalQuery::default()
            },
            from_the_past: false,
            seconds: Self::DEFAULT_SECONDS,
        };
        for (key, value) in parse(query.as_bytes()) {
            if key == "timeout" {
                wait.seconds = number(&key, &value)?.min(Self::MAX_SECONDS);
                continue;
            }
            let known = Self::KEYS.contains(&&*key);
            if !known || !wait.query.take(&key, &value)? {
                return Err(unknown(&key, &Self::KEYS));
            }
            wait.from_the_past |= key == "after";
        }
        Ok(wait)
    }
}

impl Default for JournalQuery {
    fn default() -> Self {
        Self {
            after: 0,
            limit: Self::DEFAULT_LIMIT,
            newest_first: false,
            client_id: None,
            path: None,
            endpoint: None,
            user: None,
            refusal: None,
            raw: false,
        }
    }
}

/// Whether the value is the second of two words.
fn one_of(key: &str, value: &str, [first, second]: [&str; 2]) -> Result<bool, ControlError> {
    if value == first || value == second {
        return Ok(value == second);
    }
    Err(ControlError::bad_request(
        format!("`{key}` is `{value}`"),
        format!("`{key}` as {first} or {second}"),
    ))
}

fn number(key: &str, value: &str) -> Result<u64, ControlError> {
    value.parse().map_err(|_| {
        ControlError::bad_request(
            format!("`{key}` is `{value}`"),
            format!("`{key}` as a whole number of at least 0"),
        )
    })
}

fn unknown(key: &str, known: &[&'static str]) -> ControlError {
    let mut error = format!("unknown query parameter `{key}`");
    if let Some(near) = did_you_mean(key, known.iter().copied()) {
        error = format!("{error}; did you mean `{near}`?");
    }
    ControlError::bad_request(error, format!("one of {}", known.join(", ")))
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
        let entry = |client: &str, path: &str, refusal: Option<&'static str>| JournalEntry {
            client_id: Some(client.to_owned()),
            path: path.to_owned(),
            endpoint: "token",
            user: Some("00uada00000000000001".to_owned()),
            refusal,
            ..JournalEntry::default()
        };
        let query = "client_id=wlp1&path=/oauth2/v1/&refusal=id_jag_replayed&endpoint=token";
        let query = JournalQuery::parse(query).expect("a query");
        let (token, replayed) = ("/oauth2/v1/token", Some("id_jag_replayed"));
        assert!(query.wants(&entry("wlp1", token, replayed)));
        assert!(!query.wants(&entry("wlp2", token, replayed)));
        assert!(!query.wants(&entry("wlp1", "/oauth2/default/v1/token", replayed)));
        assert!(!query.wants(&entry("wlp1", token, None)));
        for other in ["endpoint=keys", "user=00ugrace000000000001"] {
            let query = JournalQuery::parse(other).expect("a query");
            assert!(!query.wants(&entry("wlp1", token, None)), "{other}");
        }
    }

    #[test]
    fn a_wait_has_an_end_and_begins_now_unless_it_says_after() {
        let wait = JournalWait::parse("endpoint=token").expect("a wait");
        assert_eq!((wait.seconds, wait.from_the_past), (30, false));
        let wait = JournalWait::parse("after=7&timeout=99999").expect("a wait");
        assert_eq!(
            (wait.seconds, wait.from_the_past, wait.query.after),
            (600, true, 7)
        );
        assert!(JournalWait::parse("limit=3").is_err());
        assert!(JournalQuery::parse("order=upside-down").is_err());
        assert!(JournalQuery::parse("timeout=1").is_err());
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
