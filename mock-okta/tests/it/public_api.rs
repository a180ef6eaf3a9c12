//! Every type that the public API returns or takes can be named with `mock_okta` alone: each is written out here beside the
//! call that it belongs to.

use std::time::Duration;

use mock_okta::serde_json::value::RawValue;
use mock_okta::{
    BehaviourError, Behaviours, Builder, CatalogueRow, ClientId, ConnectionId, ControlError,
    CustomServerId, Defect, Edition, Endpoint, ExchangedResource, Family, Fault, FaultError,
    FaultKind, FaultParameter, FaultState, FileError, JournalEntry, JournalQuery, KeyError,
    LogFormat, MemoryUse, MockOkta, OpenQuestion, OrgHandle, ParameterForm, Place, Problem,
    Problems, RawAnswer, RawExchange, Refusal, RequestLog, RowState, Setting, SignIn, StartError,
    StoreUse, Switch, TargetRoles, TlsError, TlsIdentity, TokenError, TokenStep, Tokens,
    UnknownDefect, UnknownVariation, UserId, Variation, VariationConflict, http, jiff, serde_json,
    switches,
};

#[tokio::test]
async fn what_an_org_returns() {
    let builder: Builder = MockOkta::builder().edition(Edition::E2026_10);
    let okta: MockOkta = builder.start().await.expect("an org");
    let org: &OrgHandle = &okta;
    let roles: &TargetRoles = org.roles();
    let _: &ClientId = &roles.clients["agent"];
    let _: &CustomServerId = &roles.servers["custom_as"];
    let _: &UserId = &roles.users["ada"];
    let _: &ConnectionId = &roles.resources["secret"];
    let sign_in: SignIn = org.sign_in("ada");
    let tokens: Tokens = sign_in.await.expect("tokens");
    let _: serde_json::Map<String, serde_json::Value> = tokens.claims();
    let _: jiff::Timestamp = org.now();
    let journal: Vec<JournalEntry> = org.journal();
    let _: &RawValue = &journal[0].request;
    let fault = Fault::unavailable()
        .at(Endpoint::Token)
        .resource_type(ExchangedResource::Secret);
    let fault: FaultState = org.add_fault(fault).expect("a fault");
    let kind: FaultKind = fault.fault.kind();
    let parameter: &FaultParameter = &kind.parameters()[0];
    let _: ParameterForm = parameter.form;
    let query: JournalQuery = JournalQuery::default();
    let none: Option<JournalEntry> = org.next_request(query, Duration::ZERO).await;
    assert!(none.is_none());
    let raw: Option<&RawExchange> = journal[0].raw.as_deref();
    let _: Option<&RawAnswer> = raw.and_then(RawExchange::answer);
    let log: RequestLog = RequestLog::start(LogFormat::Json, std::io::sink()).expect("a thread");
    let _: Builder = MockOkta::builder().request_log(log);
    let memory: MemoryUse = org.memory_use();
    let _: &StoreUse = &memory.stores[0];
}

#[test]
fn what_an_org_that_speaks_https_returns() {
    let builder: Builder = MockOkta::builder().tls();
    let okta: MockOkta = builder.start_blocking().expect("an org");
    let identity: Option<&TlsIdentity> = okta.tls_identity();
    assert_eq!(identity.map(TlsIdentity::ca_pem), okta.ca_pem());
    let nowhere = MockOkta::builder().tls_files("/nowhere/cert.pem", "/nowhere/key.pem");
    let error: StartError = nowhere.start_blocking().expect_err("no such file");
    let StartError::Tls(error) = error else {
        panic!("{error}");
    };
    let error: TlsError = error;
    assert!(matches!(error, TlsError::Unreadable(_)), "{error}");
}

#[tokio::test]
async fn what_goes_wrong() {
    let okta = MockOkta::start().await.expect("an org");
    let error: ControlError = okta.suspend_user("nobody").expect_err("no such user");
    assert_eq!(error.status, http::StatusCode::NOT_FOUND);
    let error: TokenError = okta
        .sign_in("grace")
        .at("default")
        .await
        .expect_err("no rule");
    let TokenError::Refused { step, .. } = &error else {
        panic!("{error}")
    };
    let _: &TokenStep = step;

    let error: FaultError = okta.add_fault(Fault::status(1)).expect_err("a status");
    assert!(error.to_string().contains("`status` is `1`"));

    let start = async |builder: Builder| builder.start().await.expect_err("a mistake");
    let mistakes = start(MockOkta::builder().org_yaml("org.yaml", "org: 1\n")).await;
    let StartError::Mistakes(problems) = mistakes else {
        panic!("{mistakes}")
    };
    let problems: Problems = problems;
    let problem: &Problem = problems.sorted()[0];
    let _: Place = problem.place;
    let file = start(MockOkta::builder().config_file("/nowhere.yaml")).await;
    let StartError::Unreadable(file) = file else {
        panic!("{file}")
    };
    let _: FileError = file;
    let switch = start(MockOkta::builder().behaviour("telepathy", "on")).await;
    let StartError::Behaviour(switch) = switch else {
        panic!("{switch}")
    };
    let _: BehaviourError = switch;
    let both = [Variation::JsonPretty, Variation::JsonSpaced];
    let _: VariationConflict = okta.set_variations(both).expect_err("a conflict");
    let pem = "-----BEGIN PRIVATE KEY-----\\nAA==\\n-----END PRIVATE KEY-----";
    let org =
        format!("org: {{ id: 00okeys0000000000001, name: Keys, private_key_pem: \"{pem}\" }}\n");
    let key = start(MockOkta::builder().org_yaml("org.yaml", org)).await;
    let StartError::Mistakes(_) = &key else {
        panic!("{key}")
    };
    // No file leads here: a pinned key is read with the file.
    if let StartError::Key(key) = key {
        let _: KeyError = key;
    }
}

#[test]
fn what_there_is_to_choose_from() {
    let _: UnknownDefect = Defect::parse("mute/nothing").expect_err("no such defect");
    let _: UnknownVariation = Variation::parse("vary/nothing").expect_err("no such variation");
    let row: CatalogueRow = mock_okta::catalogue().next().expect("a row");
    match row.state {
        RowState::Emitted(refusal) => {
            let _: Refusal = refusal;
        }
        RowState::Later(family) | RowState::Unreachable(family) => {
            let _: &Family = family;
        }
    }
    let setting: Setting = switches::UserSignIn::Agent.into();
    let switch: Option<&Switch> = Behaviours::SWITCHES
        .iter()
        .find(|switch| switch.name == setting.name());
    assert!(switch.is_some());
    let _: &OpenQuestion = &mock_okta::WITHOUT_SWITCH[0];
}
