use serde_json::{Value, json};

use super::*;
use crate::diff::sample::{self, HERE, THERE, exchange, finding, redirect};

/// What differs, a line each.
fn shown(diff: &Diff) -> Vec<String> {
    let line = |difference: &super::super::model::Difference| {
        let seen = |seen: &Option<Seen>| {
            let seen = seen.as_ref();
            seen.map_or_else(|| "-".to_owned(), Seen::to_string)
        };
        format!(
            "{}: {} | {}",
            difference.what,
            seen(&difference.a),
            seen(&difference.b)
        )
    };
    diff.findings
        .iter()
        .chain(&diff.observed)
        .map(line)
        .collect()
}

fn compared(a: Vec<Value>, b: Vec<Value>) -> Diff {
    let a = sample::run(HERE, &[("a", Verdict::Passed, a)]);
    let b = sample::run(THERE, &[("a", Verdict::Passed, b)]);
    diff(("a.json", &a), ("b.json", &b))
}

#[test]
fn runs_at_other_places_and_times_do_not_differ() {
    let a = vec![redirect(HERE, 1), exchange(HERE, 2)];
    let b = vec![redirect(THERE, 3), exchange(THERE, 4)];
    let diff = compared(a, b);
    assert_eq!(shown(&diff), Vec::<String>::new());
    assert!(diff.is_empty());
    assert_eq!((diff.cases.both, diff.cases.observed), (1, 1));
    assert_eq!(diff.sentence(), "Nothing differs in 1 case.");
}

/// Changes the answer of the second run.
type Bend = fn(&mut Value);

/// Each with what is told of it.
const BENDS: [(&str, Bend, &[&str]); 18] = [
    (
        "status",
        |answer| answer["status"] = 201.into(),
        &["status: 200 | 201"],
    ),
    (
        "header gone",
        |answer| drop(answer["headers"].as_array_mut().unwrap().remove(2)),
        &["header `x-okta-request-id`: present | -"],
    ),
    (
        "header value",
        |answer| answer["headers"][1]["value"]["text"] = "private".into(),
        &["header `cache-control`: no-cache, no-store | private"],
    ),
    (
        "body",
        |answer| answer["body"] = json!({ "kind": "text", "text": "<html>" }),
        &["body: JSON | text"],
    ),
    (
        "member new",
        |answer| answer["body"]["value"]["scope"] = "read".into(),
        &["member `scope`: - | a string"],
    ),
    (
        "member type",
        |answer| answer["body"]["value"]["expires_in"] = "300".into(),
        &["member `expires_in`: an integer | a string"],
    ),
    (
        "member value",
        |answer| answer["body"]["value"]["expires_in"] = 3600.into(),
        &["member `expires_in`: 300 | 3600"],
    ),
    (
        "member inside",
        |answer| answer["body"]["value"]["nested"][0]["more"] = true.into(),
        &["member `nested[].more`: - | a boolean"],
    ),
    (
        "member with others inside gone",
        |answer| {
            let members = answer["body"]["value"].as_object_mut().unwrap();
            members.shift_remove("nested");
        },
        &["member `nested`: a list | -"],
    ),
    (
        "order of members",
        |answer| {
            let members = answer["body"]["value"].as_object_mut().unwrap();
            let first = members.shift_remove("token_type").unwrap();
            members.insert("token_type".to_owned(), first);
        },
        &[
            "order of members: token_type, expires_in, access_token, nested | expires_in, access_token, nested, token_type",
        ],
    ),
    (
        "opaque token",
        |answer| {
            answer["body"]["value"]["access_token"] = "<secret 3fa98c01d2e4>".into();
            answer["body"]["tokens"] = json!([]);
        },
        &["member `access_token`: a JWT | a string"],
    ),
    (
        "algorithm",
        |answer| answer["body"]["tokens"][0]["value"]["header"]["alg"] = "ES256".into(),
        &["header `alg` of token `access_token`: RS256 | ES256"],
    ),
    (
        "type gone",
        |answer| {
            let header = &mut answer["body"]["tokens"][0]["value"]["header"];
            header.as_object_mut().unwrap().shift_remove("typ");
        },
        &["header `typ` of token `access_token`: a string | -"],
    ),
    (
        "claim new",
        |answer| answer["body"]["tokens"][0]["value"]["claims"]["auth_time"] = 7.into(),
        &["claim `auth_time` of token `access_token`: - | an integer"],
    ),
    (
        "claim with others inside gone",
        |answer| {
            let claims = &mut answer["body"]["tokens"][0]["value"]["claims"];
            claims.as_object_mut().unwrap().shift_remove("act");
        },
        &["claim `act` of token `access_token`: an object | -"],
    ),
    (
        "shape of aud",
        |answer| {
            answer["body"]["tokens"][0]["value"]["claims"]["aud"] = json!([THERE, "api://x"]);
        },
        &["claim `aud` of token `access_token`: a string | a list"],
    ),
    (
        "issuer",
        |answer| {
            answer["body"]["tokens"][0]["value"]["claims"]["iss"] =
                format!("{THERE}/oauth2/default").into();
        },
        &["claim `iss` of token `access_token`: ${org.issuer} | ${org.issuer}/oauth2/{server}"],
    ),
    (
        "lifetime",
        |answer| {
            let claims = &mut answer["body"]["tokens"][0]["value"]["claims"];
            claims["exp"] = (claims["iat"].as_i64().unwrap() + 3600).into();
        },
        &["lifetime of token `access_token`: 300 | 3600"],
    ),
];

#[test]
fn everything_that_is_observed_is_compared() {
    for (name, bend, expected) in BENDS {
        let mut other = exchange(THERE, 2);
        bend(&mut other["response"]);
        let diff = compared(vec![exchange(HERE, 1)], vec![other]);
        assert_eq!(shown(&diff), expected, "{name}");
        let places: Vec<_> = diff.observed[0].places.iter().collect();
        assert_eq!(places, ["POST /oauth2/v1/token"], "{name}");
    }
}

#[test]
fn what_is_left_of_a_third_partys_token_is_not_compared() {
    let brokered = |issuer, expires_in: Value| {
        let mut exchange = exchange(issuer, 1);
        let members = &mut exchange["response"]["body"]["value"];
        members["issued_token_type"] = "urn:okta:params:oauth:token-type:oauth-sts".into();
        members["expires_in"] = expires_in;
        vec![exchange]
    };
    let fresh = || brokered(HERE, 3600.into());
    assert!(compared(fresh(), brokered(THERE, 3599.into())).is_empty());
    assert_eq!(
        shown(&compared(fresh(), brokered(THERE, "3600".into()))),
        ["member `expires_in`: an integer | a string"]
    );
}

#[test]
fn redirects_and_challenges_are_compared_by_name() {
    let mut other = redirect(THERE, 2);
    let headers = &mut other["response"]["headers"];
    headers[0]["value"]["text"] = "https://app.example/cb?error=login_required&iss=x".into();
    headers[2]["value"]["text"] = "DPoP error=\"invalid_token\", algs=\"ES256\"".into();
    let diff = compared(vec![redirect(HERE, 1)], vec![other]);
    assert_eq!(
        shown(&diff),
        [
            "parameter `error` of the redirect: access_denied | login_required",
            "parameter `iss` of the redirect: - | present",
            "parameter `state` of the redirect: present | -",
            "header `www-authenticate`: Bearer error=invalid_token, realm | DPoP algs, error=invalid_token",
        ]
    );
}

#[test]
fn an_answer_of_another_kind_is_told_as_such_and_no_further() {
    let mut other = exchange(THERE, 2);
    other["response"] =
        json!({ "status": 400, "headers": [], "body": { "kind": "empty" }, "internal_code": null });
    assert_eq!(
        shown(&compared(vec![exchange(HERE, 1)], vec![other.clone()])),
        ["status: 200 | 400"]
    );
    other["response"] = Value::Null;
    other["trouble"] = "connection reset".into();
    assert_eq!(
        shown(&compared(vec![exchange(HERE, 1)], vec![other])),
        ["status: 200 | no answer"]
    );
}

#[test]
fn number_and_order_of_exchanges_are_compared() {
    let mut page = redirect(THERE, 2);
    page["judged"] = false.into();
    page["request"]["url"] = format!("{THERE}/login").into();
    let walk = vec![page, redirect(THERE, 3), exchange(THERE, 4)];
    // The page more is no reason to compare pages with redirects.
    assert_eq!(
        shown(&compared(vec![redirect(HERE, 1), exchange(HERE, 1)], walk)),
        ["exchanges of step `sign-in`: 1 | 2"]
    );
    let turned = vec![exchange(THERE, 4), redirect(THERE, 3)];
    assert_eq!(
        shown(&compared(
            vec![redirect(HERE, 1), exchange(HERE, 1)],
            turned
        )),
        ["order of steps: sign-in, exchange | exchange, sign-in"]
    );
    assert_eq!(
        shown(&compared(
            vec![redirect(HERE, 1), exchange(HERE, 1)],
            vec![exchange(THERE, 4)]
        )),
        ["exchanges of step `sign-in`: 1 | -"]
    );
}

#[test]
fn who_was_faster_is_no_difference() {
    let refused = |issuer| {
        let mut refused = exchange(issuer, 5);
        refused["response"]["status"] = 400.into();
        refused["response"]["body"] =
            json!({ "kind": "json", "value": { "error": "invalid_grant" }, "tokens": [] });
        refused
    };
    let a = vec![exchange(HERE, 1), refused(HERE), refused(HERE)];
    let b = vec![refused(THERE), refused(THERE), exchange(THERE, 1)];
    assert!(compared(a, b).is_empty());
}

#[test]
fn test_control_is_a_means_and_is_not_compared() {
    let mut control = exchange(THERE, 2);
    control["to"] = "test_control".into();
    control["step"] = "sign".into();
    assert!(compared(Vec::new(), vec![control]).is_empty());
}

#[test]
fn the_same_difference_is_told_once() {
    let (a, b) = sample::different();
    let diff = diff(("a.json", &a), ("b.json", &b));
    let new = &diff.observed[0];
    assert_eq!(
        (&new.what, new.cases.len(), new.places.len()),
        (&Subject::Header("x-new".to_owned()), 30, 1)
    );
    assert_eq!(
        shown(&diff),
        [
            "check `status`, expected integer 400: warning, was integer 200 | warning, was integer 201",
            "header `x-new`: - | present",
            "member `expires_in`: an integer | a string",
            "claim `act` of token `access_token`: an object | -",
            "lifetime of token `access_token`: 300 | 600",
        ]
    );
    assert_eq!(diff.cases.only_a, ["a/gone"]);
    assert_eq!(diff.cases.only_b, ["a/new"]);
    let changes: Vec<_> = diff
        .verdicts
        .iter()
        .map(|change| (change.a, change.b, change.cases.clone()))
        .collect();
    let case = |id: &str, why: &str| vec![(id.to_owned(), Some(why.to_owned()))];
    let status = "status: expected integer 400, was integer 200";
    assert_eq!(
        changes,
        [
            (Verdict::Passed, Verdict::Failed, case("b/broken", status)),
            (Verdict::Failed, Verdict::Passed, case("b/mended", status)),
            (
                Verdict::Passed,
                Verdict::Skipped,
                case("b/skipped", "the target has no `secret`")
            ),
        ]
    );
}

#[test]
fn a_check_that_only_one_run_made_is_a_difference() {
    let mut a = sample::run(HERE, &[("a", Verdict::Passed, Vec::new())]);
    let b = a.clone();
    a.results[0].findings.push(finding(Verdict::Passed));
    assert_eq!(
        shown(&diff(("a", &a), ("b", &b))),
        ["check `status`, expected integer 400: passed | -"]
    );
    // Values that name where a target is, or when it answered, are the same everywhere.
    let mut c = b.clone();
    let failing = |run: &mut RunResult, actual: &str| {
        run.results[0].findings[0].verdict = Verdict::Warning;
        run.results[0].findings[0].actual = Some(actual.to_owned());
    };
    let mut b = b;
    failing(
        &mut b,
        "string `http://127.0.0.1:40123/x`, a JWT 3fa98c01d2e4",
    );
    failing(
        &mut c,
        "string `https://example.okta.com/x`, a JWT 0000000000aa",
    );
    THERE.clone_into(&mut c.varying.org_issuer);
    assert!(diff(("b", &b), ("c", &c)).is_empty());
}

#[test]
fn what_failed_in_both_is_not_compared_further() {
    let mut other = exchange(THERE, 2);
    other["response"]["status"] = 201.into();
    let a = sample::run(HERE, &[("a", Verdict::Failed, vec![exchange(HERE, 1)])]);
    let b = sample::run(THERE, &[("a", Verdict::Failed, vec![other])]);
    let diff = diff(("a", &a), ("b", &b));
    assert!(diff.is_empty());
    assert_eq!(diff.cases.observed, 0);
}

#[test]
fn a_report_without_exchanges_says_so() {
    let whole = sample::run(HERE, &[("a", Verdict::Passed, vec![exchange(HERE, 1)])]);
    let mut stable = whole.clone();
    stable.varying = crate::result::Varying::default();
    let diff = diff(("a", &whole), ("b", &stable));
    assert!(diff.is_empty());
    assert_eq!(diff.cases.observed, 0);
    assert!(
        diff.limits()[0].starts_with("B holds no exchanges"),
        "{:?}",
        diff.limits()
    );
}
