use crate::scenario::model::{Authentication, Capability, ClientRole, Edition, ServerRole};
use crate::secret::Secret;
use crate::targets::sample;
use crate::targets::{RegisteredAuth, SignInWay};

const ORIGIN: &str = "http://127.0.0.1:7070";

#[test]
fn a_whole_file_is_read() {
    let deployment = sample::deployment(ORIGIN);
    let org = deployment.org().unwrap();
    assert_eq!(
        org.endpoint("token_endpoint"),
        format!("{ORIGIN}/oauth2/v1/token")
    );
    let custom = &deployment.servers[&ServerRole::CustomAs];
    assert_eq!(
        custom.endpoint("jwks_uri"),
        format!("{ORIGIN}/oauth2/aus1/v1/keys")
    );
    let agent = &deployment.clients[&ClientRole::Agent];
    assert!(matches!(&agent.auth, RegisteredAuth::PrivateKeyJwt(key) if key.alg == "ES256"));
    assert!(matches!(deployment.sign_in, Some(SignInWay::Page)));
    let names = deployment.names(Edition::E2026_10);
    assert_eq!(names["user_client.client_id"], "wlpagent");
    assert_eq!(
        deployment.names(Edition::E2025_10)["user_client.client_id"],
        "0oaweb"
    );
    assert_eq!(names["secret.field"], "apikey");
}

#[test]
fn debug_shows_no_secret_of_a_deployment() {
    let deployment = sample::deployment(ORIGIN);
    let shown = format!("{deployment:?}");
    for secret in deployment.secrets() {
        assert!(!shown.contains(secret.expose()), "{shown}");
    }
    assert!(deployment.secrets().len() >= 7);
}

#[test]
fn what_is_lacking_says_which_key_to_add() {
    let deployment = sample::deployment(ORIGIN);
    let lack = |name: &str, edition| deployment.lacks(&Capability::Knows(name.into()), edition);
    assert_eq!(lack("secret.resource", Edition::E2026_10), None);
    assert_eq!(lack("web_app", Edition::E2026_10), None);
    let missing = lack("other_secret.resource", Edition::E2026_10).unwrap();
    assert_eq!(
        missing.reason,
        "the target does not describe `other_secret.resource`"
    );
    assert_eq!(
        missing.cure,
        "add `resources.other_secret.resource` to the target file"
    );
    let missing = lack("inactive_agent.client_id", Edition::E2026_10).unwrap();
    assert!(missing.cure.contains("`clients.inactive_agent.client_id`"));
    let mut without_web_app = sample::deployment(ORIGIN);
    without_web_app.clients.remove(&ClientRole::WebApp);
    let user_client = Capability::Knows("user_client.client_id".into());
    let missing = without_web_app
        .lacks(&user_client, Edition::E2025_10)
        .unwrap();
    assert!(
        missing.cure.contains("`clients.web_app.client_id`"),
        "{missing:?}"
    );
}

#[test]
fn the_least_that_a_file_may_say() {
    let text = "target: okta\nauthorization_servers: {org: {issuer: https://example.okta.com}}\n\
                clients: {agent: {client_id: wlp1, auth: client_secret_post, client_secret: {env: IS_SET}}}\n";
    let deployment = sample::parse(text).unwrap();
    assert_eq!(deployment.name, "okta");
    assert!(
        deployment
            .lacks(&Capability::Control, Edition::E2026_10)
            .is_some()
    );
    assert!(
        deployment
            .lacks(&Capability::UserSignIn, Edition::E2026_10)
            .is_some()
    );
    assert_eq!(deployment.secrets()[0].expose(), "from the environment");
}

#[test]
fn a_file_says_where_a_secret_works_and_what_a_sign_in_gave() {
    let read = |auth: &str, sign_in: &str| {
        let text = format!(
            "target: mock\nsign_in: {sign_in}\nauthorization_servers: {{org: {{issuer: https://a.example}}}}\n\
             clients: {{agent: {{client_id: wlp1, auth: {auth}, client_secret: {{value: s}}}}}}\n"
        );
        sample::parse(&text).map_err(|problems| problems.to_string())
    };
    let given = "{with: given, id_token: {value: i}, access_token: {value: a}}";
    let deployment = read("[client_secret_post, client_secret_basic]", given).unwrap();
    let agent = &deployment.clients[&ClientRole::Agent];
    assert!(agent.secret_anywhere && matches!(agent.auth, RegisteredAuth::ClientSecretPost(_)));
    let secrets = deployment.secrets();
    let secrets: Vec<_> = secrets.iter().map(Secret::expose).collect();
    assert_eq!(secrets, ["i", "a", "s"]);
    let lacks = |way| {
        let need = Capability::Authenticates(ClientRole::Agent, way);
        read("client_secret_post", given)
            .unwrap()
            .lacks(&need, Edition::E2026_10)
    };
    assert_eq!(lacks(Authentication::SecretInBody), None);
    let lack = lacks(Authentication::SecretInHeader).unwrap();
    assert!(
        lack.cure
            .contains("[client_secret_basic, client_secret_post]")
    );

    let problem = read("[client_secret_post, private_key_jwt]", given).unwrap_err();
    assert!(problem.contains("do not go together"), "{problem}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "from a file\n").unwrap();
    let refresh = format!(
        "{{with: refresh, refresh_token: {{file: \"{}\"}}}}",
        file.display()
    );
    let deployment = read("client_secret_post", &refresh).unwrap();
    let Some(SignInWay::Refresh(given)) = deployment.sign_in else {
        panic!("by refresh token");
    };
    assert_eq!(given.token.expose(), "from a file");
    assert_eq!(given.file, Some(file));
}

#[test]
fn a_client_that_contradicts_its_role_is_refused() {
    let file = |role: &str, auth: &str| {
        let text = format!(
            "target: mock\nauthorization_servers: {{org: {{issuer: https://a.example}}}}\n\
             clients:\n  agent: {{client_id: wlp1, auth: none}}\n  {role}: {{client_id: 0oa1, auth: {auth}, client_secret: {{value: s}}}}\n"
        );
        sample::parse(&text).map_err(|problems| problems.to_string())
    };
    for (role, auth, fits) in [
        ("public_app", "none", true),
        ("public_app", "client_secret_post", false),
        ("web_app", "client_secret_post", true),
        ("web_app", "none", false),
        ("service_app", "none", false),
    ] {
        let read = file(role, auth);
        assert_eq!(read.is_ok(), fits, "{role} {auth}");
        if let Err(problem) = read {
            let expected = format!("this client cannot be `{role}`");
            assert!(problem.contains(&expected), "{problem}");
        }
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = r#"target: okta
shows_internal_code: true
control: { url: "http://127.0.0.1/_mock" }
sign_in: { with: given, id_token: { env: NOT_SET } }
authorization_servers:
  org: { issuer: https://example.okta.com?x , tokn_endpoint: https://x.example }
  custom: { issuer: https://example.okta.com/oauth2/default }
clients:
  agent:
    client_id: wlp1
    auth: private_key_jwt
    key: { kid: k, private_key_pem: { value: "-----BEGIN" } }
  other_agent: { client_id: wlp2, auth: private_key_jwt, key: { kid: k } }
  inactive_agent: { client_id: wlp3, auth: private_key_jwt, key: { private_key_pem: { file: none.pem } } }
  web_app: { client_id: 0oa1, auth: client_secret_basic, client_secret: hunter2 }
users:
  ada: { login: ada@example.com, password: { valu: x } }
"#;
    insta::assert_snapshot!(sample::parse(text).unwrap_err());
}

#[test]
fn only_issuers_that_are_not_oktas_end_with_a_slash() {
    let file = |profiles: &str| {
        format!(
            "target: okta\nprofiles: [{profiles}]\nauthorization_servers:\n  org: {{ issuer: https://id.example.com/ }}\nclients: {{}}\n"
        )
    };
    let output =
        |profiles: &str| sample::parse(&file(profiles)).map_err(|output| output.to_string());
    let mistake = "an Okta issuer has no slash at its end";
    assert!(output("base, okta").is_err_and(|output| output.contains(mistake)));
    assert!(!output("base").is_err_and(|output| output.contains(mistake)));
}

#[test]
fn a_file_that_is_nothing() {
    insta::assert_snapshot!(sample::parse("").unwrap_err());
}
