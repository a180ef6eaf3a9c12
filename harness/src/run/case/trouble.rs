//! Which answers of a case are none of the server under test.

use super::CaseRun;
use crate::check::names_status;
use crate::exchange::Exchange;
use crate::scenario::case_step::CaseStep;
use crate::targets::{AnswerTrouble, Trouble, TroubleKind};

impl CaseRun<'_> {
    /// Why an answer is none of the server under test. Where the scenario names its very status, an answer is judged that is
    /// set aside for nothing but that status, and one without content that is the server's own.
    pub(super) fn trouble_in(
        &self,
        case_step: &CaseStep<'_>,
        exchange: &Exchange,
    ) -> Option<Trouble> {
        let trouble = self.shared.target.trouble_in(exchange)?;
        let status = exchange.response.status;
        // That a scenario expects 200 says nothing of a portal's page with it.
        let is_named = status >= 300 && names_status(status, case_step.expect);
        let is_judged = is_named
            && match waiver(trouble.kind) {
                Waiver::Always => true,
                Waiver::WhereSeen => self.has_twin || self.reached.is_open(&exchange.request.url),
                Waiver::Never => false,
            };
        (!is_judged).then_some(trouble)
    }
}

/// Whether an answer that cannot be the server's is judged all the same where a scenario names its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiver {
    /// It was set aside for its status.
    Always,
    /// Where the server itself was seen behind the address in the same case, or accepted its twin.
    WhereSeen,
    /// What it contains is not the server's.
    Never,
}

/// Content decides, not the status: a firewall refuses with 403 and a page as well, and a scenario that expects a refusal must
/// not take that for the server's.
///
/// An answer without any content is the one kind that looks the same from both. With 403 it is what a firewall sends that does
/// not explain itself, and no status of an error of OAuth at these endpoints. With 400 or 401 (RFC 6749 section 5.2) it is
/// what a server sends that forgets the content which that section demands: nothing in between refuses single requests with
/// these to a server that answers others. So that is judged, and fails, once the server was seen.
const fn waiver(kind: TroubleKind) -> Waiver {
    use AnswerTrouble::{
        BrokeDown, Empty, Forbidden, NotJson, NotUtf8, Page, RateLimited, Redirect, Unavailable,
    };
    let TroubleKind::Answer(what, status) = kind else {
        return Waiver::Never;
    };
    match what {
        RateLimited | Unavailable | BrokeDown | Redirect => Waiver::Always,
        Empty if matches!(status, 400 | 401) => Waiver::WhereSeen,
        Empty | Forbidden | Page | NotJson | NotUtf8 => Waiver::Never,
    }
}
