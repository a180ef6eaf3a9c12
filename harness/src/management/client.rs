//! Asks the management API: one thing, or a list page by page.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ManagementError;
use super::links::next_query;
use crate::exchange::{Exchange, Party, RequestSpec};
use crate::targets::{Ca, ManagementToken, Sender, Target, Trouble};

/// The most pages of a list that are read.
const MOST_PAGES: usize = 20;
/// Entries of a page. The API for AI agents allows 200.
const PAGE: &str = "200";
/// Entries of a page of the System Log: they are long.
const LOG_PAGE: &str = "100";

/// What stands in a part of a path as it is.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A client of the management API of one org. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Management {
    sender: Sender,
    /// Scheme, host and port.
    base: String,
    token: ManagementToken,
}

/// The entries of a list.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    /// In the order of the API.
    pub items: Vec<T>,
    /// Whether these are all. A list of more than twenty pages is not read to its end.
    pub is_whole: bool,
}

impl<T> Listed<T> {
    /// The first entry that is so.
    pub fn find(&self, is: impl Fn(&T) -> bool) -> Option<&T> {
        self.items.iter().find(|one| is(one))
    }
}

impl Management {
    /// That of a target, if its file gives a token.
    #[must_use]
    pub fn of(target: &Target) -> Option<Self> {
        let deployment = target.deployment();
        let token = deployment.management.clone()?;
        Some(Self {
            sender: target.sender().clone(),
            base: crate::targets::origin(&deployment.org()?.issuer),
            token,
        })
    }

    /// That of an org for which there is no target file yet.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn at(org: &str, token: ManagementToken, ca: Option<&Ca>) -> Result<Self, Trouble> {
        Ok(Self {
            sender: Sender::to_org(org, ca)?,
            base: crate::targets::origin(org),
            token,
        })
    }

    /// Reads one thing.
    pub(super) async fn one<T: DeserializeOwned>(
        &self,
        path: &str,
        expected: &'static str,
    ) -> Result<T, ManagementError> {
        let answer = self.get(path, Vec::new()).await?;
        let body = answer.response.json.unwrap_or_default();
        serde_json::from_value(body).map_err(|why| ManagementError::unreadable(path, expected, why))
    }

    /// Reads a list, page by page. Some APIs give `{"data": [..]}` and some a bare array; keys may come as `{"keys": [..]}`.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        expected: &'static str,
    ) -> Result<Listed<T>, ManagementError> {
        let limit = if path == super::log::LOG {
            LOG_PAGE
        } else {
            PAGE
        };
        let mut query: Vec<(String, String)> = [("limit", limit)]
            .iter()
            .chain(query)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let mut items = Vec::new();
        for _ in 0..MOST_PAGES {
            let answer = self.get(path, query.clone()).await?;
            let next = next_query(&answer.response);
            let entries = entries(answer.response.json)
                .ok_or_else(|| ManagementError::unreadable(path, expected, "it holds no list"))?;
            let is_empty = entries.is_empty();
            for entry in entries {
                let entry = serde_json::from_value(entry)
                    .map_err(|why| ManagementError::unreadable(path, expected, why))?;
                items.push(entry);
            }
            // The System Log names a next page for ever.
            match next.filter(|next| !is_empty && *next != query) {
                Some(next) => query = next,
                None => {
                    return Ok(Listed {
                        items,
                        is_whole: true,
                    });
                }
            }
        }
        Ok(Listed {
            items,
            is_whole: false,
        })
    }

    async fn get(
        &self,
        path: &str,
        query: Vec<(String, String)>,
    ) -> Result<Exchange, ManagementError> {
        let mut request = RequestSpec::new(Party::Org, "GET", format!("{}{path}", self.base))
            .header("authorization", self.token.authorization());
        request.query = query;
        let answer = self.sender.send(request).await?;
        match answer.response.status {
            200 if answer.response.json.is_some() => Ok(answer),
            200 => Err(ManagementError::unreadable(path, "JSON", "it is not JSON")),
            _ => Err(ManagementError::refused(path, &answer.response)),
        }
    }
}

fn entries(body: Option<Value>) -> Option<Vec<Value>> {
    let list = match body? {
        Value::Object(mut members) => members.remove("data").or_else(|| members.remove("keys"))?,
        other => other,
    };
    match list {
        Value::Array(entries) => Some(entries),
        _ => None,
    }
}

/// A part of a path: a login or an id that somebody wrote.
pub(super) fn part(text: &str) -> String {
    utf8_percent_encode(text, IN_PATH).to_string()
}
