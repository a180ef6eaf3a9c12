//! Hand-made runs for the tests of this module.

use serde_json::{Value, json};

use crate::evidence::RecordedStep;
use crate::result::{
    CaseResult, EventSink, FindingRecord, Incomplete, RunEvent, RunResult, StopCause, VaryingCase,
    Verdict, sample,
};

/// A case: its id, its verdict, its exchanges.
pub(super) type Row<'a> = (&'a str, Verdict, Vec<Value>);

/// A run against an org at this address.
pub(super) fn run(issuer: &str, rows: &[Row<'_>]) -> RunResult {
    let ids: Vec<&str> = rows.iter().map(|(id, ..)| *id).collect();
    let mut collector = sample::started(&ids);
    for (id, verdict, exchanges) in rows {
        let mut case = CaseResult::of(&sample::planned(id), *verdict);
        case.findings = vec![finding(*verdict)];
        let exchanges: Vec<RecordedStep> = exchanges
            .iter()
            .map(|exchange| serde_json::from_value(exchange.clone()).unwrap())
            .collect();
        collector.on_event(&RunEvent::CaseDone {
            result: Box::new(case),
            varying: Box::new(VaryingCase {
                milliseconds: 1.0,
                exchanges,
                ..VaryingCase::default()
            }),
        });
    }
    collector.on_event(&RunEvent::RunDone {
        incomplete: None,
        milliseconds: 1.0,
    });
    let mut run = collector.finish().unwrap();
    issuer.clone_into(&mut run.varying.org_issuer);
    run
}

pub(super) fn finding(verdict: Verdict) -> FindingRecord {
    let held = matches!(verdict, Verdict::Passed | Verdict::Skipped);
    FindingRecord {
        step: "exchange".to_owned(),
        check: crate::result::Aspect::Status,
        expected: "integer 400".to_owned(),
        expected_here: None,
        actual: (!held).then(|| "integer 200".to_owned()),
        verdict: if held { Verdict::Passed } else { verdict },
        alternative: None,
        not_judged: None,
        covers: vec!["req.a".to_owned()],
        source: "scenarios/a.yaml:7".parse().unwrap(),
    }
}

/// An ID-JAG is asked for and given by the org at this address; what varies from run to run follows from a number.
pub(super) fn exchange(issuer: &str, varies: u32) -> Value {
    let plain = |name: &str, text: &str| json!({ "name": name, "value": { "kind": "plain", "text": text } });
    let now = 1_795_000_000 + varies;
    json!({
        "step": "exchange",
        "from": "agent",
        "to": "org_server",
        "judged": true,
        "request": {
            "method": "POST",
            "url": format!("{issuer}/oauth2/v1/token"),
            "headers": [],
            "parameters": []
        },
        "response": {
            "status": 200,
            "headers": [
                plain("Content-Type", "application/json"),
                plain("cache-control", "no-cache,  no-store"),
                plain("x-okta-request-id", &format!("request-{varies}")),
                plain("date", &format!("Tue, 24 Nov 2026 09:00:{varies:02} GMT"))
            ],
            "body": {
                "kind": "json",
                "value": {
                    "token_type": "N_A",
                    "expires_in": 300,
                    "access_token": format!("<jwt {varies:012x}>"),
                    "nested": [{ "id": format!("id-{varies}") }]
                },
                "tokens": [{
                    "name": "access_token",
                    "value": {
                        "kind": "jwt",
                        "fingerprint": format!("{varies:012x}"),
                        "header": { "kid": format!("k{varies}"), "alg": "RS256", "typ": "oauth-id-jag+jwt" },
                        "claims": {
                            "iss": issuer,
                            "aud": format!("{issuer}/oauth2/aus{varies:017}"),
                            "jti": format!("j{varies}"),
                            "iat": now,
                            "exp": now + 300,
                            "act": { "sub": format!("wlp{varies:017}") }
                        }
                    }
                }]
            },
            "internal_code": null
        },
        "trouble": null,
        "milliseconds": f64::from(varies)
    })
}

/// A hop of a browser to a client.
pub(super) fn redirect(issuer: &str, varies: u32) -> Value {
    let mut hop = exchange(issuer, varies);
    hop["step"] = "sign-in".into();
    hop["request"]["method"] = "GET".into();
    hop["request"]["url"] = format!("{issuer}/oauth2/v1/authorize?state=s{varies}").into();
    hop["response"]["status"] = 302.into();
    hop["response"]["body"] = json!({ "kind": "empty" });
    let to = format!("https://app.example:{varies}/cb?error=access_denied&state=s{varies}");
    hop["response"]["headers"] = json!([
        { "name": "location", "value": { "kind": "plain", "text": to } },
        { "name": "set-cookie", "value": { "kind": "secret", "fingerprint": format!("{varies:012x}") } },
        { "name": "www-authenticate", "value": { "kind": "plain", "text": format!("Bearer realm=\"r{varies}\", error=\"invalid_token\"") } }
    ]);
    hop
}

pub(super) const HERE: &str = "http://127.0.0.1:40123";
pub(super) const THERE: &str = "https://example.okta.com";

/// Two runs that differ in every way there is.
pub(super) fn different() -> (RunResult, RunResult) {
    let ids: Vec<String> = (10..40).map(|number| format!("many/{number}")).collect();
    let mut here: Vec<Row<'_>> = vec![
        ("a/gone", Verdict::Passed, Vec::new()),
        ("b/broken", Verdict::Passed, Vec::new()),
        ("b/mended", Verdict::Failed, Vec::new()),
        ("b/skipped", Verdict::Passed, Vec::new()),
        ("c/finding", Verdict::Warning, Vec::new()),
    ];
    let mut there: Vec<Row<'_>> = vec![
        ("a/new", Verdict::Passed, Vec::new()),
        ("b/broken", Verdict::Failed, Vec::new()),
        ("b/mended", Verdict::Passed, Vec::new()),
        ("b/skipped", Verdict::Skipped, Vec::new()),
        ("c/finding", Verdict::Warning, Vec::new()),
    ];
    for id in &ids {
        here.push((
            id,
            Verdict::Passed,
            vec![redirect(HERE, 1), exchange(HERE, 2)],
        ));
        let mut other = exchange(THERE, 3);
        let headers = other["response"]["headers"].as_array_mut().unwrap();
        headers.push(json!({ "name": "x-new", "value": { "kind": "plain", "text": "1" } }));
        there.push((id, Verdict::Passed, vec![redirect(THERE, 4), other]));
    }
    let one = &mut there.last_mut().unwrap().2[1]["response"];
    one["body"]["value"]["expires_in"] = "300".into();
    let claims = &mut one["body"]["tokens"][0]["value"]["claims"];
    claims["exp"] = (1_795_000_003 + 600).into();
    claims.as_object_mut().unwrap().shift_remove("act");
    let (here, mut there) = (run(HERE, &here), run(THERE, &there));
    there.target.name = "okta <org> | `x`".to_owned();
    there.incomplete = Some(Incomplete::new(
        StopCause::Interrupted,
        "interrupted".to_owned(),
    ));
    for case in &mut there.results {
        match case.id.as_str() {
            "c/finding" => case.findings[0].actual = Some("integer 201".to_owned()),
            "b/skipped" => case.reason = Some("the target has no `secret`".to_owned()),
            _ => {}
        }
    }
    (here, there)
}
