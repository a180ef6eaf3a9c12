//! What software that is not ours sends and expects: browsers, single-page apps, clients that follow the challenge of an API.

use serde_json::{Value, json};

use crate::support::{
    ACCESS_TOKEN, ADA, AGENT, AUTHORIZE, Answer, Authorize, CHAT, CHAT_TOKEN, Client, EXCHANGE,
    ID_JAG, ID_TOKEN, JWT_BEARER, PUBLIC_APP, Signer, TOKEN, VERIFIER, WEB_APP, WEB_APP_SECRET,
    basic, encode,
};
use mock_okta_core::behaviour::Edition;
use mock_okta_core::org::Org;

const SPA: &str = "http://localhost:8788";

fn client() -> Client {
    Client::new(Edition::default())
}

/// A field of the last answer.
fn header(client: &Client, name: &str) -> Option<String> {
    let answers = client.answers.borrow();
    answers.last()?.headers.get(name).cloned()
}

fn preflight(client: &Client, path: &str, origin: &str, method: &str) -> Answer {
    let request = http::Request::options(path)
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header(
            "access-control-request-headers",
            "authorization,content-type",
        );
    client.send(request, "")
}

fn get_from(client: &Client, path: &str, origin: &str) -> Answer {
    client.send(http::Request::get(path).header("origin", origin), "")
}

/// The endpoints that a page uses by itself, each with a method.
const SHARED: [(&str, &str); 8] = [
    ("/.well-known/openid-configuration", "GET"),
    ("/.well-known/oauth-authorization-server", "GET"),
    ("/oauth2/v1/keys", "GET"),
    ("/oauth2/v1/token", "POST"),
    ("/oauth2/v1/userinfo", "GET"),
    ("/oauth2/v1/revoke", "POST"),
    ("/oauth2/auschat0000000000001/v1/token", "POST"),
    ("/resources/chat", "GET"),
];

#[test]
fn the_page_of_a_redirect_uri_may_read_what_a_page_elsewhere_may_not() {
    let client = client();
    for (path, method) in SHARED {
        let asked = preflight(&client, path, SPA, method);
        assert_eq!(asked.status, 204, "{path}");
        assert_eq!(
            header(&client, "access-control-allow-origin").as_deref(),
            Some(SPA),
            "{path}"
        );
        let methods = header(&client, "access-control-allow-methods").expect("methods");
        assert!(methods.contains(method), "{path}: {methods}");
        assert_eq!(
            header(&client, "access-control-allow-headers").as_deref(),
            Some("authorization,content-type")
        );
        for elsewhere in [
            "https://evil.example",
            "http://localhost:8788.evil.example",
            "null",
        ] {
            preflight(&client, path, elsewhere, method);
            assert_eq!(
                header(&client, "access-control-allow-origin"),
                None,
                "{path}"
            );
            assert_eq!(
                header(&client, "access-control-allow-methods"),
                None,
                "{path}"
            );
            assert_eq!(header(&client, "vary").as_deref(), Some("Origin"), "{path}");
        }
    }
    let metadata = get_from(&client, SHARED[0].0, SPA);
    assert_eq!(metadata.status, 200);
    assert_eq!(
        header(&client, "access-control-allow-origin").as_deref(),
        Some(SPA)
    );
    // A refusal is read as well: a client shows what it says.
    let refused = client.post_with(TOKEN, &[("grant_type", "x")], &[("origin", SPA)]);
    assert_eq!(refused.status, 401);
    assert_eq!(
        header(&client, "access-control-allow-origin").as_deref(),
        Some(SPA)
    );
}

#[test]
fn pages_of_the_org_and_test_control_are_shared_with_nobody() {
    let client = client();
    for path in [AUTHORIZE, "/signin", "/oauth2/v1/logout", "/"] {
        get_from(&client, path, SPA);
        assert_eq!(
            header(&client, "access-control-allow-origin"),
            None,
            "{path}"
        );
        assert_eq!(preflight(&client, path, SPA, "GET").status, 405, "{path}");
    }
}

#[test]
fn a_trusted_origin_is_one_of_the_org_file() {
    let yaml = Org::default_yaml().replace(
        "  # trusted_origins: [http://localhost:3000]",
        "  trusted_origins: [http://localhost:3000]",
    );
    let org = || Org::from_yaml("org.yaml", &yaml, Edition::default()).expect("an org");
    let client = Client::of("trusted", org);
    get_from(&client, "/oauth2/v1/keys", "http://localhost:3000");
    assert_eq!(
        header(&client, "access-control-allow-origin").as_deref(),
        Some("http://localhost:3000")
    );
    let wrong = yaml.replace("[http://localhost:3000]", "[http://localhost:3000/]");
    let problems = Org::from_yaml("org.yaml", &wrong, Edition::default()).expect_err("a slash");
    let said = problems.to_string();
    assert!(
        said.contains("did you mean `http://localhost:3000`?"),
        "{said}"
    );
}

#[test]
fn a_page_gets_its_code_as_a_message_to_its_own_origin() {
    let client = client();
    let asked = Authorize::new()
        .with("client_id", PUBLIC_APP)
        .with("redirect_uri", "http://localhost:8788/callback")
        .with("response_mode", "okta_post_message")
        .with("scope", "openid");
    let answer = asked.sign_in(&client, ADA);
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .text
            .contains(r#"data-origin="http://localhost:8788""#)
    );
    let policy = header(&client, "content-security-policy").expect("a policy");
    assert!(
        policy.ends_with("frame-ancestors http://localhost:8788"),
        "{policy}"
    );
    let message = answer
        .text
        .split("data-message=\"")
        .nth(1)
        .expect("a message");
    let message = message
        .split('"')
        .next()
        .expect("its end")
        .replace("&quot;", "\"");
    let message: Value = serde_json::from_str(&message).expect("JSON");
    assert_eq!(message["state"], "s-1");
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", PUBLIC_APP),
        ("code", message["code"].as_str().expect("a code")),
        ("redirect_uri", "http://localhost:8788/callback"),
        ("code_verifier", VERIFIER),
    ];
    let tokens = client.post(TOKEN, &form);
    assert_eq!(tokens.status, 200, "{}", tokens.text);

    // As okta-auth-js revokes: the client id alone, without a colon.
    let revoke = |credentials: &str| {
        let form = [(
            "token",
            tokens.body["access_token"].as_str().expect("a token"),
        )];
        let headers = [("authorization", basic(credentials))];
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        client
            .post_with("/oauth2/v1/revoke", &form, &headers)
            .refusal()
    };
    assert_eq!(revoke(PUBLIC_APP), "200 - -");
    let malformed = "401 invalid_client invalid_basic_auth_creds";
    assert_eq!(revoke(WEB_APP), malformed, "a client that has a secret");
    let elsewhere = [("authorization", basic(PUBLIC_APP))];
    let elsewhere = elsewhere
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    assert_eq!(
        client.post_with(TOKEN, &form, &elsewhere).refusal(),
        malformed
    );
}

/// What a client learns from the 401 of an API (RFC 9728 §5).
struct Challenge {
    resource: String,
    server: String,
    scope: String,
}

fn challenge(client: &Client, api: &str) -> Challenge {
    let refused = client.get(api);
    assert_eq!(refused.status, 401);
    let text = refused.challenge.expect("a challenge");
    let part = |name: &str| {
        let (_, rest) = text.split_once(&format!("{name}=\"")).expect("a part");
        rest.split('"').next().expect("its end").to_owned()
    };
    let metadata = client.get(&part("resource_metadata"));
    let servers = metadata.body["authorization_servers"]
        .as_array()
        .expect("servers");
    Challenge {
        resource: metadata.text("resource"),
        server: servers[0].as_str().expect("an issuer").to_owned(),
        scope: part("scope"),
    }
}

#[test]
fn a_client_that_follows_the_challenge_of_an_api_reaches_it() {
    for (api, repeats_scope) in [("/resources/chat", false), ("/resources/mcp", true)] {
        let client = client();
        let Challenge {
            resource,
            server,
            scope,
        } = challenge(&client, api);
        let id_token = client.sign_in().text("id_token");
        let target = [
            ("audience", server.as_str()),
            ("resource", &resource),
            ("scope", &scope),
        ];
        let id_jag = client.exchange(&id_token, ID_JAG, &target);
        assert_eq!(id_jag.status, 200, "{api}: {}", id_jag.text);
        let id_jag = id_jag.text("access_token");
        let mut form = vec![
            ("grant_type", JWT_BEARER),
            ("assertion", id_jag.as_str()),
            ("resource", &resource),
        ];
        if repeats_scope {
            form.push(("scope", &scope));
        }
        let token_endpoint = client
            .get(&format!("{server}/.well-known/oauth-authorization-server"))
            .text("token_endpoint");
        let token_endpoint = crate::support::path_of(&token_endpoint);
        let token = client.post_as(AGENT, token_endpoint, &form);
        assert_eq!(token.status, 200, "{api}: {}", token.text);
        let token = token.text("access_token");
        assert_eq!(crate::support::claims(&token)["aud"], json!(resource));
        assert_eq!(client.get_as_bearer(api, &token).status, 200, "{api}");
        // RFC 8707 §2: it is for this API, not for another one of the same server.
        let other = client.get_as_bearer("/resources/chat/history", &token);
        assert_eq!(other.status, 401, "{api}");
    }
}

#[test]
fn a_scope_sent_with_an_id_jag_is_a_matter_of_the_server() {
    let client = client();
    let form = |id_jag: &str| -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", JWT_BEARER.to_owned()),
            ("assertion", id_jag.to_owned()),
            ("scope", "chat.read".to_owned()),
        ]
    };
    let redeem = || {
        let form = form(&client.id_jag());
        let form: Vec<_> = form
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        client.post_as(AGENT, CHAT_TOKEN, &form).refusal()
    };
    assert_eq!(redeem(), "400 invalid_request id_jag_scopes_in_request");
    client.set_switch("redeem_scope", "ignore");
    assert_eq!(redeem(), "200 - -");
}

#[test]
fn a_resource_of_another_server_stays_an_invalid_target() {
    let client = client();
    let id_token = client.sign_in().text("id_token");
    for resource in [
        "https://mock.example/resources/mcp",
        "https://mock.example/resources/chat/",
        "https://mock.example/resources/payments",
    ] {
        let target = [
            ("audience", CHAT),
            ("scope", "chat.read"),
            ("resource", resource),
        ];
        let refused = client.exchange(&id_token, ID_JAG, &target).refusal();
        assert_eq!(
            refused, "400 invalid_target token_exchange_invalid_resource",
            "{resource}"
        );
    }
}

#[test]
fn an_org_access_token_says_that_only_okta_reads_it() {
    let client = client();
    let tokens = client.sign_in();
    let of_org = tokens.text("access_token");
    assert_eq!(
        jose_header(&of_org)["typ"],
        "application/okta-internal-at+jwt"
    );
    assert_eq!(
        client.get_as_bearer("/oauth2/v1/userinfo", &of_org).status,
        200
    );
    assert!(jose_header(&client.chat_token()).get("typ").is_none());
    let form = [
        ("grant_type", EXCHANGE),
        ("subject_token", of_org.as_str()),
        ("subject_token_type", ACCESS_TOKEN),
        ("requested_token_type", ID_JAG),
        ("audience", CHAT),
        ("scope", "chat.read"),
    ];
    assert_eq!(client.post_as(AGENT, TOKEN, &form).status, 400);
    let as_id_token = client.exchange(
        &of_org,
        ID_JAG,
        &[("audience", CHAT), ("scope", "chat.read")],
    );
    assert_eq!(as_id_token.status, 400, "{ID_TOKEN}");
}

fn jose_header(token: &str) -> Value {
    use base64::Engine as _;
    let header = token.split('.').next().expect("a JWT");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header);
    serde_json::from_slice(&bytes.expect("base64url")).expect("JSON")
}

#[test]
fn credentials_that_are_not_form_encoded_are_found_out() {
    let client = client();
    let ask = |credentials: &str| {
        let headers = [("authorization", basic(credentials))];
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        client.post_with(TOKEN, &[], &headers).refusal()
    };
    let raw = format!("{WEB_APP}:{WEB_APP_SECRET}");
    assert_eq!(ask(&raw), "401 invalid_client invalid_client_secret");
    let encoded = encode(&[(WEB_APP, WEB_APP_SECRET)]).replace('=', ":");
    assert_eq!(
        ask(&encoded),
        "400 invalid_request token_request_missing_grant_type"
    );
}

#[test]
fn head_is_answered_wherever_get_is_with_the_same_fields_and_no_content() {
    let client = client();
    for path in [
        "/",
        "/.well-known/openid-configuration",
        "/oauth2/v1/keys",
        "/oauth2/v1/userinfo",
        AUTHORIZE,
        "/oauth2/v1/logout",
        "/resources/chat",
        "/.well-known/oauth-protected-resource/resources/chat",
        "/signin",
        "/nowhere",
    ] {
        let head = client.send(http::Request::head(path), "");
        let of_head = header(&client, "content-type");
        let length = header(&client, "content-length");
        let get = client.get(path);
        assert_eq!(
            (head.status, head.text.as_str()),
            (get.status, ""),
            "{path}"
        );
        assert_eq!(of_head, header(&client, "content-type"), "{path}");
        // An error has an id of its own, and all ids are of one length.
        assert_eq!(length, Some(get.text.len().to_string()), "{path}");
    }
    assert_eq!(client.send(http::Request::head(TOKEN), "").status, 405);
    let methods = client.core.with_state(|state| {
        let mut entries = state.journal.entries();
        entries.next_back().map(|entry| entry.method.clone())
    });
    assert_eq!(methods.as_deref(), Some("HEAD"));
}

#[test]
fn a_public_jwk_keeps_what_other_software_writes_and_reports_what_contradicts() {
    let org = |jwk: &str| {
        let yaml = format!(
            "org: {{ id: 00oclients0000000001, name: Clients }}\nagents:\n  - id: wlpwebcrypto00000001\n    name: Browser\n    \
             redirect_uris: [http://localhost:8787/callback]\n    keys:\n      - {{ kid: k1, alg: ES256, public_jwk: {{ {jwk} }} }}\n"
        );
        Org::from_yaml("org.yaml", &yaml, Edition::default())
            .map_err(|problems| problems.to_string())
    };
    let point = "kty: EC, crv: P-256, x: f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU, \
                 y: x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    for more in [
        "",
        ", ext: true, key_ops: [verify]",
        ", x5c: [MIIB], x5t: abc, kid: k1, alg: ES256, use: sig",
    ] {
        org(&format!("{point}{more}")).expect(more);
    }
    for (more, expected) in [
        (", kid: other", "`kid` of the JWK contradicts `kid: k1`"),
        (", alg: ES384", "`alg` of the JWK contradicts `alg: ES256`"),
        (", use: enc", "`use` of the JWK contradicts `use: sig`"),
        (
            ", key_ops: [sign]",
            "`key_ops` of the JWK does not allow to verify",
        ),
        (
            ", key_ops: verify",
            "`key_ops` of the JWK does not allow to verify",
        ),
        (", kid: 7", "expected"),
    ] {
        let said = org(&format!("{point}{more}")).expect_err(more);
        assert!(said.contains(expected), "{more}: {said}");
    }
}

#[test]
fn algorithms_that_okta_does_not_take_are_refused_from_end_to_end() {
    let org = |key: &str| {
        let yaml = format!(
            "org: {{ id: 00oclients0000000001, name: Clients }}\nagents:\n  - id: wlpalgorithm00000001\n    name: Agent\n    \
             redirect_uris: [http://localhost:8787/callback]\n    keys:\n      - {{ kid: k1, {key} }}\n"
        );
        Org::from_yaml("org.yaml", &yaml, Edition::default())
            .map_err(|problems| problems.to_string())
    };
    for alg in ["PS256", "PS512", "EdDSA"] {
        let said = org(&format!("alg: {alg}")).expect_err(alg);
        assert!(
            said.contains(&format!("Okta takes no keys for {alg}")),
            "{said}"
        );
    }
    org("alg: ES512").expect("an algorithm of Okta's");
    let okp = "alg: ES256, public_jwk: { kty: OKP, crv: Ed25519, x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo }";
    assert!(
        org(okp)
            .expect_err("another kind of key")
            .contains("`kty` of the JWK must be EC")
    );

    // What a client signs so all the same.
    let client = client();
    for alg in ["PS256", "EdDSA"] {
        let assertion = client.assertion(AGENT, TOKEN).header("alg", alg);
        let Signer::Private(_, key) = assertion.signer.clone() else {
            unreachable!("a client's own key")
        };
        let signer = Signer::Private("PS256".to_owned(), key);
        let refused = client.post_proving(&assertion.signed_by(signer), TOKEN, &[]);
        assert_eq!(
            refused.refusal(),
            "401 invalid_client client_assertion_invalid_signature_algorithm",
            "{alg}"
        );
    }
}
