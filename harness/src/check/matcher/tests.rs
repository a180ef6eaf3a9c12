use serde_json::{Value, json};

use super::*;
use crate::fill::sample::{Table, template};
use crate::jwks::KeyRing;
use crate::scenario::model::{ChallengeMatcher, JsonType};

const NOW: i64 = 1_000;

fn outcome(matcher: &Matcher, subject: &Subject<'_>) -> (Outcome, crate::check::Expected) {
    let names = Table::of(&[
        ("x", "a".into()),
        ("n", 3.into()),
        ("org.issuer", "https://o".into()),
    ]);
    let cx = Context {
        names: &names,
        keys: &KeyRing::default(),
        now: NOW,
        shows_internal_codes: true,
    };
    let outcome = judge(matcher, subject, &cx);
    let expected = expected(matcher, &outcome, &names);
    (outcome, expected)
}

fn held(matcher: &Matcher, value: &Value) -> bool {
    outcome(matcher, &Subject::value("m", Some(value))).0 == Outcome::Held
}

fn held_by_nothing(matcher: &Matcher) -> bool {
    outcome(matcher, &Subject::value("m", None)).0 == Outcome::Held
}

fn text(text: &str) -> ValueTemplate {
    ValueTemplate::Text(template(text))
}

/// A matcher, what it holds for, what it does not hold for, and its wording.
#[expect(clippy::too_many_lines, reason = "a table, one row a matcher")]
fn table() -> Vec<(Matcher, Vec<Value>, Vec<Value>, &'static str)> {
    vec![
        (
            Matcher::Equals(text("${x}")),
            vec![json!("a")],
            vec![json!("b"), json!(["a"])],
            "`${x}`",
        ),
        (
            Matcher::Equals(text("${n}")),
            vec![json!(3), json!(3.0)],
            vec![json!("3")],
            "`${n}`",
        ),
        (
            Matcher::Equals(ValueTemplate::Int(3)),
            vec![json!(3)],
            vec![json!("3"), json!(4)],
            "integer 3",
        ),
        (
            Matcher::Equals(ValueTemplate::Bool(true)),
            vec![json!(true)],
            vec![json!("true")],
            "boolean true",
        ),
        (
            Matcher::Equals(ValueTemplate::Null),
            vec![json!(null)],
            vec![json!(0)],
            "null",
        ),
        (
            Matcher::OneOf(vec![text("a"), text("${org.issuer}")]),
            vec![json!("a"), json!("https://o")],
            vec![json!("b")],
            "one of string `a`, string `${org.issuer}`",
        ),
        (
            Matcher::Not(Box::new(Matcher::Equals(text("a")))),
            vec![json!("b"), json!(1)],
            vec![json!("a")],
            "not string `a`",
        ),
        (
            Matcher::Contains(template("store")),
            vec![json!("no-store"), json!(["store"])],
            vec![json!(["no-store"]), json!(1)],
            "contains `store`",
        ),
        (
            Matcher::StartsWith(template("ID.")),
            vec![json!("ID.x")],
            vec![json!("xID."), json!(1)],
            "starts with `ID.`",
        ),
        (
            Matcher::EndsWith(template(".x")),
            vec![json!("a.x")],
            vec![json!(".xa")],
            "ends with `.x`",
        ),
        (
            Matcher::Matches("^0[0-9a-f]+$".parse().unwrap()),
            vec![json!("0af")],
            vec![json!("x0")],
            "matches /^0[0-9a-f]+$/",
        ),
        (
            Matcher::AtLeast(1.0),
            vec![json!(1), json!(2.5)],
            vec![json!(0), json!("2")],
            "at least 1",
        ),
        (
            Matcher::AtMost(1.5),
            vec![json!(1)],
            vec![json!(2), json!(null)],
            "at most 1.5",
        ),
        (
            Matcher::Within {
                seconds: 10,
                of: "now".into(),
            },
            vec![json!(990), json!(1010)],
            vec![json!(989), json!("1000")],
            "within 10 s of now",
        ),
        (
            Matcher::Type(JsonType::Integer),
            vec![json!(1)],
            vec![json!(1.5), json!("1")],
            "of type integer",
        ),
        (
            Matcher::Type(JsonType::Number),
            vec![json!(1), json!(1.5)],
            vec![json!("1")],
            "of type number",
        ),
        (
            Matcher::Type(JsonType::Object),
            vec![json!({})],
            vec![json!([])],
            "of type object",
        ),
        (
            Matcher::Present,
            vec![json!(null), json!("")],
            vec![],
            "present",
        ),
        (
            Matcher::Absent,
            vec![],
            vec![json!(null), json!("")],
            "absent",
        ),
        (
            Matcher::Scopes(template("a b")),
            vec![json!("b a"), json!(["a", "b"])],
            vec![json!("a"), json!("a b c"), json!([1])],
            "the scopes `a b` in any order",
        ),
        (
            Matcher::Includes(vec![template("${x}"), template("b")]),
            vec![json!("c b a"), json!(["a", "b"])],
            vec![json!("ab"), json!(7)],
            "includes `${x}`, `b`",
        ),
        (
            Matcher::LengthAtLeast(2),
            vec![json!("éé"), json!([1, 2])],
            vec![json!("é"), json!(22)],
            "of length 2 or more",
        ),
        (
            Matcher::DiffersFrom(template("${x}")),
            vec![json!("b")],
            vec![json!("a")],
            "anything but `${x}`",
        ),
        (
            Matcher::AnyOf(vec![
                Matcher::Type(JsonType::String),
                Matcher::Type(JsonType::Array),
            ]),
            vec![json!("a"), json!([])],
            vec![json!(1), json!({})],
            "of type string or of type array",
        ),
        (
            Matcher::SubsetOf(template("${x} b")),
            vec![json!("b"), json!("a b"), json!(["a"]), json!("")],
            vec![json!("a c"), json!(["c"]), json!(7)],
            "no other scopes than `${x} b`",
        ),
        (
            Matcher::Origin(template("${org.issuer}")),
            vec![json!("https://o/x?y"), json!("https://o:443")],
            vec![
                json!("http://o/x"),
                json!("https://o.example/x"),
                json!("/x"),
                json!(1),
            ],
            "a URL with the origin of `${org.issuer}`",
        ),
        (
            Matcher::MediaType(vec!["application/json".into()]),
            vec![
                json!("application/json"),
                json!("Application/JSON;charset=UTF-8"),
            ],
            vec![json!("application/json5"), json!("text/html"), json!("")],
            "of media type application/json",
        ),
        (
            Matcher::Directive("no-store".into()),
            vec![
                json!("no-store"),
                json!("private, No-Store"),
                json!("no-store=1"),
            ],
            vec![
                json!("no-cache"),
                json!("x-no-store"),
                json!("a=\"no-store\""),
            ],
            "with the directive no-store",
        ),
        (
            Matcher::Challenge(Box::new(ChallengeMatcher {
                scheme: "bearer".into(),
                parameters: vec![("error".into(), Matcher::Equals(text("invalid_token")))],
            })),
            vec![
                json!("Bearer error=invalid_token"),
                json!(r#"DPoP algs="ES256", BEARER realm="x, y", Error="invalid_token""#),
            ],
            vec![
                json!("Bearer"),
                json!(r#"Basic error="invalid_token""#),
                json!(r#"Bearer realm="error=invalid_token""#),
                json!("Bearer error=Invalid_Token"),
            ],
            "a bearer challenge with error string `invalid_token`",
        ),
        (
            Matcher::All(vec![
                Matcher::Type(JsonType::String),
                Matcher::LengthAtLeast(2),
            ]),
            vec![json!("ab")],
            vec![json!("a"), json!([1, 2])],
            "of type string and of length 2 or more",
        ),
    ]
}

#[test]
fn every_matcher_holds_for_some_values_and_not_for_others() {
    for (matcher, good, bad, wording) in table() {
        for value in good {
            assert!(
                held(&matcher, &value),
                "{matcher:?} should hold for {value}"
            );
        }
        for value in bad {
            assert!(
                !held(&matcher, &value),
                "{matcher:?} should not hold for {value}"
            );
        }
        let (_, expected) = outcome(&matcher, &Subject::value("m", None));
        assert_eq!(expected.written, wording);
    }
}

#[test]
fn nothing_matches_only_what_asks_for_nothing() {
    for (matcher, ..) in table() {
        let wants_nothing = matches!(matcher, Matcher::Absent | Matcher::Not(_));
        assert_eq!(held_by_nothing(&matcher), wants_nothing, "{matcher:?}");
    }
}

#[test]
fn siblings_are_looked_for_beside_first() {
    let root = json!({"iat": 0, "act": {"iat": 100, "exp": 110}});
    let within = Matcher::Within {
        seconds: 10,
        of: "iat".into(),
    };
    let value = json!(110);
    let beside = Subject::value("act.exp", Some(&value)).among(&root);
    assert!(outcome(&within, &beside).0 == Outcome::Held);
    let outside = Subject::value("exp", Some(&value)).among(&root);
    assert!(outcome(&within, &outside).0 != Outcome::Held);
}

#[test]
fn where_everything_is_text_numbers_are_read_from_it() {
    let value = json!("300");
    let text = Subject::text("max-age", Some(&value));
    assert!(outcome(&Matcher::Equals(ValueTemplate::Int(300)), &text).0 == Outcome::Held);
    assert!(outcome(&Matcher::AtMost(300.0), &text).0 == Outcome::Held);
    assert!(outcome(&Matcher::AtMost(299.0), &text).0 != Outcome::Held);
}

#[test]
fn what_does_not_hold_is_told_with_references_filled_in() {
    let value = json!("b");
    let subject = Subject::value("m", Some(&value));
    let (_, expected) = outcome(&Matcher::Equals(text("${org.issuer}")), &subject);
    assert_eq!(expected.written, "string `${org.issuer}`");
    assert_eq!(expected.here.as_deref(), Some("string `https://o`"));
    let (_, expected) = outcome(&Matcher::Equals(text("plain")), &subject);
    assert_eq!(expected.here, None);
    let (unjudged, _) = outcome(&Matcher::Equals(text("${missing}")), &subject);
    assert!(unjudged == Outcome::Unjudged("`${missing}` has no value here".into()));
}
