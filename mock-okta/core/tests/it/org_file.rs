//! Mistakes in an org file, and the messages that they get.

use mock_okta_core::behaviour::{AgentClientAuthentication, Edition, PolicyDenied, UserSignIn};
use mock_okta_core::org::{GrantType, KeyOrigin, Org, OrgFile, ScopeCondition, Users};

/// The default org with some of its text replaced.
fn with(changes: &[(&str, &str)]) -> Result<Org, String> {
    let mut text = Org::default_yaml().to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "the default org holds no {from:?}");
        text = text.replacen(from, to, 1);
    }
    Org::from_yaml("org.yaml", &text, Edition::default()).map_err(|problems| problems.to_string())
}

/// A small org around one section.
fn small(sections: &str) -> String {
    let text = format!("org: {{ id: 00osmall000000000001, name: Small }}\n{sections}");
    match Org::from_yaml("org.yaml", &text, Edition::default()) {
        Ok(_) => "no mistake found".to_owned(),
        Err(problems) => problems.to_string(),
    }
}

macro_rules! mistakes {
    ($($name:ident: $answer:expr;)+) => {$(
        #[test]
        fn $name() {
            insta::with_settings!({ omit_expression => true }, {
                insta::assert_snapshot!(stringify!($name), $answer);
            });
        }
    )+};
}

mistakes! {
    unknown_keys_at_every_depth: small("
usres: []
users:
  - { id: 00uada00000000000001, login: ada@example.com, pasword: secret, profile: { nmae: Ada } }
vault: { secret: [] }
");
    references_to_nothing: with(&[
        ("    agent: wlpagentrsa000000001\n    type: IDENTITY", "    agent: wlpagentras000000001\n    type: IDENTITY"),
        ("    authorization_server: ausdormant0000000001", "    authorization_server: ausdormant000000001"),
        ("    secret: orn:okta:pam:00omockokta000000001:secrets:5a3c1f0e-0000-4000-8000-000000000002", "    secret: 5a3c1f0e-0000-4000-8000-000000000009"),
        ("    third_party: calendar", "    third_party: calender"),
        ("assigned_users: [00uada00000000000001, 00ugrace000000000001]", "assigned_users: [00uada00000000000001, 00ugrac3000000000001]"),
    ]).unwrap_err();
    a_reference_to_something_of_another_kind: with(&[
        ("linked_apps: [0oawebapp00000000001]", "linked_apps: [wlpagentec0000000001]"),
        ("clients: [0oawebapp00000000001]", "clients: [00uada00000000000001]"),
    ]).unwrap_err();
    scopes_that_a_server_lacks: with(&[
        ("scopes: [chat.read, chat.history, chat.delete]", "scopes: [chat.read, chat.histroy]"),
        ("scopes: [chat.read, chat.history, chat.write]", "scopes: [chat.read, chat.erase]"),
        ("authorization_server: auschat0000000000001, scope: chat.history", "authorization_server: auschat0000000000001, scope: chat.listen"),
        ("    resource_indicator: https://calendar.example.com\n    scopes: [events.read]", "    resource_indicator: https://calendar.example.com\n    scopes: [event.read]"),
    ]).unwrap_err();
    lifetimes_out_of_bounds: with(&[
        ("access_token_lifetime: 60m ", "access_token_lifetime: 4m "),
        ("access_token_lifetime: 5m }", "access_token_lifetime: 25h }"),
        ("access_token_lifetime: 1h", "access_token_lifetime: an hour"),
    ]).unwrap_err();
    ids_without_their_shape: small("
users:
  - { id: ada, login: ada@example.com, password: secret }
apps:
  - { id: 0oa-portal, name: Portal, application_type: web, redirect_uris: ['http://localhost/cb'], client_secret: s }
authorization_servers:
  - { id: chat, name: Chat, audience: 'https://chat.example.com', scopes: [] }
vault:
  secrets:
    - { id: '1', orn: 'urn:1', name: key, value: { apikey: k }, entitled_users: everyone }
third_parties:
  - { id: Issue Tracker, name: Tracker, scopes: [] }
");
    the_same_id_twice: small("
users:
  - { id: 00uada00000000000001, login: ada@example.com, password: secret }
  - { id: 00uada00000000000001, login: ADA@example.com, password: secret }
third_parties:
  - { id: tracker, name: Tracker, scopes: [read] }
  - { id: tracker, name: Tracker, scopes: [read] }
protected_resources:
  - { path: /tracker, takes: third_party_token, third_party: tracker }
  - { path: /tracker, takes: third_party_token, third_party: tracker }
");
    two_connections_to_one_resource: with(&[
        ("    authorization_server: default\n    scope_condition: ALL_SCOPES", "    authorization_server: auschat0000000000001\n    scope_condition: ALL_SCOPES"),
        ("resource_indicator: https://calendar.example.com", "resource_indicator: https://tracker.example.com"),
    ]).unwrap_err();
    clients_without_their_credentials: small("
apps:
  - { id: 0oaportal00000000001, name: Portal, application_type: web, redirect_uris: ['http://localhost/cb'] }
  - { id: 0oapublic00000000001, name: Public, application_type: browser, redirect_uris: ['http://localhost/cb'], token_endpoint_auth_methods: [none, client_secret_post], client_secret: s }
  - { id: 0oarefresh0000000001, name: Odd, application_type: servcie, token_endpoint_auth_methods: [], grant_types: [client_credentails] }
agents:
  - { id: wlpagent000000000001, name: Agent, keys: [] }
");
    keys_that_cannot_be: small("
agents:
  - id: wlpagent000000000001
    name: Agent
    redirect_uris: ['http://localhost/cb#top', /callback]
    keys:
      - { kid: a, alg: HS256 }
      - { kid: b, alg: RS256, private_key_pem: '-----BEGIN RSA PRIVATE KEY-----' }
      - { kid: b, alg: RS256, public_jwk: { kty: RSA, n: abc, e: AQAB, d: secret, use: 1 } }
");
    public_keys_that_cannot_be: small("
agents:
  - id: wlpagent000000000001
    name: Agent
    redirect_uris: ['http://localhost/cb']
    keys:
      - { kid: a, alg: RS256, public_jwk: { kty: RSA, n: 'not/base64', e: AQAB } }
      - { kid: b, alg: RS256, public_jwk: { kty: RSA, n: c2hvcnQ, e: AQAB } }
      - { kid: c, alg: RS256, public_jwk: { kty: EC, crv: P-256, x: eA, y: eQ } }
      - { kid: d, alg: ES256, public_jwk: { kty: EC, crv: P-384, x: eA, y: eQ } }
      - { kid: e, alg: ES256, public_jwk: { kty: EC, crv: P-256, x: eA, y: eQ } }
      - { kid: f, alg: ES256, public_jwk: { kty: EC, crv: P-256, x: f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU } }
      - { kid: g, alg: ES256, public_jwk: { kty: EC, crv: P-256, x: f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU, y: f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU } }
");
    private_keys_that_cannot_be: small(r"
agents:
  - id: wlpagent000000000001
    name: Agent
    redirect_uris: ['http://localhost/cb']
    keys:
      - { kid: a, alg: RS256, private_key_pem: '' }
      - { kid: b, alg: RS256, private_key_pem: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' }
      - { kid: c, alg: RS256, private_key_pem: '-----BEGIN ENCRYPTED PRIVATE KEY----- AAAA -----END ENCRYPTED PRIVATE KEY-----' }
      - { kid: d, alg: RS256, private_key_pem: '-----BEGIN PUBLIC KEY----- AAAA -----END PUBLIC KEY-----' }
      - { kid: e, alg: RS256, private_key_pem: '-----BEGIN CERTIFICATE----- AAAA -----END CERTIFICATE-----' }
      - { kid: f, alg: RS256, private_key_pem: '-----BEGIN OPENSSH PRIVATE KEY----- AAAA -----END OPENSSH PRIVATE KEY-----' }
      - { kid: g, alg: RS256, private_key_pem: '-----BEGIN PRIVATE KEY----- AAAA' }
      - { kid: h, alg: ES512, private_key_pem: '-----BEGIN PRIVATE KEY----- AAAA -----END PRIVATE KEY-----' }
");
    behaviours_that_are_none: small("
behaviours:
  actor_tokens: ignore
  policy_denied: 402
  future_skew: [5s]
  unknown_client: oauth401
");
    conditions_without_sense: with(&[
        ("    scope_condition: INCLUDE_ONLY          # ALL_SCOPES | INCLUDE_ONLY | EXCLUDE\n", ""),
        ("    scope_condition: ALL_SCOPES\n    status", "    scope_condition: EXCLUDE\n    status"),
        ("    resource_indicator: https://calendar.example.com\n", ""),
        ("    type: STS_SERVICE_ACCOUNT", "    type: STS_SERVICE_ACOUNT"),
    ]).unwrap_err();
    resources_in_the_wrong_place: with(&[
        ("path: /resources/chat,", "path: /oauth2/v1/token,"),
        ("path: /resources/payments", "path: resources/payments"),
        ("field: apikey, header: X-Api-Key", "field: api_key, header: 'X Api Key'"),
    ]).unwrap_err();
    values_of_the_wrong_type: small("
users:
  - { id: 00uada00000000000001, login: ada, password: 12345, status: suspended, profile: [Ada] }
apps: none
agents:
  - Agent
vault:
  secrets:
    - { id: 5a3c1f0e-0000-4000-8000-000000000001, orn: 'orn:x', name: n, value: {}, entitled_users: nobody }
    - { id: 5a3c1f0e-0000-4000-8000-000000000002, orn: 'orn:y', name: n, value: { pin: 1234 } }
");
    roles_that_nobody_plays: with(&[
        ("    custom_as: auschat0000000000001 ", "    custom_as: auschat000000000001 "),
        ("    web_app: 0oawebapp00000000001 ", "    webapp: 0oawebapp00000000001 "),
        ("    secret: mcnsecret00000000001\n", "    secret: 5a3c1f0e-0000-4000-8000-000000000001\n"),
    ]).unwrap_err();
    an_empty_file: Org::from_yaml("org.yaml", "", Edition::default()).unwrap_err().to_string();
}

#[test]
fn the_default_org_is_read_as_it_is_documented() {
    let org = Org::standard(Edition::E2026_10);
    assert_eq!(
        (
            org.users.len(),
            org.clients.len(),
            org.custom_servers.len(),
            org.connections.len()
        ),
        (3, 7, 5, 16)
    );
    let agent = &org.clients["wlpagentrsa000000001"];
    assert!(agent.is_agent() && agent.pkce_required);
    assert!(agent.grant_types.contains(&GrantType::AuthorizationCode));
    let policy = &org.custom_servers["auschat0000000000001"].policies[0];
    assert_eq!(policy.rules[0].users, Users::Everyone);
    assert_eq!(policy.rules[0].access_token_lifetime.as_secs(), 3600);
    let vaulted = &org.secrets["5a3c1f0e-0000-4000-8000-000000000002"];
    assert_eq!(vaulted.value["username"].reveal(), "reports");
    assert!(org.users["00uada00000000000001"].is_active());
    assert!(!org.users["00umallory0000000001"].is_active());
}

#[test]
fn in_the_older_edition_agents_sign_nobody_in() {
    let org = Org::standard(Edition::E2025_10);
    assert_eq!(org.behaviours.user_sign_in, UserSignIn::LinkedApp);
    assert_eq!(
        org.behaviours.agent_client_authentication,
        AgentClientAuthentication::PrivateKeyJwt
    );
}

#[test]
fn what_the_documentation_mentions_in_passing_works() {
    let org = with(&[
        ("behaviours: {}", "behaviours:\n  policy_denied: 403\n  actor_token: refuse"),
        ("    scope_condition: INCLUDE_ONLY ", "    scope_condition: EXCLUDE "),
        (
            "      - { kid: agent-ec-1, alg: ES256 }",
            "      - { kid: agent-ec-1, alg: ES256, public_jwk: { kty: EC, crv: P-256, x: f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU, y: x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0 } }",
        ),
    ])
    .expect("a right org");
    assert_eq!(org.behaviours.policy_denied, PolicyDenied::Status403);
    let key = &org.clients["wlpagentec0000000001"].keys[0];
    assert!(matches!(&key.origin, KeyOrigin::Public(jwk) if jwk["crv"] == "P-256"));
    let connection = &org.connections["mcnchat0000000000001"];
    assert!(matches!(
        &connection.target,
        mock_okta_core::org::ConnectionTarget::CustomServer { scopes: ScopeCondition::Exclude(scopes), .. }
            if scopes.contains("chat.read")
    ));
}

/// Every key that the reader knows is used or explained in the default org.
#[test]
fn the_documentation_leaves_no_key_out() {
    let probe = "
zzz: 1
org: { zzz: 1 }
users: [{ zzz: 1, profile: { zzz: 1 } }]
apps: [{ zzz: 1, keys: [{ zzz: 1 }] }]
agents: [{ zzz: 1 }]
authorization_servers: [{ zzz: 1, policies: [{ zzz: 1, rules: [{ zzz: 1 }] }] }]
vault: { zzz: 1, secrets: [{ zzz: 1 }], service_accounts: [{ zzz: 1 }] }
third_parties: [{ zzz: 1 }]
connections:
  - { zzz: 1, type: IDENTITY_ASSERTION_CUSTOM_AS }
  - { zzz: 1, type: STS_VAULT_SECRET }
  - { zzz: 1, type: STS_SERVICE_ACCOUNT }
  - { zzz: 1, type: STS_ACCESS_TOKEN }
protected_resources:
  - { zzz: 1, takes: access_token }
  - { zzz: 1, takes: vaulted_secret }
  - { zzz: 1, takes: service_account }
  - { zzz: 1, takes: third_party_token }
target: { zzz: 1, authorization_servers: { zzz: 1 }, clients: { zzz: 1 }, users: { zzz: 1 }, resources: { zzz: 1 } }
";
    let problems =
        OrgFile::from_yaml("probe.yaml", probe, Edition::default()).expect_err("unknown keys");
    let mut maps = 0;
    for problem in problems.sorted() {
        if !problem.message.starts_with("unknown key `zzz`") {
            continue;
        }
        maps += 1;
        let expected = problem
            .expected
            .as_deref()
            .expect("the keys that are known");
        for key in expected.trim_start_matches("one of ").split(", ") {
            assert!(
                Org::default_yaml().contains(&format!("{key}:"))
                    || Org::default_yaml().contains(&format!("`{key}`"))
                    || key_in_prose(key),
                "`{key}` ({}) is not explained in default.yaml",
                problem.message
            );
        }
    }
    assert_eq!(
        maps,
        probe.matches("zzz").count(),
        "one message for each map"
    );
}

/// Claims of a profile are listed in one sentence.
fn key_in_prose(key: &str) -> bool {
    let list = Org::default_yaml()
        .split_once("`profile` takes the claims of OpenID Connect that a person has:")
        .and_then(|(_, rest)| rest.split_once('.'))
        .map_or("", |(list, _)| list);
    list.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .any(|word| word == key)
}

#[test]
fn an_api_cannot_have_a_path_of_the_org() {
    for path in [
        "/api/v1/orders",
        "/workload-principals/api/v1/ai-agents",
        "/resource-servers/api/v1/mcp-servers",
        "/governance/api/v1",
        "/oauth2/v1/token",
    ] {
        let report = small(&format!(
            "protected_resources: [{{ path: {path}, takes: third_party_token, third_party: x }}]"
        ));
        assert!(
            report.contains("the org itself answers below"),
            "{path}: {report}"
        );
    }
    let other =
        small("protected_resources: [{ path: /api/v2, takes: third_party_token, third_party: x }]");
    assert!(!other.contains("the org itself answers below"), "{other}");
}
