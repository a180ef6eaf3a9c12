//! Whether a step that only prepares did what it was there for.

use crate::exchange::{Exchange, Response};
use crate::scenario::Step;
use crate::scenario::case_step::CaseStep;
use crate::scenario::model::{Expectation, Matcher, SaveSource, ValueTemplate};
use crate::scenario::step::{Action, Success};
use crate::targets::Deployment;

/// Why a step without expectations did not succeed, if it did not.
pub(super) fn unsuccessful(step: &Step, response: &Response) -> Option<String> {
    let status = response.status;
    let kind = step.action.kind();
    let fine = match kind.success() {
        Success::Accepted => (200..300).contains(&status),
        Success::NotRefused => status < 400 && refusal(response).is_none(),
        Success::Answered => status < 500,
    };
    if !fine {
        return Some(format!(
            "it was answered with {}",
            describe_answer(response)
        ));
    }
    let from_body = |source: &SaveSource| {
        matches!(
            source,
            SaveSource::Body(_) | SaveSource::Claim { .. } | SaveSource::JoseHeader { .. }
        )
    };
    let wants_json = kind.answers_json() || step.save.iter().any(|save| from_body(&save.from));
    if wants_json && response.json.is_none() {
        let media_type = response.media_type();
        return Some(format!(
            "it was answered with {status} and no JSON ({media_type})"
        ));
    }
    None
}

/// Why a sign-in did not come to its end, if it did not: the browser still shows a page, or was sent to somebody else, a
/// login of the company perhaps. Nothing was refused and nothing granted, so there is nothing to judge.
pub(super) fn unfinished_sign_in(
    case_step: &CaseStep<'_>,
    answer: &Exchange,
    deployment: &Deployment,
) -> Option<String> {
    let response = &answer.response;
    let Action::Authorize(authorize) = &case_step.step.action else {
        return None;
    };
    // Nobody signs in there: the step is about the sign-in page itself, and does not reach it.
    let first = case_step
        .expect
        .first()
        .and_then(|block| block.status.as_ref());
    let wants_page = first
        .is_some_and(|status| matches!(status.value, Matcher::Equals(ValueTemplate::Int(200))));
    let looks_at_page = wants_page && authorize.user.is_none();
    let follows = authorize.is_completed()
        && case_step
            .expect
            .iter()
            .any(|block| block.redirect.is_some());
    if !follows && !looks_at_page {
        return None;
    }
    if follows && (200..300).contains(&response.status) {
        let media_type = response.media_type();
        return Some(format!(
            "the sign-in ended on a page that sends the user nowhere ({media_type})"
        ));
    }
    let location = answer.redirects_to()?;
    let to_client = deployment
        .clients
        .values()
        .filter_map(|client| client.redirect_uri.as_deref())
        .any(|uri| location.starts_with(uri));
    let answered = ["code", "error"].map(|name| response.redirect_parameter(name));
    let gone = !to_client && answered.iter().all(Option::is_none);
    gone.then(|| {
        "the sign-in sends the user elsewhere, to neither the client nor a page of the target"
            .to_owned()
    })
}

/// "status 400, error `invalid_scope`".
pub(super) fn describe_answer(response: &Response) -> String {
    let error = refusal(response).map(|error| format!(", error `{error}`"));
    let code = response.internal_code().map(|code| format!(" (`{code}`)"));
    let status = response.status;
    format!(
        "status {status}{}{}",
        error.unwrap_or_default(),
        code.unwrap_or_default()
    )
}

/// Whether a plain request is about a redirect: elsewhere one is no answer to it.
pub(super) fn wants_redirect(expectations: &[Expectation]) -> bool {
    expectations.iter().any(|block| {
        block.redirect.is_some() || block.headers.iter().any(|(name, _)| name == "location")
    })
}

/// Whether a server refused: by the status, or in a redirect with an error.
pub(super) fn is_refusal(response: &Response) -> bool {
    (400..500).contains(&response.status) || refusal(response).is_some()
}

/// The `error` of a refusal, in the body or in the redirect.
fn refusal(response: &Response) -> Option<String> {
    let member = |name: &str| {
        let value = response.json.as_ref()?.get(name)?;
        value.as_str().map(ToOwned::to_owned)
    };
    member("error")
        .or_else(|| member("errorCode"))
        .or_else(|| response.redirect_parameter("error"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::exchange::{Party, RequestSpec};
    use crate::scenario::case_step::Part;
    use crate::scenario::model::{ClientRole, RedirectExpectation, Save, ServerRole, UserRole};
    use crate::scenario::step::{Authorize, Browsing, Control, ControlCommand, Keys, SignIn};
    use crate::targets::sample;

    fn step(action: Action) -> Step {
        Step {
            id: "s".into(),
            action,
            expect: vec![],
            save: vec![],
            place: strict_yaml::Place::START,
        }
    }

    fn answer(status: u16, body: &str) -> Response {
        Response::new(
            status,
            vec![("content-type".into(), "text/html".into())],
            body.as_bytes(),
        )
    }

    #[test]
    fn a_preparing_step_needs_success_and_json_where_it_is_read() {
        let control = step(Action::Control(Control(ControlCommand::SuspendUser(
            UserRole::Ada,
        ))));
        assert_eq!(unsuccessful(&control, &answer(204, "")), None);
        let refused = answer(400, r#"{"error":"invalid_scope"}"#);
        assert_eq!(
            unsuccessful(&control, &refused).as_deref(),
            Some("it was answered with status 400, error `invalid_scope`")
        );
        let sign_in = step(Action::SignIn(SignIn {
            client: ClientRole::Agent,
            user: UserRole::Ada,
            scope: None,
            nonce: None,
        }));
        assert_eq!(
            unsuccessful(&sign_in, &answer(200, "<html>")).as_deref(),
            Some("it was answered with 200 and no JSON (text/html)")
        );
        let mut saving = step(Action::Keys(Keys {
            of: ServerRole::Org,
        }));
        assert_eq!(unsuccessful(&saving, &answer(200, "<html>")), None);
        saving.save.push(Save {
            name: "x".into(),
            from: SaveSource::Body("keys".into()),
            optional: false,
            place: strict_yaml::Place::START,
        });
        assert!(unsuccessful(&saving, &answer(200, "<html>")).is_some());
    }

    #[test]
    fn a_sign_in_that_is_neither_refused_nor_granted_is_stranded() {
        let deployment = sample::deployment("http://localhost:1");
        let step = step(Action::Authorize(Authorize {
            at: ServerRole::Org,
            client: ClientRole::Agent,
            user: Some(UserRole::Ada),
            password: None,
            params: vec![],
            browsing: Browsing::default(),
        }));
        let redirect = RedirectExpectation {
            to: None,
            query: vec![],
            place: strict_yaml::Place::START,
        };
        let expect = [Expectation {
            redirect: Some(redirect),
            ..Expectation::default()
        }];
        let case_step = CaseStep {
            step: &step,
            change: None,
            expect: &expect,
            save: &[],
            saves_are_optional: false,
            part: Part::Following,
            place: step.place,
        };
        let is_stranded = |response: Response| {
            let answer = Exchange {
                request: RequestSpec::new(Party::Org, "GET", "http://localhost:1/authorize"),
                response,
                elapsed: Duration::ZERO,
            };
            unfinished_sign_in(&case_step, &answer, &deployment).is_some()
        };
        let to = |location: &str| {
            let location = ("location".to_owned(), location.to_owned());
            is_stranded(Response::new(302, vec![location], b""))
        };
        assert!(is_stranded(answer(200, "<html>")));
        assert!(to("https://login.example/"));
        // These were answered, rightly or wrongly: they are judged.
        assert!(!to("http://localhost:8787/callback?state=x"));
        assert!(!to("https://attacker.example/?code=x"));
        assert!(!to("https://attacker.example/#error=x"));
        assert!(!is_stranded(answer(400, "<html>")));
    }
}
