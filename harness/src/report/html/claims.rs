//! Every token decoded, claim by claim: value, what was expected, verdict, requirement.

use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::diff;
use super::finding::requirements;
use super::place;
use super::run_view::RunView;
use super::tokens::{Token, Use};
use crate::evidence::{RecordedBody, RecordedStep};
use crate::presentation::html::mark;
use crate::presentation::html::untrusted;
use crate::result::{Aspect, CaseResult, FindingRecord, TokenPart};

/// Longest claim shown.
const LONGEST: usize = 600;
/// Claims that are seconds since the epoch.
const TIMES: [&str; 5] = ["iat", "exp", "nbf", "auth_time", "updated_at"];

/// A check on a token.
struct TokenCheck<'f> {
    /// Member of the body that holds the token.
    member: &'f str,
    /// What of it was looked at.
    part: &'f TokenPart,
}

impl<'f> TokenCheck<'f> {
    fn of(check: &'f Aspect) -> Option<Self> {
        let (member, part) = check.of_token()?;
        Some(Self { member, part })
    }
}

/// One line about a token.
struct Row<'a> {
    /// `typ`, `aud`; a path where a check went deeper.
    name: &'a str,
    in_header: bool,
    value: Option<&'a Value>,
    finding: Option<&'a FindingRecord>,
}

/// All tokens of a case. `number` makes their anchors unique in the page.
pub(super) fn section(
    view: &RunView<'_>,
    case: &CaseResult,
    number: usize,
    tokens: &[Token<'_>],
    in_full: bool,
) -> Markup {
    html! {
        @if !tokens.is_empty() {
            h5 { "Tokens, decoded" }
            @for (index, token) in tokens.iter().enumerate() {
                (one(view, case, token, &place::token(number, index), in_full))
            }
        }
    }
}

fn one(
    view: &RunView<'_>,
    case: &CaseResult,
    token: &Token<'_>,
    anchor: &str,
    in_full: bool,
) -> Markup {
    let findings = findings_about(case, token);
    let whole: Vec<_> = findings
        .iter()
        .filter(|(check, _)| matches!(check.part, TokenPart::Whole | TokenPart::Signature))
        .map(|(_, finding)| *finding)
        .collect();
    let rows = rows(token, &findings);
    let judged = rows.iter().any(|row| row.finding.is_some());
    let wrong = findings
        .iter()
        .any(|(_, finding)| mark::is_problem(finding.verdict));
    html! {
        details.tk id=(anchor) open[wrong] {
            summary {
                b { (title(token)) } " "
                @if let Some(Value::String(kind)) = token.header.get("typ") { code { (untrusted::line(kind, 60)) } " " }
                small { (used(token)) }
                @if wrong { " " b.v.f { "does not hold" } }
            }
            @for finding in &whole { (whole_token(view, finding)) }
            @if judged { (judged_table(view, &rows)) } @else if in_full { (plain_list(&rows)) } @else { (lines(&rows)) }
        }
    }
}

/// The first name it had.
fn title<'a>(token: &Token<'a>) -> &'a str {
    token.uses.first().map_or("token", |place| place.name)
}

/// `sent in exchange as subject_token, …`.
fn used(token: &Token<'_>) -> String {
    let mut places: Vec<String> = Vec::new();
    for Use {
        exchange,
        answered,
        name,
    } in &token.uses
    {
        let way = if *answered {
            "came back from"
        } else {
            "sent in"
        };
        let text = format!("{way} {} as {name}", exchange.step);
        if !places.contains(&text) {
            places.push(text);
        }
    }
    format!("JWT {}: {}", token.fingerprint, places.join(", "))
}

/// Checks of the answers that gave this token, or that should have.
fn findings_about<'f>(
    case: &'f CaseResult,
    token: &Token<'_>,
) -> Vec<(TokenCheck<'f>, &'f FindingRecord)> {
    let mut about = Vec::new();
    for finding in &case.findings {
        let Some(check) = TokenCheck::of(&finding.check) else {
            continue;
        };
        let judged = token.uses.iter().any(|place| {
            place.answered
                && place.exchange.judged
                && place.exchange.step == finding.step
                && place.name == check.member
                && holds_member(place.exchange, check.member)
        });
        if judged {
            about.push((check, finding));
        }
    }
    about
}

fn holds_member(exchange: &RecordedStep, member: &str) -> bool {
    exchange
        .response
        .as_ref()
        .is_some_and(|response| match &response.body {
            RecordedBody::Json { tokens, .. } => tokens.iter().any(|token| token.name == member),
            _ => false,
        })
}

/// Every member of the token with the checks on it, then checks that went deeper or missed something.
fn rows<'a>(token: &Token<'a>, findings: &[(TokenCheck<'a>, &'a FindingRecord)]) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for (in_header, members) in [(true, token.header), (false, token.claims)] {
        let on = |check: &TokenCheck<'a>| match check.part {
            TokenPart::Header(path) if in_header => Some(path.as_str()),
            TokenPart::Claim(path) if !in_header => Some(path.as_str()),
            _ => None,
        };
        for (name, value) in members {
            let mut here = findings
                .iter()
                .filter(|(check, _)| on(check) == Some(name))
                .peekable();
            if here.peek().is_none() {
                rows.push(Row {
                    name,
                    in_header,
                    value: Some(value),
                    finding: None,
                });
            }
            rows.extend(here.map(|(_, finding)| Row {
                name,
                in_header,
                value: Some(value),
                finding: Some(finding),
            }));
        }
        for (check, finding) in findings {
            if let Some(path) = on(check).filter(|path| !members.contains_key(*path)) {
                rows.push(Row {
                    name: path,
                    in_header,
                    value: deep(members, path),
                    finding: Some(finding),
                });
            }
        }
    }
    rows
}

/// What a dotted path leads to.
fn deep<'a>(members: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut parts = path.split('.');
    let mut value = members.get(parts.next()?)?;
    for part in parts {
        value = match value {
            Value::Array(items) => items.get(part.parse::<usize>().ok()?)?,
            other => other.get(part)?,
        };
    }
    Some(value)
}

fn whole_token(view: &RunView<'_>, finding: &FindingRecord) -> Markup {
    html! {
        p.tw {
            (mark::badge(finding.verdict)) " " (view.texts.expected(finding))
            @if mark::is_problem(finding.verdict) { ", was " mark { (untrusted::line(&view.texts.actual(finding), LONGEST)) } }
            " " (requirements(finding))
        }
    }
}

fn judged_table(view: &RunView<'_>, rows: &[Row<'_>]) -> Markup {
    html! {
        div.scroll tabindex="0" {
            table.cl {
                thead { tr { th scope="col" { "claim" } th scope="col" { "value" } th scope="col" { "expected" } th scope="col" { "verdict" } th scope="col" { "requirement" } } }
                tbody {
                    @for row in rows {
                        tr class=[row.finding.filter(|finding| mark::is_problem(finding.verdict)).map(|finding| mark::class(finding.verdict))] {
                            th scope="row" { (name(row)) }
                            @match row.finding {
                                Some(finding) => {
                                    (value_and_expectation(view, row, finding))
                                    td { (mark::badge(finding.verdict)) }
                                    td { (requirements(finding)) }
                                }
                                None => { td { (value(row)) } td.no colspan="3" { "not judged here" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Value and expectation; what differs is marked.
fn value_and_expectation(view: &RunView<'_>, row: &Row<'_>, finding: &FindingRecord) -> Markup {
    let expected = untrusted::line(&view.texts.expected(finding), LONGEST);
    if !mark::is_problem(finding.verdict) {
        return html! { td { (value(row)) } td { (expected) } };
    }
    let (expected, actual) = diff::sides(
        &expected,
        &untrusted::line(&view.texts.actual(finding), LONGEST),
    );
    html! { td { (actual) } td { (expected) } }
}

fn plain_list(rows: &[Row<'_>]) -> Markup {
    html! {
        dl.kv {
            @for row in rows { dt { (name(row)) } dd { (value(row)) } }
        }
    }
}

/// The same with less markup, for pages with many tokens.
fn lines(rows: &[Row<'_>]) -> Markup {
    html! {
        pre { @for row in rows { (untrusted::line(row.name, 80)) " " b { @match row.value { Some(value) => { (untrusted::json(value, LONGEST)) } None => { "absent" } } } "\n" } }
    }
}

fn name(row: &Row<'_>) -> Markup {
    html! {
        (untrusted::line(row.name, 80))
        @if row.in_header { small { " header" } }
    }
}

fn value(row: &Row<'_>) -> Markup {
    let Some(value) = row.value else {
        return html! { i { "absent" } };
    };
    let time = TIMES
        .contains(&row.name)
        .then(|| value.as_i64())
        .flatten()
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    html! {
        (untrusted::json(value, LONGEST))
        @if let Some(time) = time { " " small { (time) } }
    }
}
