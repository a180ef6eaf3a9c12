//! A refusal, and the rows of the table that fit it.

use std::fmt::Write as _;

use super::Visit;
use crate::doctor::{Check, Checked};
use crate::exchange::Exchange;
use crate::preflight::refusal;
use crate::refusals::{self, Row};
use crate::result::{Answer, Asked};
use crate::scenario::model::ClientRole;

/// Causes that are listed where several are possible; docs/doctor.md has them all.
const MOST_CAUSES: usize = 6;

/// A refusal.
pub(super) struct Refused {
    asked: Asked,
    pub(super) answer: Answer,
    /// Whether it came in Okta's own envelope (okta.md (f)).
    pub(super) is_envelope: bool,
    /// The internal code, where the System Log or the answer has it.
    code: Option<String>,
    rows: Vec<&'static Row>,
}

impl Refused {
    /// Reads a refusal, and looks for its internal code where rows are left to choose from.
    pub(super) async fn read(visit: &Visit<'_>, asked: Asked, exchange: &Exchange) -> Self {
        let answer = visit.asking.answer(&exchange.response);
        let error = answer.error.as_deref().unwrap_or_default();
        let description = answer.description.as_deref().unwrap_or_default();
        let mut rows = refusals::candidates(asked, answer.status, error, description);
        let shows = visit.asking.deployment().shows_internal_codes;
        let mut code = exchange.response.internal_code().filter(|_| shows);
        // Introspections are not logged, and a page is no refusal that is.
        if code.is_none() && answer.error.is_some() && asked != Asked::Introspection {
            code = visit.internal_code(exchange).await;
        }
        if let Some(row) = code.as_deref().and_then(refusals::of_code) {
            rows = vec![row];
        }
        let body = exchange.response.json.as_ref();
        Self {
            asked,
            is_envelope: body.is_some_and(|body| body.get("errorCode").is_some()),
            answer,
            code,
            rows,
        }
    }

    /// The same, of which this code is the only one it can be.
    pub(super) fn meaning(mut self, code: &str) -> Self {
        self.rows = refusals::of_code(code).into_iter().collect();
        self
    }

    /// The row, if there is but one.
    pub(super) fn row(&self) -> Option<&'static Row> {
        match self.rows[..] {
            [row] => Some(row),
            _ => None,
        }
    }

    /// The rows that fit.
    pub(super) fn rows(&self) -> &[&'static Row] {
        &self.rows
    }

    /// ": 400 `error`: description", and the internal code.
    pub(super) fn words(&self) -> String {
        let mut words = match (&self.answer.error, &self.answer.description) {
            (Some(error), Some(description)) => {
                format!(": {} `{error}`: {description}", self.answer.status)
            }
            (Some(error), None) => format!(": {} `{error}`", self.answer.status),
            _ => format!(": status {}", self.answer.status),
        };
        if let Some(code) = &self.code {
            let _ = write!(words, " (internal code `{code}`)");
        }
        words
    }
}

/// A refusal as a problem of a check: the server's words, the cause that the table gives, the cure and the place.
pub(super) fn refused_check(
    check: Check,
    refused: &Refused,
    role: ClientRole,
    visit: &Visit<'_>,
) -> Checked {
    let asking = visit.asking;
    let mistake = refusal::explain_for(
        refused.asked,
        &refused.answer,
        asking.deployment(),
        asking.edition,
        role,
    );
    let mut what = format!("{} was refused{}", refused.asked.request(), refused.words());
    what.replace_range(..1, &what[..1].to_uppercase());
    let (cure, place) = match refused.rows() {
        [row] => {
            let _ = write!(what, ": {}", row.cause);
            (row.cure.to_owned(), row.console.path())
        }
        [] => (mistake.cure, check.console().path()),
        several => {
            let listed = several.iter().take(MOST_CAUSES);
            let causes: Vec<String> = listed
                .map(|row| format!("{} ({})", row.cause, row.cure))
                .collect();
            let _ = write!(what, "; {} causes are known", several.len());
            (
                format!("see which of these it is: {}", causes.join("; ")),
                check.console().path(),
            )
        }
    };
    Checked::problem(check, what, cure)
        .setting(mistake.setting)
        .at(place)
}
