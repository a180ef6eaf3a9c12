use serde_json::json;

use super::*;
use crate::exchange::Party;
use crate::fill::sample::{Table, template};
use crate::forge::Signed;
use crate::jwks::KeyRing;
use crate::jwt::Jwt;
use crate::scenario::model::{
    ClientAuth, ClientRole, Credential, Edition, Mutation, UserRole, ValueTemplate,
};
use crate::scenario::step::{
    AdvanceClock, Authorize, Browsing, Call, Control, ControlCommand, FormPost, Metadata,
    MetadataDocument as Document, Request, SignIn, UserInfo,
};
use crate::targets::{Deployment, sample};

const ORIGIN: &str = "https://a.example";

fn prepared(action: &Action, change: Option<&Change>) -> Result<Prepared, Unforgeable> {
    with(&sample::deployment(ORIGIN), action, change)
}

fn with(
    deployment: &Deployment,
    action: &Action,
    change: Option<&Change>,
) -> Result<Prepared, Unforgeable> {
    let names = Table::of(&[
        ("id_token", "the-id-token".into()),
        ("secret.resource", "orn:1".into()),
        ("state", "the-state".into()),
        ("nonce", "the-nonce".into()),
        ("pkce.verifier", "the-verifier".into()),
        ("pkce.challenge", "the-challenge".into()),
    ]);
    let forge = Forge {
        deployment,
        edition: Edition::E2026_10,
        names: &names,
        now: 0,
        published: &KeyRing::default(),
        signed: &Signed::default(),
    };
    prepare(action, change, &forge)
}

fn sent(action: &Action, change: Option<&Change>) -> RequestSpec {
    match prepared(action, change).unwrap() {
        Prepared::Send(request) => request,
        Prepared::Walk(walk) => walk.start,
        Prepared::SignIn(_) => panic!("not one request"),
    }
}

fn exchange() -> Action {
    Action::FormPost(FormPost {
        request: Request::Exchange,
        at: ServerRole::Org,
        client: ClientRole::Agent,
        client_auth: ClientAuth::Registered,
        params: vec![
            ("grant_type".into(), template("token-exchange")),
            ("subject_token".into(), template("${id_token}")),
            ("scope".into(), template("a b")),
        ],
    })
}

fn form(request: &RequestSpec) -> Vec<(&str, &str)> {
    match &request.payload {
        Payload::Form(form) => form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect(),
        _ => panic!("no form"),
    }
}

fn changed(params: Vec<(&str, Mutation)>) -> Change {
    Change {
        params: params
            .into_iter()
            .map(|(name, change)| (name.to_owned(), change))
            .collect(),
        ..Change::default()
    }
}

#[test]
fn a_token_request_has_its_parameters_and_a_credential() {
    let request = sent(&exchange(), None);
    assert_eq!(
        (request.method.as_str(), request.party),
        ("POST", Party::Org)
    );
    assert_eq!(request.url, "https://a.example/oauth2/v1/token");
    let names: Vec<_> = form(&request).iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "grant_type",
            "subject_token",
            "scope",
            "client_id",
            "client_assertion_type",
            "client_assertion"
        ]
    );
    assert_eq!(form(&request)[1].1, "the-id-token");
    let assertion = Jwt::decode(form(&request)[5].1).unwrap();
    assert_eq!(assertion.claims["aud"], json!(request.url));
}

#[test]
fn every_mutation_of_a_parameter() {
    let values = |name: &str, mutation: Mutation| {
        let request = sent(&exchange(), Some(&changed(vec![(name, mutation)])));
        let form = form(&request);
        let values = form
            .iter()
            .filter(|(n, _)| *n == name)
            .map(|(_, v)| (*v).to_owned());
        (values.collect::<Vec<_>>(), request.query.clone())
    };
    let scope = |mutation| values("scope", mutation).0;
    assert_eq!(scope(Mutation::Set(template("x"))), ["x"]);
    assert!(scope(Mutation::Drop).is_empty());
    assert_eq!(scope(Mutation::Empty), [""]);
    assert_eq!(scope(Mutation::Double(None)), ["a b", "a b"]);
    assert_eq!(scope(Mutation::Double(Some(template("c")))), ["a b", "c"]);
    assert_eq!(scope(Mutation::Append(template(" c"))), ["a b c"]);
    assert_eq!(scope(Mutation::Lengthen(9000))[0].len(), 9000);
    assert_eq!(
        values("audience", Mutation::Set(template("new"))).0,
        ["new"]
    );
    let (form, query) = values("scope", Mutation::Query);
    assert!(form.is_empty());
    assert_eq!(query, [("scope".to_owned(), "a b".to_owned())]);
    let (form, query) = values("scope", Mutation::QueryToo);
    assert_eq!(form, ["a b"]);
    assert_eq!(query, [("scope".to_owned(), "a b".to_owned())]);
}

#[test]
fn a_change_that_would_change_nothing_is_refused() {
    let change = changed(vec![("actor_token", Mutation::Drop)]);
    let refused = prepared(&exchange(), Some(&change)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the request has no parameter `actor_token` to change"
    );
    let control = Action::Control(Control(ControlCommand::SuspendUser(UserRole::Ada)));
    assert!(prepared(&control, Some(&changed(vec![("user", Mutation::Drop)]))).is_err());
    // A case may differ from its twin in the steps before this one alone.
    assert!(prepared(&control, Some(&Change::default())).is_ok());
}

#[test]
fn another_server_client_method_and_encoding() {
    let change = Change {
        at: Some(ServerRole::OtherCustomAs),
        client: Some(ClientRole::WebApp),
        headers: vec![("X-Test".into(), template("1"))],
        ..Change::default()
    };
    let request = sent(&exchange(), Some(&change));
    assert_eq!(request.url, "https://a.example/oauth2/default/v1/token");
    assert_eq!(request.party, Party::Custom);
    let header = |name: &str| {
        let found = request.headers.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    };
    // RFC 6749 §2.3.1: form-encoded, then joined, then base64: "0oaweb:web+app%27s+secret".
    assert_eq!(
        header("authorization"),
        Some("Basic MG9hd2ViOndlYithcHAlMjdzK3NlY3JldA==")
    );
    assert_eq!(header("x-test"), Some("1"));

    let get = Change {
        method: Some("GET".into()),
        ..Change::default()
    };
    let request = sent(&exchange(), Some(&get));
    assert!(matches!(request.payload, Payload::None));
    assert_eq!(
        request.query[0],
        ("grant_type".to_owned(), "token-exchange".to_owned())
    );

    let query = Change {
        encoding: Some(Encoding::Query),
        ..Change::default()
    };
    let request = sent(&exchange(), Some(&query));
    assert!(matches!(&request.payload, Payload::Form(form) if form.is_empty()));
    assert_eq!(request.query.len(), 6);
}

#[test]
fn what_travels_in_the_header_can_be_changed_too() {
    let change = Change {
        client: Some(ClientRole::WebApp),
        params: vec![("client_secret".into(), Mutation::Set(template("wrong")))],
        ..Change::default()
    };
    let request = sent(&exchange(), Some(&change));
    // 0oaweb:wrong
    assert_eq!(request.headers[0].1, "Basic MG9hd2ViOndyb25n");
    assert!(
        form(&request)
            .iter()
            .all(|(name, _)| *name != "client_secret")
    );
}

#[test]
fn a_scheme_is_spelt_in_another_way_before_the_same_credential() {
    let change = Change {
        client: Some(ClientRole::WebApp),
        scheme: Some("bASIC".to_owned()),
        ..Change::default()
    };
    let respelt = sent(&exchange(), Some(&change)).headers[0].1.clone();
    let usual = Change {
        client: Some(ClientRole::WebApp),
        ..Change::default()
    };
    let usual = sent(&exchange(), Some(&usual)).headers[0].1.clone();
    assert_eq!(usual.replacen("Basic ", "bASIC ", 1), respelt);
    assert_ne!(usual, respelt);
}

#[test]
fn a_client_without_what_it_is_asked_for_presents_something_unregistered() {
    let change = Change {
        client_auth: Some(ClientAuth::ClientSecretPost),
        ..Change::default()
    };
    let request = sent(&exchange(), Some(&change));
    let form = form(&request);
    assert_eq!(form[3], ("client_id", "wlpagent"));
    assert_eq!((form[4].0, form[4].1.len()), ("client_secret", 43));
}

#[test]
fn an_authorize_request_has_everything_the_scenario_leaves_out() {
    let action = Action::Authorize(Authorize {
        at: ServerRole::Org,
        client: ClientRole::Agent,
        user: Some(UserRole::Ada),
        password: None,
        params: vec![("scope".into(), template("openid"))],
        browsing: Browsing::default(),
    });
    let change = changed(vec![("state", Mutation::Drop)]);
    let Ok(Prepared::Walk(walk)) = prepared(&action, Some(&change)) else {
        panic!("a walk");
    };
    let url = walk.start.full_url();
    assert!(
        url.starts_with("https://a.example/oauth2/v1/authorize?scope=openid&client_id=wlpagent")
    );
    assert!(
        url.contains("code_challenge=the-challenge&code_challenge_method=S256"),
        "{url}"
    );
    assert!(!url.contains("state"), "{url}");
    assert!(
        walk.ends_at
            .contains(&"http://localhost:8787/callback".to_owned())
    );
    assert_eq!(
        walk.forms[0][1],
        ("password".to_owned(), "ada-password".to_owned())
    );

    let grace = Action::Authorize(Authorize {
        at: ServerRole::Org,
        client: ClientRole::Agent,
        user: Some(UserRole::Grace),
        password: None,
        params: Vec::new(),
        browsing: Browsing::default(),
    });
    let refused = prepared(&grace, None).unwrap_err();
    assert_eq!(refused, Unforgeable::NoPassword("grace"));
}

#[test]
fn metadata_addresses() {
    let url = |of, document| sent(&Action::Metadata(Metadata { of, document }), None).url;
    let (org, custom) = (ServerRole::Org, ServerRole::CustomAs);
    assert_eq!(
        url(custom, Document::OauthAuthorizationServer),
        "https://a.example/.well-known/oauth-authorization-server/oauth2/aus1"
    );
    assert_eq!(
        url(custom, Document::OauthAuthorizationServerAppended),
        "https://a.example/oauth2/aus1/.well-known/oauth-authorization-server"
    );
    assert_eq!(
        url(org, Document::OauthAuthorizationServer),
        "https://a.example/.well-known/oauth-authorization-server"
    );
    assert_eq!(
        url(org, Document::OpenIdConfiguration),
        "https://a.example/.well-known/openid-configuration"
    );
}

#[test]
fn calls_present_what_they_are_told_to() {
    let call = |credential| {
        Action::Call(Call {
            url: template("https://a.example/api"),
            method: "GET".into(),
            credential,
            query: vec![("q".into(), template("1"))],
        })
    };
    let headers = |credential| sent(&call(credential), None).headers;
    let bearer = headers(Credential::Bearer(template("${id_token}")));
    assert_eq!(
        bearer,
        [("authorization".to_owned(), "Bearer the-id-token".to_owned())]
    );
    let key = headers(Credential::Header("X-Api-Key".into(), template("k")));
    assert_eq!(key, [("x-api-key".to_owned(), "k".to_owned())]);
    let basic = Credential::Basic {
        username: template("u"),
        password: template("p"),
    };
    assert_eq!(
        headers(basic),
        [("authorization".to_owned(), "Basic dTpw".to_owned())]
    );
    let replaced = Change {
        credential: Some(Credential::None),
        ..Change::default()
    };
    assert!(
        sent(&call(Credential::Bearer(template("x"))), Some(&replaced))
            .headers
            .is_empty()
    );
}

#[test]
fn userinfo_takes_its_token_in_the_header_wherever_it_comes_from() {
    let action = Action::UserInfo(UserInfo {
        at: ServerRole::Org,
        access_token: template("${id_token}"),
    });
    let header = ("authorization".to_owned(), "Bearer the-id-token".to_owned());
    assert_eq!(sent(&action, None).headers, [header]);
    let dropped = sent(
        &action,
        Some(&changed(vec![("access_token", Mutation::Drop)])),
    );
    assert!(dropped.headers.is_empty());
    let moved = sent(
        &action,
        Some(&changed(vec![("access_token", Mutation::Query)])),
    );
    assert!(
        moved
            .full_url()
            .ends_with("/userinfo?access_token=the-id-token")
    );
}

#[test]
fn control_commands_name_what_the_mock_knows() {
    let request = |command| sent(&Action::Control(Control(command)), None);
    let suspend = request(ControlCommand::SuspendUser(UserRole::Ada));
    assert_eq!(suspend.url, "https://a.example/_mock/users/00uada/suspend");
    assert_eq!(suspend.headers[0].1, "Bearer control-token");
    let body = |request: RequestSpec| match request.payload {
        Payload::Text { text, .. } => serde_json::from_str::<serde_json::Value>(&text).unwrap(),
        _ => panic!("a JSON body"),
    };
    let resource = template("${secret.resource}");
    let consent = ControlCommand::GrantConsent(UserRole::Ada, ClientRole::Agent, resource);
    assert_eq!(
        body(request(consent)),
        json!({"agent": "wlpagent", "resource": "orn:1", "user": "00uada"})
    );
    let advance = sent(
        &Action::AdvanceClock(AdvanceClock(std::time::Duration::from_secs(61))),
        None,
    );
    assert!(advance.url.ends_with("/_mock/clock/advance"));
    assert_eq!(body(advance), json!({"seconds": 61}));
    let rotate = request(ControlCommand::RotateKey(ServerRole::CustomAs));
    assert_eq!(
        body(rotate),
        json!({"issuer": "https://a.example/oauth2/aus1"})
    );
    let publish = ControlCommand::PublishKeys {
        at: template("https://agent.example/keys"),
        keys: None,
        of: Some(ClientRole::Agent),
        with: vec![("use".into(), ValueTemplate::Text(template("enc")))],
    };
    let published = body(request(publish));
    assert_eq!(published["keys"][0]["use"], json!("enc"));
    assert_eq!(published["keys"][0]["kty"], json!("EC"));
}

#[test]
fn tokens_are_managed_at_the_endpoint_that_the_assertion_is_for() {
    let action = Action::FormPost(FormPost {
        request: Request::Revoke,
        at: ServerRole::Org,
        client: ClientRole::Agent,
        client_auth: ClientAuth::Registered,
        params: vec![("token".into(), template("t"))],
    });
    let request = sent(&action, None);
    assert_eq!(request.url, "https://a.example/oauth2/v1/revoke");
    let assertion = Jwt::decode(form(&request).last().unwrap().1).unwrap();
    assert_eq!(assertion.claims["aud"], json!(request.url));
}

#[test]
fn a_sign_in_is_what_the_target_can_do() {
    let action = Action::SignIn(SignIn {
        client: ClientRole::UserClient,
        user: UserRole::Ada,
        scope: None,
        nonce: None,
    });
    let Ok(Prepared::SignIn(sign_in)) = prepared(&action, None) else {
        panic!("a sign-in");
    };
    let Way::Page { walk, pkce } = sign_in.way else {
        panic!("by page");
    };
    assert!(
        walk.start
            .full_url()
            .contains(&format!("code_challenge={}", pkce.challenge))
    );

    let mut deployment = sample::deployment(ORIGIN);
    let given = crate::targets::GivenRefreshToken {
        token: crate::secret::Secret::new("the-refresh-token"),
        file: None,
    };
    deployment.sign_in = Some(crate::targets::SignInWay::Refresh(given));
    let Ok(Prepared::SignIn(sign_in)) = with(&deployment, &action, None) else {
        panic!("a sign-in");
    };
    let Way::Refresh(given) = sign_in.way else {
        panic!("by refresh token");
    };
    assert_eq!(given.token.expose(), "the-refresh-token");
    assert_eq!(sign_in.scope, "openid profile email");

    deployment.sign_in = Some(crate::targets::SignInWay::Session);
    let Ok(Prepared::SignIn(sign_in)) = with(&deployment, &action, None) else {
        panic!("a sign-in");
    };
    let Way::Session { authn, walk, pkce } = sign_in.way else {
        panic!("by session token");
    };
    assert_eq!(authn.url, format!("{ORIGIN}/api/v1/authn"));
    assert!(walk.forms.is_empty(), "nobody fills in a page");
    let link = walk.start.full_url();
    for part in [
        format!("code_challenge={}", pkce.challenge),
        "prompt=none".to_owned(),
    ] {
        assert!(link.contains(&part), "{link}");
    }
}
