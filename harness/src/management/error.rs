//! Why the management API gave no answer.

use std::fmt;

use serde_json::Value;

use crate::exchange::Response;
use crate::targets::Trouble;
use crate::value::shorten;

/// The longest text of the server that is kept, in characters.
const LONGEST: usize = 300;

/// Why the management API gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManagementError {
    /// Nothing came back.
    #[error("{0}")]
    Unanswered(#[from] Trouble),
    /// It said no, in Okta's envelope as a rule (okta.md (f)).
    #[error("GET {path} was refused with {status}{}", said(.code.as_deref(), .summary.as_deref()))]
    Refused {
        /// Path that was asked.
        path: String,
        /// Status code.
        status: u16,
        /// `errorCode`, such as `E0000011`.
        code: Option<String>,
        /// `errorSummary`, with the summaries of `errorCauses` behind it.
        summary: Option<String>,
    },
    /// It answered with something else than what the API is documented to give.
    #[error("GET {path} was answered with something that is no {expected}: {why}")]
    Unreadable {
        /// Path that was asked.
        path: String,
        /// What should have come.
        expected: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

fn said(code: Option<&str>, summary: Option<&str>) -> String {
    match (code, summary) {
        (Some(code), Some(summary)) => format!(" {code}: {summary}"),
        (Some(one), None) | (None, Some(one)) => format!(" {one}"),
        (None, None) => String::new(),
    }
}

impl ManagementError {
    /// From an answer with an error status.
    pub(super) fn refused(path: &str, response: &Response) -> Self {
        let body = response.json.as_ref();
        let text = |name: &str| body?.get(name)?.as_str().map(str::to_owned);
        let causes = body.and_then(|body| body.get("errorCauses")?.as_array());
        let causes = causes.into_iter().flatten();
        let causes = causes.filter_map(|cause| cause.get("errorSummary").and_then(Value::as_str));
        let mut summary = text("errorSummary").unwrap_or_default();
        for cause in causes {
            summary.push_str(if summary.is_empty() { "" } else { "; " });
            summary.push_str(cause);
        }
        Self::Refused {
            path: path.to_owned(),
            status: response.status,
            code: text("errorCode").or_else(|| text("error")),
            summary: (!summary.is_empty()).then(|| shorten(&summary, LONGEST)),
        }
    }

    pub(super) fn unreadable(path: &str, expected: &'static str, why: impl fmt::Display) -> Self {
        Self::Unreadable {
            path: path.to_owned(),
            expected,
            why: shorten(&why.to_string(), LONGEST),
        }
    }

    /// Whether there is nothing of that name.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> String {
        match self {
            Self::Unanswered(_) => "see whether the org can be reached from here".to_owned(),
            Self::Refused { status: 401, .. } => {
                "the token is not valid: make a new one under Security > API > Tokens (it ends after 30 days without use), or get a new OAuth access token".to_owned()
            }
            Self::Refused { status: 403, path, .. } if path.starts_with(super::agents::PRINCIPALS) => {
                "either the org has no Okta for AI Agents, whose API this is, or the token may not read it: an API token needs the rights of a super administrator, an OAuth token the scope okta.aiAgents.read (okta.md (g), (h))".to_owned()
            }
            Self::Refused { status: 403, path, .. } => format!(
                "the token may not read this: an API token has the rights of the administrator who made it; an OAuth token needs the scope {}",
                scope_for(path)
            ),
            Self::Refused { status: 404, path, .. } if path.starts_with(super::agents::PRINCIPALS) => {
                "the API for AI agents is a Beta for orgs with Okta for AI Agents (okta.md (h)); without it, compare by hand in the Admin Console".to_owned()
            }
            Self::Refused { status: 429, .. } => "wait a minute: the org limits how often it is asked".to_owned(),
            Self::Refused { .. } | Self::Unreadable { .. } => {
                "compare by hand in the Admin Console".to_owned()
            }
        }
    }
}

/// The OAuth scope that reads what lies at a path.
fn scope_for(path: &str) -> &'static str {
    [
        (
            "/api/v1/authorizationServers",
            "okta.authorizationServers.read",
        ),
        ("/api/v1/users", "okta.users.read"),
        ("/api/v1/apps", "okta.apps.read"),
        ("/api/v1/logs", "okta.logs.read"),
    ]
    .into_iter()
    .find(|(prefix, _)| path.starts_with(prefix))
    .map_or("of that API", |(_, scope)| scope)
}
