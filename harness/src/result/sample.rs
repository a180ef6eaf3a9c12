//! Hand-made runs for the tests of `result`, `report` and `cli`.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    Blame, CaseResult, ChangeNote, ChangedPart, Collector, EventSink, FindingRecord, PlannedCase,
    RequirementNote, RunEvent, RunResult, SourceLine, TargetInfo, VaryingCase, Verdict,
};
use super::{ResourceType, TargetKind};
use crate::evidence::{
    Participant, RecordedBody, RecordedField, RecordedRequest, RecordedResponse, RecordedStep,
    RecordedValue,
};
use crate::requirement::{Profile, Role};

/// A collector that has seen the start of a run of these cases.
pub(crate) fn started(ids: &[&str]) -> Collector {
    let mut collector = Collector::new(requirements());
    collector.on_event(&run_started(ids));
    collector
}

pub(crate) fn run_started(ids: &[&str]) -> RunEvent {
    announce(ids.iter().map(|id| planned(id)).collect())
}

pub(crate) fn done(id: &str, verdict: Verdict) -> RunEvent {
    RunEvent::CaseDone {
        result: Box::new(CaseResult::of(&planned(id), verdict)),
        varying: Box::default(),
    }
}

/// A check that holds.
pub(crate) fn held() -> FindingRecord {
    FindingRecord {
        step: "exchange".to_owned(),
        check: crate::result::Aspect::Status,
        expected: "integer 400".to_owned(),
        expected_here: None,
        actual: None,
        verdict: Verdict::Passed,
        alternative: None,
        not_judged: None,
        covers: Vec::new(),
        source: "s.yaml:1".parse().unwrap(),
    }
}

pub(crate) fn planned(id: &str) -> PlannedCase {
    plan(id, id, ResourceType::AuthorizationServer, 1)
}

/// Every verdict, with the evidence that a real run would have. The events of [`every_verdict`].
pub(crate) fn events() -> Vec<RunEvent> {
    let cases = cases();
    let mut events = vec![announce(
        cases
            .iter()
            .map(|(case, _)| plan(&case.id, &case.scenario, case.resource_type, 7))
            .chain([plan("sign-in/code", "sign-in/code", ResourceType::None, 1)])
            .collect(),
    )];
    for (result, varying) in cases {
        events.push(RunEvent::CaseStarted {
            id: result.id.clone(),
        });
        events.push(RunEvent::CaseDone {
            result: Box::new(result),
            varying: Box::new(varying),
        });
    }
    events.push(RunEvent::RunDone {
        incomplete: Some(super::Incomplete::new(
            super::StopCause::Interrupted,
            "interrupted by Ctrl-C",
        )),
        milliseconds: 1234.5,
    });
    events
}

/// A run in which every verdict occurs.
pub(crate) fn every_verdict() -> RunResult {
    collect(&events())
}

/// A run in which there is nothing to report.
pub(crate) fn all_well() -> RunResult {
    let ids = [
        "authorization-server/exchange",
        "authorization-server/exchange/replayed",
    ];
    let mut collector = started(&ids);
    for id in ids {
        collector.on_event(&done(id, Verdict::Passed));
    }
    collector.on_event(&RunEvent::RunDone {
        incomplete: None,
        milliseconds: 87.0,
    });
    collector.finish().unwrap()
}

pub(crate) fn collect(events: &[RunEvent]) -> RunResult {
    let mut collector = Collector::new(requirements());
    for event in events {
        collector.on_event(event);
    }
    collector.finish().unwrap()
}

pub(crate) fn requirements() -> BTreeMap<String, RequirementNote> {
    let note = |level: &str, source: &str, text: &str| RequirementNote {
        level: level.parse().unwrap(),
        role: Role::IdpAs,
        profile: Profile::Base,
        source: source.to_owned(),
        specification: source
            .split([';', '§'])
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned(),
        url: source
            .starts_with("RFC 6749")
            .then(|| "https://www.rfc-editor.org/rfc/rfc6749#section-5.2".to_owned()),
        text: text.to_owned(),
    };
    BTreeMap::from([
        (
            "req.a".to_owned(),
            note(
                "MUST",
                "RFC 6749 §5.2",
                "A request without grant_type is malformed.",
            ),
        ),
        (
            "scope.none-left".to_owned(),
            note(
                "MUST",
                "Okta error catalogue; RFC 6749 §5.2",
                "A request whose scopes are not all on the connection is refused whole with invalid_scope.",
            ),
        ),
        (
            "token.cache-control".to_owned(),
            note(
                "SHOULD",
                "RFC 6749 §5.1",
                "A response that holds a token says Cache-Control: no-store.",
            ),
        ),
        (
            "exch.act".to_owned(),
            note(
                "MAY",
                "draft-ietf-oauth-identity-assertion-authz-grant-04 §4.2",
                "An ID-JAG may name the actor.",
            ),
        ),
    ])
}

fn cases() -> Vec<(CaseResult, VaryingCase)> {
    let measured = VaryingCase {
        milliseconds: 12.5,
        exchanges: vec![sent()],
        ..VaryingCase::default()
    };
    let mut unreachable = VaryingCase {
        milliseconds: 2.0,
        exchanges: vec![sent()],
        ..VaryingCase::default()
    };
    unreachable.exchanges[0].response = None;
    unreachable.exchanges[0].trouble = Some("connection refused".into());
    let mut all = vec![
        (passed(), measured.clone()),
        (failed(), measured.clone()),
        (warning(), measured.clone()),
        (observed(), measured),
        (error(), unreachable),
    ];
    all.extend(skipped().map(|case| (case, VaryingCase::default())));
    all
}

const EXCHANGE: &str = "authorization-server/exchange";

fn case(id: &str, scenario: &str, of: ResourceType, verdict: Verdict) -> CaseResult {
    CaseResult::of(&plan(id, scenario, of, 7), verdict)
}

fn passed() -> CaseResult {
    let mut case = case(
        EXCHANGE,
        EXCHANGE,
        ResourceType::AuthorizationServer,
        Verdict::Passed,
    );
    case.findings = vec![finding(
        Verdict::Passed,
        "status",
        "integer <200>",
        None,
        "req.a",
    )];
    case
}

fn failed() -> CaseResult {
    let id = "authorization-server/exchange/scope-not-on-connection";
    let mut case = case(
        id,
        EXCHANGE,
        ResourceType::AuthorizationServer,
        Verdict::Failed,
    );
    "A scope that the connection does not carry refuses the whole request"
        .clone_into(&mut case.title);
    case.covers = vec!["scope.none-left".to_owned()];
    case.blame = Some(Blame::OrgServer);
    let cites = "scope.none-left";
    let json = "contains \"json\"";
    case.findings = vec![
        finding(Verdict::Passed, "header content-type", json, None, cites),
        finding(
            Verdict::Failed,
            "status",
            "integer <400>",
            Some("integer <200>"),
            cites,
        ),
        finding(
            Verdict::Failed,
            "body.error",
            "string <invalid_scope>",
            Some("nothing"),
            cites,
        ),
    ];
    case
}

fn warning() -> CaseResult {
    let mut case = case(
        "secret/exchange",
        "secret/exchange",
        ResourceType::Secret,
        Verdict::Warning,
    );
    case.covers = vec!["token.cache-control".to_owned()];
    case.blame = Some(Blame::OrgServer);
    case.findings = vec![finding(
        Verdict::Warning,
        "header cache-control",
        "contains \"no-store\"",
        Some("string <private>"),
        "token.cache-control",
    )];
    case
}

fn observed() -> CaseResult {
    let mut case = case(
        "secret/exchange/actor",
        "secret/exchange",
        ResourceType::Secret,
        Verdict::Observed,
    );
    case.covers = vec!["exch.act".to_owned()];
    case.findings = vec![finding(
        Verdict::Observed,
        "jwt body.access_token claims.act",
        "absent",
        Some("object {\"sub\":\"wlp1\",\"sub_profile\":\"ai_agent | web_app\"}"),
        "exch.act",
    )];
    case.findings[0].not_judged = Some("profile mcp-ema is not chosen".to_owned());
    let one_of = "one of integer 400, integer 401";
    let mut status = finding(Verdict::Passed, "status", one_of, None, "exch.act");
    status.alternative = Some("integer 401".to_owned());
    case.findings.push(status);
    case
}

fn error() -> CaseResult {
    let mut case = case(
        "secret/exchange/expired",
        "secret/exchange",
        ResourceType::Secret,
        Verdict::Error,
    );
    case.reason = Some("connection refused: nobody listens at ${org.issuer}".to_owned());
    case.cure = Some("start the target, or correct `org.issuer` in the target file".to_owned());
    case.blame = Some(Blame::Network);
    case
}

fn skipped() -> [CaseResult; 2] {
    [
        "service-account/exchange",
        "service-account/exchange/replayed",
    ]
    .map(|id| {
        let mut case = case(
            id,
            "service-account/exchange",
            ResourceType::ServiceAccount,
            Verdict::Skipped,
        );
        case.reason = Some("the target does not describe `service_account.resource`".to_owned());
        case.cure = Some("add `resources.service_account` to the target file".to_owned());
        case
    })
}

fn finding(
    verdict: Verdict,
    check: &str,
    expected: &str,
    actual: Option<&str>,
    covers: &str,
) -> FindingRecord {
    FindingRecord {
        step: "exchange".to_owned(),
        check: check.parse().unwrap(),
        expected: expected.to_owned(),
        expected_here: None,
        actual: actual.map(str::to_owned),
        verdict,
        alternative: None,
        not_judged: None,
        covers: vec![covers.to_owned()],
        source: "scenarios/authorization-server/exchange.yaml:44"
            .parse()
            .unwrap(),
    }
}

fn sent() -> RecordedStep {
    let plain = |name: &str, text: &str| RecordedField {
        name: name.to_owned().into(),
        value: RecordedValue::Plain {
            text: text.to_owned().into(),
        },
    };
    let object = |value: serde_json::Value| value.as_object().cloned().unwrap_or_default();
    let jwt = |name: &str, claims: serde_json::Value| RecordedField {
        name: name.to_owned().into(),
        value: RecordedValue::Jwt {
            fingerprint: "3fa98c01d2e4".to_owned(),
            header: object(json!({ "alg": "RS256", "kid": "k1" })).into(),
            claims: object(claims).into(),
        },
    };
    RecordedStep {
        step: "exchange".to_owned(),
        from: Participant::Agent,
        to: Participant::OrgServer,
        judged: true,
        request: RecordedRequest {
            method: "POST".to_owned(),
            url: "http://127.0.0.1:40123/oauth2/v1/token".into(),
            headers: vec![
                plain("accept", "application/json"),
                plain("content-type", "application/x-www-form-urlencoded"),
            ],
            parameters: vec![
                plain(
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:token-exchange",
                ),
                plain(
                    "requested_token_type",
                    "urn:ietf:params:oauth:token-type:id-jag",
                ),
                jwt(
                    "subject_token",
                    json!({ "iss": "http://127.0.0.1:40123", "sub": "00uada", "aud": "wlp1", "exp": 1_795_003_600 }),
                ),
                plain("scope", "chat.read admin.everything"),
                jwt(
                    "client_assertion",
                    json!({ "iss": "wlp1", "sub": "wlp1", "jti": "j-1" }),
                ),
            ],
        },
        response: Some(RecordedResponse {
            status: 200,
            headers: vec![
                plain("content-type", "application/json"),
                plain("x-okta-request-id", "req-17"),
                plain("date", "Tue, 24 Nov 2026 09:00:00 GMT"),
            ],
            body: RecordedBody::Json {
                value:
                    json!({ "access_token": "<jwt 81c0>", "scope": "chat.read", "expires_in": 300 })
                        .into(),
                tokens: vec![jwt(
                    "access_token",
                    json!({ "aud": "http://127.0.0.1:40123/oauth2/aus1" }),
                )],
            },
            internal_code: None,
        }),
        trouble: None,
        milliseconds: 11.25,
    }
}

fn announce(cases: Vec<PlannedCase>) -> RunEvent {
    RunEvent::RunStarted {
        target: TargetInfo {
            name: "embedded".to_owned(),
            kind: TargetKind::Embedded,
            profiles: vec![Profile::Base, Profile::Okta],
        },
        edition: "2026-10".to_owned(),
        org_issuer: "http://127.0.0.1:40123".to_owned(),
        spare_issuer: None,
        started_at: "2026-11-24T09:00:00Z".to_owned(),
        cases,
    }
}

fn plan(id: &str, scenario: &str, resource_type: ResourceType, line: usize) -> PlannedCase {
    PlannedCase {
        id: id.to_owned(),
        scenario: scenario.to_owned(),
        title: format!("Case {id}"),
        resource_type,
        covers: vec!["req.a".to_owned()],
        source: SourceLine::new(format!("scenarios/{scenario}.yaml"), line),
        change: (id != scenario).then(|| ChangeNote {
            step: "exchange".to_owned(),
            what: vec![ChangedPart {
                name: "scope".to_owned(),
                how: "set to chat.read admin".to_owned().into(),
            }],
        }),
    }
}
