//! What the org's plan covers, as far as the exchanges show it.

use super::Visit;
use super::exchange::KINDS;
use crate::doctor::{Board, Check, Checked, Status};

/// Whether what the org has bought covers what the file describes (okta.md (h)).
pub(super) fn conclude(visit: &Visit<'_>, granted: usize, described: usize, board: &mut Board) {
    if board.has_problem(Check::AgentsFeature) {
        let cure = "describe in the target file what the org's plan has; an Integrator Free org has sign-in, custom authorization servers and, on request, ID-JAGs (250 for each user, app and month)";
        let what = "the org says that it lacks what an exchange needs";
        board.note(Checked::problem(Check::Licence, what, cure).setting("the org's subscription"));
        return;
    }
    if board.has_problem(Check::Licence) {
        return;
    }
    let host = visit
        .asking
        .deployment()
        .org()
        .map(|org| org.issuer.as_str());
    let is_integrator = host.is_some_and(|host| host.contains("//integrator-"));
    let not_granted: Vec<&str> = KINDS
        .iter()
        .map(|(_, name, ..)| *name)
        .filter(|name| {
            let mut of = board.of(Check::Resource);
            of.any(|one| one.of.as_deref() == Some(name) && one.status == Status::Problem)
        })
        .collect();
    let beyond: Vec<&str> = not_granted
        .into_iter()
        .filter(|name| is_integrator && *name != "authorization-server")
        .collect();
    if !beyond.is_empty() {
        let what = format!(
            "an Integrator Free org has no Okta Privileged Access and no OAuth STS, and the target file describes {}",
            beyond.join(", ")
        );
        let cure =
            "leave these out of `resources`, or use an org with Okta for AI Agents (okta.md (h))";
        board.note(Checked::problem(Check::Licence, what, cure).setting("resources"));
        return;
    }
    if granted == described && described > 0 {
        let note = if is_integrator {
            "; an Integrator Free org gives 250 ID-JAGs for each user, app and month (okta.md (h))"
        } else {
            ""
        };
        let said = format!("the org granted everything that the target file describes{note}");
        board.note(Checked::ok(Check::Licence, said));
        return;
    }
    board.skip(
        &[Check::Licence],
        "no API says what an org has bought, and not every exchange was granted",
    );
}
