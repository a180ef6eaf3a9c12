//! Whether a change fits the step it is made to: only what a request has can be changed in it.

use strict_yaml::{Place, Problem, Problems, did_you_mean};

use super::ChangeForm;
use crate::scenario::model::{Action, Change, Mutation, TokenStep};

/// Parameters by which a client authenticates; which of them are sent is the target's affair.
const CLIENT_PARAMS: [&str; 4] = [
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
];
/// Parameters the authorize step sends by itself.
const AUTHORIZE_PARAMS: [&str; 8] = [
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
];
/// Names that are probably meant when something like them is written.
const TOKEN_PARAMS: [&str; 14] = [
    "grant_type",
    "requested_token_type",
    "subject_token",
    "subject_token_type",
    "actor_token",
    "actor_token_type",
    "audience",
    "resource",
    "scope",
    "assertion",
    "code",
    "code_verifier",
    "redirect_uri",
    "refresh_token",
];
const BROWSER_PARAMS: [&str; 3] = ["prompt", "max_age", "login_hint"];

/// What the token request of a sign-in sends.
const SIGN_IN_PARAMS: [&str; 8] = [
    "grant_type",
    "code",
    "code_verifier",
    "redirect_uri",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
];
/// Keys with `$` that apply to a form posted to a server's endpoint; the last two say how often it is posted.
const OF_A_REPEATABLE_FORM: &[&str] = &[
    "$as",
    "$client_auth",
    "$at",
    "$method",
    "$encoding",
    "$headers",
    "$scheme",
    "$repeat",
    "$race",
];
/// The same, for a form that is posted once.
const OF_A_FORM: &[&str] = OF_A_REPEATABLE_FORM.split_at(7).0;

/// What can be changed in the request of an action.
struct Changeable {
    /// Keys with `$`.
    reserved: &'static [&'static str],
    /// Parameters it sends.
    sent: Vec<String>,
    /// Further parameters it might send; others can be added, but not by a slip of the pen.
    known: &'static [&'static str],
    /// Whether parameters can be added.
    open: bool,
}

impl ChangeForm {
    /// The change, with everything noted that the step cannot do.
    pub(crate) fn resolve(self, action: &Action, step: &str, problems: &mut Problems) -> Change {
        let can = changeable(action);
        for key in &self.reserved {
            if !can.reserved.contains(&key.value) {
                let problem = Problem::new(
                    key.place,
                    format!("`{}` cannot be changed in the step `{step}`", key.value),
                );
                problems.push(if can.reserved.is_empty() {
                    problem.help("vary another step")
                } else {
                    problem.expected(format!(
                        "one of {}, or a parameter",
                        can.reserved.join(", ")
                    ))
                });
            }
        }
        for (name, mutation) in &self.params {
            check_param(name.place, &name.value, mutation, &can, step, problems);
        }
        self.into_change(problems)
    }
}

fn changeable(action: &Action) -> Changeable {
    let names = |params: &[(String, _)]| {
        params
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    let with = |mut sent: Vec<String>, more: &[&str]| {
        sent.extend(more.iter().map(|name| (*name).to_owned()));
        sent
    };
    match action {
        Action::Token { params, kind, .. } => Changeable {
            reserved: OF_A_REPEATABLE_FORM,
            sent: with(names(params), &CLIENT_PARAMS),
            // Whoever writes a bare token request may mean any name.
            known: if *kind == TokenStep::Token {
                &[]
            } else {
                &TOKEN_PARAMS
            },
            open: true,
        },
        Action::Manage { params, .. } => Changeable {
            reserved: OF_A_REPEATABLE_FORM,
            sent: with(names(params), &CLIENT_PARAMS),
            known: &["token", "token_type_hint"],
            open: true,
        },
        Action::Authorize { params, .. } => Changeable {
            reserved: &["$as", "$at", "$method", "$headers"],
            sent: with(names(params), &AUTHORIZE_PARAMS),
            known: &BROWSER_PARAMS,
            open: true,
        },
        Action::Call { query, .. } => Changeable {
            reserved: &[
                "$method",
                "$headers",
                "$scheme",
                "$url",
                "$bearer",
                "$bearer_jwt",
                "$header",
                "$basic",
            ],
            sent: names(query),
            known: &[],
            open: true,
        },
        Action::Http { form, .. } => Changeable {
            reserved: &["$method", "$headers", "$url", "$encoding"],
            sent: form.as_deref().map(names).unwrap_or_default(),
            known: &[],
            open: form.is_some(),
        },
        Action::UserInfo { .. } => Changeable {
            reserved: &["$at", "$method", "$headers", "$scheme", "$bearer"],
            // It goes into a header field, and is changed like a parameter all the same.
            sent: vec!["access_token".to_owned()],
            known: &[],
            open: false,
        },
        Action::Metadata { .. } | Action::Keys { .. } => Changeable {
            reserved: &["$at", "$method", "$headers"],
            sent: Vec::new(),
            known: &[],
            open: false,
        },
        // The browser part of a sign-in is varied with `authorize`; this is its token request.
        Action::SignIn { .. } => Changeable {
            reserved: OF_A_FORM,
            sent: with(Vec::new(), &SIGN_IN_PARAMS),
            known: &TOKEN_PARAMS,
            open: true,
        },
        Action::Consent { .. }
        | Action::Visit { .. }
        | Action::Control(_)
        | Action::Sign { .. }
        | Action::AdvanceClock(_) => Changeable {
            reserved: &[],
            sent: Vec::new(),
            known: &[],
            open: false,
        },
    }
}

fn check_param(
    place: Place,
    name: &str,
    mutation: &Mutation,
    can: &Changeable,
    step: &str,
    problems: &mut Problems,
) {
    if can.sent.iter().any(|sent| sent == name) {
        return;
    }
    let known = || {
        can.sent
            .iter()
            .map(String::as_str)
            .chain(can.known.iter().copied())
    };
    let adds = matches!(mutation, Mutation::Set(_));
    if !adds || !can.open {
        let problem = Problem::new(place, format!("the step `{step}` does not send `{name}`"));
        let sent = can.sent.join(", ");
        problems.push(if sent.is_empty() {
            problem.help("its request has no parameters to change")
        } else {
            problem
                .expected(format!("one of {sent}"))
                .did_you_mean(name, can.sent.iter().map(String::as_str))
        });
    } else if !known().any(|known| known == name)
        && let Some(near) = did_you_mean(name, known())
    {
        problems.push(
            Problem::new(place, format!("no step sends a parameter `{name}`"))
                .help(format!("did you mean `{near}`? To add `{name}` all the same put it under `extra` of the step")),
        );
    }
}
