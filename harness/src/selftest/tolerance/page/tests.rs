use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn notice(requirement: Option<&str>, case: &str) -> Notice {
    Notice {
        requirement: requirement.map(str::to_owned),
        case: case.to_owned(),
        seen_in: None,
        step: "exchange".to_owned(),
        check: Some(Aspect::Member("scope".to_owned())),
        verdict: Noticed::Failed,
        expected: Some("present".to_owned()),
        actual: Some("absent".to_owned()),
        edition: "2026-10".to_owned(),
        together_with: Vec::new(),
    }
}

fn row(id: &str, base: Judged, all: Judged) -> Varied {
    Varied {
        id: id.to_owned(),
        summary: "The `scope` is left out.".to_owned(),
        source: "RFC 6749 §5.1".to_owned(),
        reason: "It is optional where it is as requested.".to_owned(),
        profiles: BTreeSet::from(["base".to_owned()]),
        cases: 3,
        judged: BTreeMap::from([("base".to_owned(), base), ("base + okta".to_owned(), all)]),
    }
}

fn matrix() -> Tolerance {
    let plain = Judged::plain;
    let may = notice(Some("okta.scope-answer"), "secret/exchange");
    let wrong = vec![
        notice(Some("token.success-members"), "secret/exchange"),
        notice(Some("token.success-members"), "secret/whole-flow"),
        Notice {
            check: None,
            step: String::new(),
            expected: None,
            actual: Some("its twin was not accepted".to_owned()),
            verdict: Noticed::Error,
            together_with: vec!["vary/other".to_owned()],
            ..notice(None, "secret/exchange/expired")
        },
    ];
    let mut broken_off = plain(Reaction::NotRun);
    broken_off.reason = Some("interrupted".to_owned());
    let rows = vec![
        row(
            "vary/unnoticed",
            plain(Reaction::Unnoticed),
            plain(Reaction::Unnoticed),
        ),
        row(
            "vary/noticed",
            plain(Reaction::Unnoticed),
            Judged::of(vec![may], Vec::new()),
        ),
        row(
            "vary/misjudged",
            Judged::of(Vec::new(), wrong),
            plain(Reaction::Misjudged),
        ),
        row(
            "vary/untouched",
            plain(Reaction::Untouched),
            plain(Reaction::Untouched),
        ),
        row("vary/not-run", plain(Reaction::Unnoticed), broken_off),
    ];
    let judged_by = ["base", "base + okta"].map(str::to_owned).to_vec();
    Tolerance::new(vec!["2026-10".to_owned()], judged_by, rows)
}

#[test]
fn the_matrix_as_a_page() {
    insta::assert_snapshot!(markdown(&matrix()));
}

#[test]
fn the_end_of_a_selftest() {
    insta::assert_snapshot!(summary(&matrix(), Look::new(100, false)));
}

#[test]
fn what_is_written_can_be_read() {
    let written = json(&matrix()).unwrap();
    assert_eq!(
        serde_json::from_str::<Tolerance>(&written).unwrap(),
        matrix()
    );
}
