use std::collections::BTreeSet;

use maud::Markup;
use rstest::rstest;

use super::detail::Detail;
use super::page::within;
use super::run_view::RunView;
use super::sequence::Symbols;
use super::*;
use crate::evidence::{RecordedBody, RecordedField, RecordedValue};
use crate::result::{Aspect, Incomplete, KnownDeviation, Standing, StopCause, Verdict, sample};

/// One tag a line, so that a change reads as one.
fn lines(markup: &Markup) -> String {
    markup.0.replace("><", ">\n<")
}

fn article(run: &RunResult, verdict: Verdict, detail: Detail) -> Markup {
    let view = RunView::of(run, Form::Full);
    let (number, case) = run
        .results
        .iter()
        .enumerate()
        .find(|(_, case)| case.verdict == verdict)
        .unwrap();
    case::article(&view, case, number, detail, &mut Symbols::default())
}

/// The values of an attribute.
fn values<'t>(text: &'t str, attribute: &str) -> Vec<&'t str> {
    let open = format!(" {attribute}=\"");
    text.match_indices(&open)
        .filter_map(|(at, _)| text[at + open.len()..].split('"').next())
        .collect()
}

#[rstest]
#[case::the_top_says_who_was_judged_and_what_came_of_it("summary", summary::section)]
#[case::figures_say_how_the_run_was_made_and_what_the_counts_mean("figures", figures::section)]
#[case::what_does_not_hold_is_told_with_its_cause("problems", problems::section)]
#[case::what_was_not_judged_is_told_by_reason("unjudged", unjudged::section)]
#[case::a_cell_is_a_case_in_the_row_of_its_flow_and_of_each_requirement("matrix", matrix::section)]
#[case::a_requirement_is_told_with_its_text_and_a_link_to_its_section(
    "coverage",
    coverage::section
)]
fn sections(#[case] name: &str, #[case] section: fn(&RunView<'_>) -> Markup) {
    let run = sample::every_verdict();
    insta::assert_snapshot!(name, lines(&section(&RunView::of(&run, Form::Full))));
}

#[test]
fn a_failed_case_is_told_whole() {
    let run = sample::every_verdict();
    insta::assert_snapshot!(
        "case_failed",
        lines(&article(&run, Verdict::Failed, Detail::Exchanges))
    );
}

#[test]
fn a_token_is_told_claim_by_claim_with_what_was_expected_of_it() {
    let mut run = sample::every_verdict();
    let case = run
        .results
        .iter_mut()
        .find(|case| case.verdict == Verdict::Failed)
        .unwrap();
    let mut judged = case.findings[1].clone();
    judged.check = "jwt body.access_token claims.aud".parse().unwrap();
    "string <https://api.example>".clone_into(&mut judged.expected);
    judged.actual = Some("string <http://127.0.0.1:40123/oauth2/aus1>".to_owned());
    let mut missing = judged.clone();
    missing.check = "jwt body.access_token claims.sub".parse().unwrap();
    missing.actual = Some("absent".to_owned());
    case.findings = vec![judged, missing];
    let text = lines(&article(&run, Verdict::Failed, Detail::Exchanges));
    let (_, tokens) = text.split_once("<h5>Tokens, decoded</h5>").unwrap();
    insta::assert_snapshot!("tokens", tokens.split_once("<h5>Checks</h5>").unwrap().0);
}

#[test]
fn what_passed_is_told_by_what_differs_from_its_twin() {
    let mut run = sample::every_verdict();
    let failed = run
        .results
        .iter_mut()
        .find(|case| case.verdict == Verdict::Failed)
        .unwrap();
    failed.verdict = Verdict::Passed;
    failed.findings.truncate(1);
    let id = failed.id.clone();
    let changed = &mut run.varying.cases.get_mut(&id).unwrap().exchanges[0]
        .request
        .parameters;
    changed.retain(|parameter| parameter.name != "scope");
    let view = RunView::of(&run, Form::Full);
    let case = view.case(&id).unwrap();
    insta::assert_snapshot!(
        "twin",
        lines(&twin::section(&view, case, Detail::Differences))
    );
}

#[test]
fn a_run_that_ended_early_says_so_on_top() {
    let mut run = sample::every_verdict();
    run.incomplete = Some(Incomplete::new(StopCause::Interrupted, "Ctrl-C"));
    let text = render(&run, Form::Full);
    assert!(
        text.contains("The run is incomplete: </b>Ctrl-C"),
        "{}",
        &text[..0]
    );
}

#[test]
fn a_known_deviation_is_told_apart_from_a_failure() {
    let mut run = sample::every_verdict();
    let failed = run
        .results
        .iter_mut()
        .find(|case| case.verdict == Verdict::Failed)
        .unwrap();
    failed.standing = Standing::ExpectedFailure;
    failed.known = Some(KnownDeviation {
        reason: "Ticket <12>, `later`".to_owned(),
        until: Some("2027-03-31".to_owned()),
        expired: false,
        but: None,
        source: "expected.yaml:3".parse().unwrap(),
    });
    let text = problems::section(&RunView::of(&run, Form::Full)).0;
    assert!(
        text.contains("Known problems: 1<") && !text.contains("Failed: 1 case"),
        "{text}"
    );
    let (open, known) = text.split_once("Known problems").unwrap();
    assert!(known.contains("Problem 1 of 2") && !open.contains("Problem 1 of 2"));
    for shown in [
        "Ticket &lt;12&gt;, <code>later</code> (accepted until 2027-03-31)",
        "<code>expected.yaml:3</code>",
    ] {
        assert!(text.contains(shown), "{shown} is not in\n{text}");
    }
    assert!(
        render(&run, Form::Stable)
            .matches("expected.yaml:3")
            .count()
            >= 2
    );
}

#[test]
fn every_link_inside_leads_somewhere_and_no_place_is_there_twice() {
    for form in [Form::Full, Form::Stable] {
        let text = render(&sample::every_verdict(), form);
        let ids = values(&text, "id");
        let places: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), places.len(), "an id is there twice");
        let links: Vec<&str> = values(&text, "href")
            .into_iter()
            .filter_map(|link| link.strip_prefix('#'))
            .collect();
        assert!(links.len() > 40, "{links:?}");
        for link in links {
            assert!(places.contains(link), "{link} leads nowhere");
        }
    }
}

#[test]
fn every_case_can_be_found_by_its_id() {
    let run = sample::every_verdict();
    let text = render(&run, Form::Full);
    for case in &run.results {
        assert!(
            text.contains(&format!("<div class=\"in\" id=\"{}\"", case.id)),
            "{}",
            case.id
        );
    }
    assert_eq!(text.matches("<article").count(), run.results.len());
}

#[test]
fn the_page_has_its_landmarks_and_one_heading_above_all() {
    let text = render(&sample::every_verdict(), Form::Full);
    for landmark in [
        "<header",
        "<nav aria-label=",
        "<main id=\"main\"",
        "<footer",
        "class=\"skip\"",
    ] {
        assert_eq!(text.matches(landmark).count(), 1, "{landmark}");
    }
    assert_eq!(text.matches("<h1").count(), 1);
}

/// A target may answer with anything, and a stored report may have been written by anybody.
#[test]
fn what_is_foreign_stays_text() {
    const EVIL: &str = "</pre></script><script>alert(1)</script><img src=x onerror=alert(2)>\" onload=\"alert(3)\u{1b}[2J\u{202e}";
    let mut run = sample::every_verdict();
    EVIL.clone_into(&mut run.target.name);
    for note in run.requirements.values_mut() {
        EVIL.clone_into(&mut note.text);
        note.url = Some("javascript:alert(4)".to_owned());
    }
    for case in &mut run.results {
        case.reason = Some(EVIL.to_owned());
        EVIL.clone_into(&mut case.title);
        for finding in &mut case.findings {
            finding.check = Aspect::Member(EVIL.to_owned());
            finding.actual = Some(EVIL.to_owned());
            EVIL.clone_into(&mut finding.expected);
        }
    }
    for exchange in run
        .varying
        .cases
        .values_mut()
        .flat_map(|case| &mut case.exchanges)
    {
        EVIL.clone_into(&mut exchange.step);
        exchange.request.url = format!("{}{EVIL}", exchange.request.url).into();
        let Some(response) = &mut exchange.response else {
            continue;
        };
        response.internal_code = Some(EVIL.into());
        response.headers.push(RecordedField {
            name: EVIL.into(),
            value: RecordedValue::Plain { text: EVIL.into() },
        });
        if let RecordedBody::Json { value, tokens } = &mut response.body {
            value["error_description"] = EVIL.into();
            value[EVIL] = EVIL.into();
            for token in tokens {
                if let RecordedValue::Jwt { claims, .. } = &mut token.value {
                    claims.insert(EVIL.to_owned(), EVIL.into());
                }
            }
        }
    }
    let text = render(&run, Form::Full);
    assert!(text.contains("&lt;script&gt;alert(1)"), "it is shown");
    assert_eq!(
        text.matches("<script").count(),
        1,
        "one script, and it is ours"
    );
    assert_eq!(text.matches("<img").count(), 0);
    assert_eq!(text.matches("\" onload=\"").count(), 0);
    for steering in ['\u{1b}', '\u{202e}'] {
        assert!(!text.contains(steering), "{}", steering.escape_unicode());
    }
    for link in values(&text, "href") {
        assert!(
            link.starts_with('#') || link.starts_with("https://"),
            "{link}"
        );
    }
}

#[test]
fn a_large_run_is_told_more_briefly_and_says_so() {
    let run = sample::every_verdict();
    let whole = within(&run, Form::Full, usize::MAX);
    assert!(whole.contains("Every case is shown with every exchange."));
    assert!(whole.contains("<h5>Exchanges</h5>"));
    let mut before = whole.len();
    // Room for ever less, until nothing but the checks is left.
    let mut shown = BTreeSet::new();
    while before > 1 {
        let text = within(&run, Form::Full, before - 1);
        if text.len() >= before {
            break;
        }
        before = text.len();
        let (_, words) = text
            .split_once("<h2 id=\"h-cases\">Cases</h2><p class=\"lead\">")
            .unwrap();
        shown.insert(words.split("In the diagrams").next().unwrap().to_owned());
        assert!(
            text.contains("report.json has all"),
            "what is left out is said to be"
        );
        for case in &run.results {
            assert!(
                text.contains(&format!("id=\"{}\"", case.id)),
                "no case is left out"
            );
        }
    }
    for level in [
        "variations that passed by the way they went",
        "Problems are shown with every exchange, cases that passed by their checks alone",
        "The first 2 of 4 problems are shown with every exchange",
        "it tells the checks alone",
    ] {
        assert!(
            shown.iter().any(|shown| shown.contains(level)),
            "{shown:#?}"
        );
    }
}
