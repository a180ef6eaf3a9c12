use super::*;
use crate::evidence::{Participant, RecordedStep, RecordedValue};
use crate::result::sample;

fn step(name: &str, to: Participant, status: u16) -> RecordedStep {
    let run = sample::every_verdict();
    let mut step = run.varying.cases.values().next().unwrap().exchanges[0].clone();
    name.clone_into(&mut step.step);
    (step.from, step.to) = (Participant::Agent, to);
    step.response.as_mut().unwrap().status = status;
    step
}

fn asks_for(mut step: RecordedStep, kind: &str) -> RecordedStep {
    let field = step
        .request
        .parameters
        .iter_mut()
        .find(|field| field.name == "requested_token_type")
        .unwrap();
    field.value = RecordedValue::Plain {
        text: format!("urn:okta:params:oauth:token-type:{kind}").into(),
    };
    step
}

fn drawn(exchanges: &[RecordedStep], failing: Option<usize>) -> String {
    let mut symbols = Symbols::default();
    let messages = messages(exchanges, failing.map(|at| &exchanges[at]));
    let diagram = diagram(&messages, false, &mut symbols).into_string();
    format!("{diagram}\n{}", symbols.defined().into_string()).replace("><", ">\n<")
}

#[test]
fn the_failing_message_is_marked_and_nothing_else() {
    let exchanges = [
        step("exchange", Participant::OrgServer, 200),
        step("redeem", Participant::CustomServer, 200),
    ];
    let svg = drawn(&exchanges, Some(1));
    assert_eq!(svg.matches("data-failing").count(), 1);
    assert!(
        svg.contains("redeem: POST …/v1/token, answer 200 access_token, which does not hold."),
        "{svg}"
    );
    assert_eq!(drawn(&exchanges, None).matches("data-failing").count(), 0);
    insta::assert_snapshot!("sequence", svg);
}

#[test]
fn what_is_sent_many_times_is_one_arrow_and_its_answers_are_counted() {
    let mut raced = vec![step("redeem", Participant::CustomServer, 200); 3];
    raced.push(step("redeem", Participant::CustomServer, 400));
    let svg = drawn(&raced, None);
    assert!(svg.contains("redeem: 4 requests"), "{svg}");
    assert!(
        svg.contains("3 × 200 access_token, 400 access_token"),
        "{svg}"
    );
    // The one that does not hold stands alone.
    assert!(drawn(&raced, Some(3)).contains("redeem: 3 requests"));
}

#[test]
fn what_is_not_seen_is_drawn_where_the_answer_implies_it() {
    let kinds = [
        ("vaulted-secret", "vault"),
        ("service-account", "vault"),
        ("oauth-sts", "third party"),
    ];
    for (kind, lane) in kinds {
        let accepted = asks_for(step("exchange", Participant::OrgServer, 200), kind);
        let svg = drawn(&[accepted], None);
        assert!(
            svg.contains("(not seen)") && svg.contains(&format!(">{lane}</text>")),
            "{svg}"
        );
        let refused = asks_for(step("exchange", Participant::OrgServer, 400), kind);
        assert!(
            !drawn(&[refused], None).contains("(not seen)"),
            "nothing is known of what a refusal did inside"
        );
    }
}

#[test]
fn only_lifelines_that_occur_are_drawn() {
    let svg = drawn(&[step("exchange", Participant::OrgServer, 200)], None);
    for absent in ["browser", "custom server", "vault", "resource"] {
        assert!(!svg.contains(&format!(">{absent}</text>")), "{absent}");
    }
    assert!(drawn(&[], None).starts_with('\n'));
}

#[test]
fn a_request_without_an_answer_says_so() {
    let mut lost = step("exchange", Participant::OrgServer, 200);
    lost.response = None;
    assert!(drawn(&[lost], Some(0)).contains("no answer"));
}

#[test]
fn the_same_arrow_is_drawn_once() {
    let mut symbols = Symbols::default();
    let exchanges = [step("exchange", Participant::OrgServer, 200)];
    let first = diagram(&messages(&exchanges, None), false, &mut symbols).into_string();
    let before = symbols.defined().into_string().len();
    let second = diagram(&messages(&exchanges, None), false, &mut symbols).into_string();
    assert_eq!(
        (first, before),
        (second, symbols.defined().into_string().len())
    );
}
