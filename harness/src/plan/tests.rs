use std::io::Write as _;

use super::*;
use crate::targets::sample::{self, deployment};

const BASE: &str = "
resource_type: secret
covers: [okta.secret-response]
steps:
  - sign_in: { as: user_client, user: ada }
    save: { id_token: body.id_token }
  - exchange:
      subject_token: ${id_token}
      requested_token_type: urn:okta:params:oauth:token-type:vaulted-secret
      resource: ${secret.resource}
    expect: { status: 200 }
";

fn planned(more: &str, edition: Edition) -> Vec<PlannedScenario> {
    planned_for(&deployment("https://a.example"), more, edition)
}

fn planned_for(target: &Deployment, more: &str, edition: Edition) -> Vec<PlannedScenario> {
    let folder = tempfile::tempdir().unwrap();
    let mut file = std::fs::File::create(folder.path().join("s.yaml")).unwrap();
    write!(file, "id: s\ntitle: A title\n{BASE}{more}").unwrap();
    let scenarios = crate::scenario::from_dir(folder.path())
        .unwrap_or_else(|problems| panic!("{}", problems[0]));
    plan(scenarios, Catalogue::embedded(), target, edition)
}

fn case(id: &str, more: &str) -> String {
    format!(
        "  - id: {id}\n    at: exchange\n    covers: [target.unknown-resource]\n    expect: {{ status: 400 }}\n{more}"
    )
}

#[test]
fn every_case_is_planned_and_announced_by_id() {
    let cases = format!(
        "cases:\n{}{}",
        case("unknown", "    change: { resource: unknown }\n"),
        case(
            "other",
            "    change: { resource: \"${other_secret.resource}\" }\n"
        )
    );
    let planned = planned(&cases, Edition::E2026_10);
    let announced = announced(&planned);
    let ids: Vec<_> = announced.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["s", "s/other", "s/unknown"]);
    assert_eq!(announced[0].covers, ["okta.secret-response"]);
    assert_eq!(announced[2].covers, ["target.unknown-resource"]);
    assert!(
        announced[0].source.to_string().ends_with("s.yaml:1"),
        "{}",
        announced[0].source
    );

    let one = &planned[0];
    assert_eq!((&one.base.lack, &one.cases[0].lack), (&None, &None));
    let lack = one.cases[1].lack.as_ref().unwrap();
    assert_eq!(
        lack.cure,
        "add `resources.other_secret.resource` to the target file"
    );
}

#[test]
fn what_the_base_flow_lacks_its_cases_lack() {
    let cases = format!(
        "cases:\n{}",
        case("unknown", "    change: { resource: unknown }\n")
    );
    let planned = planned(&format!("editions: [2025-10]\n{cases}"), Edition::E2026_10);
    let one = &planned[0];
    let lack = one.base.lack.as_ref().unwrap();
    assert_eq!(lack.reason, "it belongs to edition 2025-10 of the guide");
    assert_eq!(lack.cure, "run with --edition 2025-10");
    assert_eq!(one.cases[0].lack.as_ref(), Some(lack));
}

#[test]
fn a_user_without_a_password_cannot_sign_in_at_a_page() {
    let before = "    before: [ { sign_in: { as: user_client, user: grace }, save: { of_grace: body.id_token } } ]\n    change: { subject_token: \"${of_grace}\" }\n";
    let planned = planned(
        &format!("cases:\n{}", case("grace", before)),
        Edition::E2026_10,
    );
    let lack = planned[0].cases[0].lack.as_ref().unwrap();
    assert_eq!(lack.cure, "add `users.grace.password` to the target file");
}

#[test]
fn what_cites_only_requirements_of_other_profiles_is_skipped_and_says_so() {
    let cases = format!(
        "cases:\n{}{}",
        case("mine", "    change: { resource: unknown }\n"),
        case("yields", "    change: { resource: unknown }\n")
            .replace("target.unknown-resource", "redeem.resubmit-base"),
    );
    let planned = planned(&cases, Edition::E2026_10);
    let [mine, yields] = &planned[0].cases[..] else {
        panic!("two cases");
    };
    assert_eq!((&planned[0].base.lack, &mine.lack), (&None, &None));
    let lack = yields.lack.as_ref().unwrap();
    assert_eq!(
        lack.reason,
        "it is not judged here: `redeem.replay-ema` of profile mcp-ema is judged instead"
    );
    assert_eq!(
        lack.cure,
        "choose `profiles` without mcp-ema in the target file"
    );
}

#[test]
fn an_hmac_for_which_the_secret_is_too_short_is_no_case() {
    // `change` and `before` of a case; the length of the secret; whether it runs.
    let by_hash = |alg: &str| {
        format!("$client_auth: client_secret_jwt, client_assertion: {{ jwt: {{ alg: {alg} }} }}")
    };
    let hs256 = "$client_auth: client_secret_jwt".to_owned();
    let given =
        "{ control: { configure_client: { client: web_app, with: { client_secret: short } } } }";
    let of_another = "{ control: { configure_client: { client: other_agent, with: { client_secret: short } } } }";
    for (change, before, length, runs) in [
        (hs256.clone(), "", 32, true),
        (hs256.clone(), "", 31, false),
        (by_hash("HS384"), "", 48, true),
        (by_hash("HS384"), "", 47, false),
        (by_hash("HS512"), "", 64, true),
        (by_hash("HS512"), "", 63, false),
        (by_hash("none"), "", 8, true),
        ("$client_auth: client_secret_basic".to_owned(), "", 8, true),
        // What a case is about is no reason to leave it out.
        (hs256.clone(), given, 8, true),
        (hs256, of_another, 8, false),
    ] {
        let file =
            sample::file("https://a.example").replace("web app's secret", &"s".repeat(length));
        let target = sample::parse(&file).unwrap_or_else(|problems| panic!("{problems}"));
        let cases = format!(
            "cases:\n{}",
            case(
                "hmac",
                &format!("    before: [{before}]\n    change: {{ $as: web_app, {change} }}\n")
            )
        );
        let planned = planned_for(&target, &cases, Edition::E2026_10);
        let lack = planned[0].cases[0].lack.as_ref();
        assert_eq!(lack.is_none(), runs, "{change} {before} {length}: {lack:?}");
        if let Some(lack) = lack {
            assert!(lack.reason.contains("RFC 7518"), "{}", lack.reason);
            assert!(lack.cure.contains("`web_app`"), "{}", lack.cure);
        }
    }
}

#[test]
fn a_note_of_a_change_shows_no_token() {
    let token = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL3N0cmFuZ2VyLmV4YW1wbGUifQ.";
    let shown = without_tokens(&format!("set to {token} twice"));
    assert!(!shown.contains("eyJpc3Mi"), "{shown}");
    assert!(shown.starts_with("set to <a JWT"), "{shown}");
    assert_eq!(without_tokens("set to ${id_token}"), "set to ${id_token}");
}

/// What a case lacks at a target whose agent shows a secret in the header, by the change that it makes.
#[test]
fn a_case_is_skipped_where_the_client_authenticates_otherwise_than_it_takes_for_granted() {
    let key = "key: { kid: ec-1,";
    let file = sample::file("https://a.example");
    assert!(file.contains(key));
    let by_secret = |auth: &str| {
        let file = file.replacen(
            "client_id: wlpagent\n    auth: private_key_jwt",
            &format!("client_id: wlpagent\n    auth: {auth}\n    client_secret: {{ value: s }}"),
            1,
        );
        sample::parse(&file).unwrap_or_else(|problems| panic!("{problems}"))
    };
    let targets = [
        "private_key_jwt",
        "client_secret_basic",
        "client_secret_post",
        "none",
    ];
    for (change, runs) in [
        (
            "client_assertion: { double: true }",
            [true, false, false, false],
        ),
        (
            "client_assertion: { jwt: { sign_with: unknown-key } }",
            [true, false, false, false],
        ),
        ("client_assertion_type: other", [true, false, false, false]),
        ("client_secret: surplus", [true, false, false, false]),
        ("client_secret: { drop: true }", [false, true, true, false]),
        ("client_id: other", [true, false, true, true]),
        (
            "$headers: { authorization: Basic eDp5 }",
            [true, false, true, true],
        ),
        ("$headers: { x-other: y }", [true, true, true, true]),
        ("$client_auth: none", [true, true, true, false]),
        (
            "$client_auth: client_secret_post",
            [false, false, true, false],
        ),
        (
            "subject_token: { jwt: { sign_with: agent } }",
            [true, false, false, false],
        ),
        ("scope: other", [true, true, true, true]),
    ] {
        let cases = format!(
            "cases:\n{}",
            case("c", &format!("    change: {{ {change} }}\n"))
        );
        for (auth, runs) in targets.into_iter().zip(runs) {
            let planned = planned_for(&by_secret(auth), &cases, Edition::E2026_10);
            assert_eq!(planned[0].base.lack, None);
            let lack = planned[0].cases[0].lack.as_ref();
            assert_eq!(lack.is_none(), runs, "{change} {auth}: {lack:?}");
            if let Some(lack) = lack {
                let expected = format!("`agent` authenticates with {auth}: ");
                assert!(lack.reason.starts_with(&expected), "{}", lack.reason);
                assert!(lack.cure.contains("`agent`"), "{}", lack.cure);
            }
        }
    }
}

#[test]
fn what_a_given_sign_in_does_not_have_is_not_asked_of_it() {
    let given = |with: &str| {
        let file = sample::file("https://a.example").replacen("with: page", with, 1);
        sample::parse(&file).unwrap_or_else(|problems| panic!("{problems}"))
    };
    let ways = [
        "with: page",
        "with: refresh, refresh_token: { value: r }",
        "with: given, id_token: { value: i }",
        "with: given, id_token: { value: i }, access_token: { value: a }",
    ];
    let before = |save: &str, more: &str| {
        format!(
            "    before: [ {{ sign_in: {{ as: user_client, user: ada }}, save: {{ {save} }} }} ]\n    change: {{ {more} }}\n"
        )
    };
    let url = "\"${org.end_session_endpoint}?x=${t}\"";
    let revoke = |token: &str| {
        format!(
            "    before: [ {{ sign_in: {{ as: user_client, user: ada }}, save: {{ t: body.access_token }} }}, {{ revoke: {{ token: \"{token}\" }} }} ]\n    change: {{ scope: x }}\n"
        )
    };
    for (case_text, runs) in [
        (
            before("t: claims.body.id_token#sub", "scope: x"),
            [true, true, true, true],
        ),
        (
            before("t: body.access_token", "scope: x"),
            [true, true, false, true],
        ),
        (
            before("t: body.refresh_token", "scope: x"),
            [true, false, false, false],
        ),
        (before("t: status", "scope: x"), [true, false, false, false]),
        (revoke("${t}"), [true, false, false, false]),
        (revoke("another"), [true, true, false, true]),
        (
            format!("    then: [ {{ http: {{ method: GET, url: {url} }} }} ]\n")
                .replace("${t}", "y")
                + "    change: { scope: x }\n",
            [true, false, false, false],
        ),
    ] {
        let cases = format!("cases:\n{}", case("c", &case_text));
        for (way, runs) in ways.into_iter().zip(runs) {
            let planned = planned_for(&given(way), &cases, Edition::E2026_10);
            let lack = planned[0].cases[0].lack.as_ref();
            assert_eq!(lack.is_none(), runs, "{way}\n{case_text}{lack:?}");
        }
    }
}

#[test]
fn a_consent_is_given_only_where_it_can_be_taken_back() {
    let consent = "    before: [ { consent: { at: \"https://a.example\", decision: deny } } ]\n    change: { scope: x }\n";
    let cases = format!("cases:\n{}", case("c", consent));
    let mut target = deployment("https://a.example");
    let lack = |target: &Deployment| {
        planned_for(target, &cases, Edition::E2026_10)[0].cases[0]
            .lack
            .clone()
    };
    assert_eq!(lack(&target), None);
    target.control = None;
    let lack = lack(&target).unwrap();
    assert!(
        lack.reason.contains("only test control takes it back"),
        "{}",
        lack.reason
    );
}
