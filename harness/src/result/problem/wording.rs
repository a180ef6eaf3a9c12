//! Problems in words.

use std::collections::BTreeMap;

use super::cause::{Check, Fault, Kind};
use super::group::requirement;
use crate::result::{Against, Asked, Aspect, RequestPart, RequirementNote, TokenPart};

/// Longest value that a title quotes.
const LONGEST_VALUE: usize = 60;

/// One sentence without a full stop: "The ID-JAG has no `typ`".
pub(super) fn title(fault: &Fault<'_>, title_of_case: &str) -> String {
    let asked = fault.asked.unwrap_or(Asked::Other);
    let text = match fault.kind {
        Kind::Check(broken) => check(fault, &broken, asked, title_of_case),
        Kind::Refused { answer, presented } => {
            let error = answer.error.as_deref();
            let error = error.map_or_else(
                || format!("status {}", answer.status),
                |error| format!("`{error}`"),
            );
            let who = fault.responsible.noun();
            match presented.filter(|_| asked == Asked::Resource) {
                Some(from) => format!(
                    "{who} refuses {} that {} gave, with {error}",
                    from.asked.noun(),
                    from.party.noun()
                ),
                None => format!("{who} refuses {} with {error}", asked.request()),
            }
        }
        Kind::Unjudged(reason) => reason.to_owned(),
    };
    capitalised(&text)
}

/// What to do, in a sentence.
pub(super) fn cure(fault: &Fault<'_>, requirements: &BTreeMap<String, RequirementNote>) -> String {
    let note = requirement(fault).and_then(|id| Some((id, requirements.get(id)?)));
    match (fault.kind, note) {
        (Kind::Check(..), Some((id, note))) => format!(
            "correct {}, which has to meet {id} ({}): {}",
            fault.responsible.noun(),
            note.source,
            note.text
        ),
        (
            Kind::Refused {
                presented: Some(from),
                ..
            },
            _,
        ) if fault.asked == Some(Asked::Resource) => format!(
            "compare {} that {} gives with what the resource accepts: one of the two is wrong",
            from.asked.noun(),
            from.party.noun()
        ),
        _ => fault.responsible.advice().to_owned(),
    }
}

fn check(fault: &Fault<'_>, broken: &Check<'_>, asked: Asked, title_of_case: &str) -> String {
    let finding = &broken.finding;
    let who = fault.responsible.noun();
    let member = |thing: &str, name: &str| {
        if broken.is_absent {
            format!("{thing} has no `{name}`")
        } else {
            format!("`{name}` of {thing} is {}", difference(broken))
        }
    };
    match finding.check.of_any() {
        Aspect::Token { at, part } => {
            let thing = token_noun(asked, at.strip_prefix("body.").unwrap_or(at));
            match part {
                TokenPart::Whole => format!("{thing} is {}", difference(broken)),
                TokenPart::Signature => {
                    let actual = finding.actual.as_deref().unwrap_or("it does not verify");
                    format!("the signature of {thing} does not hold: {}", short(actual))
                }
                TokenPart::Header(name) | TokenPart::Claim(name) => member(thing, name),
            }
        }
        Aspect::TokenMember(path) => {
            let at = broken.token;
            let thing = at.map_or(asked.noun(), |at| token_noun(asked, at));
            let (_, name) = path.split_once('.').unwrap_or(("", path));
            member(thing, name)
        }
        Aspect::Requests { of, part } => requests(broken, of, part, title_of_case),
        Aspect::LinkShown(member) => {
            format!("the agent does not show its user the link in `{member}`")
        }
        Aspect::Printed => {
            let actual = finding.actual.as_deref().unwrap_or("a credential is shown");
            format!("the agent shows credentials: {}", short(actual))
        }
        _ if fault.against == Against::Accepted => {
            format!("{who} accepts what it has to refuse ({title_of_case})")
        }
        Aspect::Status => match fault.noticed {
            Some(answer) => format!(
                "{who} answers with status {} ({title_of_case})",
                answer.status
            ),
            None => format!("{who} answers with another status ({title_of_case})"),
        },
        Aspect::Member(path) if !fault.is_varied && broken.is_absent => {
            format!("{who} answers {} without `{path}`", asked.request())
        }
        Aspect::Member(path) if !fault.is_varied => {
            let difference = difference(broken);
            format!(
                "{who} answers {} with `{path}` {difference}",
                asked.request()
            )
        }
        Aspect::Member(path) if broken.is_absent => {
            format!("{who} answers without `{path}` ({title_of_case})")
        }
        Aspect::Member(path) => {
            let difference = difference(broken);
            format!("{who} answers with `{path}` {difference} ({title_of_case})")
        }
        Aspect::Header(name) if broken.is_absent => format!("answers of {who} have no `{name}`"),
        Aspect::Header(name) => format!("`{name}` in answers of {who} is {}", difference(broken)),
        Aspect::Winners => {
            format!("{who} accepts more than one of several requests at once ({title_of_case})")
        }
        other => format!(
            "{other} in an answer of {who} is {} ({title_of_case})",
            difference(broken)
        ),
    }
}

/// What is wrong with requests of an agent.
fn requests(broken: &Check<'_>, of: &str, part: &RequestPart, title_of_case: &str) -> String {
    let finding = &broken.finding;
    let expected = finding.expected_here.as_ref().unwrap_or(&finding.expected);
    let actual = finding.actual.as_deref().unwrap_or("something else");
    // A count is written as a JSON value.
    let number = |text: &str| text.replace("integer ", "");
    match part {
        RequestPart::Count if of == "purpose" => {
            let used = if actual == "integer 0" {
                "does not use the credential of its task at the API"
            } else {
                "uses a credential at the API that it must not use"
            };
            format!("the agent {used} ({title_of_case})")
        }
        RequestPart::Count if expected == "integer 0" => {
            format!("the agent sends the request `{of}`, which must not follow ({title_of_case})")
        }
        RequestPart::Count => format!(
            "the agent makes {} of the requests `{of}`, expected {} ({title_of_case})",
            number(actual),
            number(expected)
        ),
        RequestPart::Member(path) if broken.is_absent => {
            format!("the agent's request `{of}` has no `{path}`")
        }
        RequestPart::Member(path) => format!(
            "`{path}` of the agent's request `{of}` is {}",
            difference(broken)
        ),
        RequestPart::Distinct(path) => {
            format!("the agent's requests `{of}` have the same `{path}`")
        }
        RequestPart::Same => format!("the agent's requests `{of}` differ: {}", short(actual)),
    }
}

/// "string `a`, expected string `b`".
fn difference(broken: &Check<'_>) -> String {
    let finding = &broken.finding;
    let expected = finding.expected_here.as_ref().unwrap_or(&finding.expected);
    let actual = finding.actual.as_deref().unwrap_or("something else");
    format!("{}, expected {}", short(actual), short(expected))
}

/// What the token at a member of an answer is called.
fn token_noun(asked: Asked, member: &str) -> &'static str {
    match (asked, member) {
        (Asked::Tokens | Asked::RefreshedTokens, "access_token") => {
            "the access token of the sign-in"
        }
        (_, "id_token") => "the ID token",
        (_, "refresh_token") => "the refresh token",
        _ => asked.noun(),
    }
}

/// Which part of a token.
pub(super) fn part(part: &TokenPart) -> String {
    match part {
        TokenPart::Whole => "token".to_owned(),
        TokenPart::Signature => "signature".to_owned(),
        TokenPart::Header(name) => format!("header.{name}"),
        TokenPart::Claim(name) => format!("claims.{name}"),
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST_VALUE {
        return text.to_owned();
    }
    text.chars().take(LONGEST_VALUE).chain(['…']).collect()
}

/// The same with a capital letter at its beginning.
pub(crate) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next();
    first.map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
