//! What a flow needs of its sign-ins. Cases may share one: then there is no answer of a token endpoint to look at, and no case
//! may end it.

use std::collections::BTreeSet;

use crate::scenario::case_step::CaseStep;
use crate::scenario::model::{Capability, Change, Mutation, SaveSource, Template};
use crate::scenario::step::{Action, Request};

/// The endpoint that ends a session, as templates name it.
const END_OF_SESSION: &str = "end_session_endpoint";

/// Adds what the steps need of their sign-ins.
pub(super) fn of_flow(steps: &[CaseStep<'_>], needs: &mut BTreeSet<Capability>) {
    let mut given = BTreeSet::new();
    for case_step in steps {
        if matches!(case_step.step.action, Action::SignIn(_)) {
            needs.extend(of_answer(case_step));
            given.extend(case_step.save.iter().map(|save| save.name.as_str()));
        } else if ends_a_sign_in(case_step, &given) {
            needs.insert(Capability::OwnSignIn);
        }
    }
}

/// What a step reads of the answer to a sign-in.
fn of_answer(case_step: &CaseStep<'_>) -> Vec<Capability> {
    let mut needs: Vec<_> = case_step
        .save
        .iter()
        .filter_map(|save| match &save.from {
            SaveSource::Body(path)
            | SaveSource::Claim { token: path, .. }
            | SaveSource::JoseHeader { token: path, .. } => match path.as_str() {
                "id_token" => None,
                "access_token" => Some(Capability::AccessToken),
                _ => Some(Capability::FreshSignIn),
            },
            _ => Some(Capability::FreshSignIn),
        })
        .collect();
    let is_changed = case_step.change.is_some_and(|change| !change.is_empty());
    if is_changed || !case_step.expect.is_empty() {
        needs.push(Capability::FreshSignIn);
    }
    needs
}

/// Whether a step ends a session, or revokes what one of these values is: a server may end everything that goes back to
/// the same sign-in (RFC 7009 section 2).
fn ends_a_sign_in(case_step: &CaseStep<'_>, given: &BTreeSet<&str>) -> bool {
    let nothing = Change::default();
    let change = case_step.change.unwrap_or(&nothing);
    let action = &case_step.step.action;
    let mut templates: Vec<&Template> = action.kind().templates();
    templates.extend(&change.url);
    let changed = change.params.iter();
    templates.extend(changed.filter_map(|(_, mutation)| match mutation {
        Mutation::Set(template) => Some(template),
        _ => None,
    }));
    let mut references = templates.into_iter().flat_map(Template::references);
    match action {
        Action::FormPost(form) if form.request == Request::Revoke => {
            references.any(|name| given.contains(name))
        }
        _ => references.any(|name| name.ends_with(END_OF_SESSION)),
    }
}
