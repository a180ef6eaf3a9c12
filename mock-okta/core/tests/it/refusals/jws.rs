//! What no JWT may be, wherever it is sent: as a client assertion, a subject token, an ID-JAG, a bearer token or a hint.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use mock_okta_core::Document;
use mock_okta_core::keys::ServerName;
use mock_okta_core::org::CustomServerId;
use serde_json::{Value, json};

use super::{Answer, Case, case};
use crate::support::{AGENT, CHAT, Client, ID_JAG, Jws, KEYS_AT, Signer, TOKEN};

/// A client assertion of the agent, made a text by the test.
fn shown(client: &Client, text: fn(&Jws) -> String) -> Answer {
    client.post_showing(&text(&client.assertion(AGENT, TOKEN)), TOKEN, &[])
}

/// The same with a changed header.
fn with_header(client: &Client, name: &str, value: impl Into<Value>) -> Answer {
    let assertion = client.assertion(AGENT, TOKEN).header(name, value);
    client.post_proving(&assertion, TOKEN, &[])
}

/// A token of a server with a critical header, signed by that server.
fn critical(client: &Client, token: &str, server: &ServerName) -> String {
    let token = client.reopened(token, server);
    token
        .header("crit", json!(["urn:x"]))
        .header("urn:x", 1)
        .compact()
}

fn chat() -> ServerName {
    ServerName::Custom(CustomServerId::new("auschat0000000000001"))
}

/// The modulus of an RSA key of 1024 bits; nobody has its private half any more.
const SMALL_MODULUS: &str = "\
     890q2OnmKCD3hlZ3TB4ffaxFyCTYnymUEA_4i_G5ACdA7-cbbm0fO3k1uF-j_aapT0kdFZfgF5Z4iJSWqkpQb_X7hz\
     jRpc896hwjOJDWl-5DkB0NST5aD0j0j0HnZd6iakhz0XlLmKMaLMaZRuijD9TSwnup8YHUgkHgN-2V-8E";

/// What that key has signed: an assertion of the client that publishes its keys, at the time when a test begins.
const BY_SMALL_KEY: &str = "\
     eyJhbGciOiJSUzI1NiIsImtpZCI6InNtYWxsIn0.eyJpc3MiOiJ3bHBwdWJsaXNoZXIwMDAwMDAwMSIsInN1YiI6In\
     dscHB1Ymxpc2hlcjAwMDAwMDAxIiwiYXVkIjoiaHR0cHM6Ly9tb2NrLmV4YW1wbGUvb2F1dGgyL3YxL3Rva2VuIiwi\
     aWF0IjoxODAwMDAwMDAwLCJleHAiOjE4MDAwMDAwNjAsImp0aSI6InNtYWxsIn0.N3UOznXlGcKtXdEItCWaYPkRtI\
     0GjsSgTHRFHN_5gSw9Yabigs1TY0H5XR7NvgDqU3jT8fTNssjuOzoHXZVi_qVUy_EShFsJqfwv4DqurUsggSoWv5la\
     3pGTQQRmaS_jQqbmuyNe-pOKY2gh0CUugfETlfOzM0sSlG8hhkeczYI";

/// An assertion under an RSA key of 1024 bits that the client publishes.
fn small_key(client: &Client) -> Answer {
    let jwk = json!({
        "kty": "RSA", "kid": "small", "alg": "RS256", "n": SMALL_MODULUS, "e": "AQAB",
    });
    let document = json!({ "keys": [jwk] }).to_string().into_bytes();
    let now = client.instant();
    client.core.learn(KEYS_AT, Document::Found(document), now);
    client.post_showing(BY_SMALL_KEY, TOKEN, &[])
}

pub(super) const CASES: &[Case] = &[
    case(
        "a client assertion with a critical extension",
        |client| {
            let assertion = client.assertion(AGENT, TOKEN).header("urn:x", 1);
            let assertion = assertion.header("crit", json!(["urn:x"]));
            client.post_proving(&assertion, TOKEN, &[])
        },
        "401 invalid_client jws_critical_header",
    ),
    case(
        "a client assertion with an empty list of critical extensions",
        |client| with_header(client, "crit", json!([])),
        "401 invalid_client jws_critical_header",
    ),
    case(
        "a subject token with a critical extension",
        |client| {
            let id_token = client.sign_in().text("id_token");
            let id_token = critical(client, &id_token, &ServerName::Org);
            let target = [("audience", CHAT), ("scope", "chat.read")];
            client.exchange(&id_token, ID_JAG, &target)
        },
        "400 invalid_request jws_critical_header",
    ),
    case(
        "an ID-JAG with a critical extension",
        |client| client.redeem(&critical(client, &client.id_jag(), &ServerName::Org)),
        "400 invalid_grant jws_critical_header",
    ),
    case(
        "an access token with a critical extension",
        |client| {
            let token = critical(client, &client.chat_token(), &chat());
            client.get_as_bearer("/resources/chat", &token)
        },
        "401 invalid_token jws_critical_header",
    ),
    case(
        "a hint with a critical extension",
        |client| {
            let id_token = client.sign_in().text("id_token");
            let hint = critical(client, &id_token, &ServerName::Org);
            client.get(&format!("/oauth2/v1/logout?id_token_hint={hint}"))
        },
        "401 - jws_critical_header",
    ),
    case(
        "an alg that is a number",
        |client| with_header(client, "alg", 256),
        "401 invalid_client jws_header_type",
    ),
    case(
        "a kid that is a number",
        |client| with_header(client, "kid", 1),
        "401 invalid_client jws_header_type",
    ),
    case(
        "a typ that is an object",
        |client| with_header(client, "typ", json!({})),
        "401 invalid_client jws_header_type",
    ),
    case(
        "five parts",
        |client| shown(client, |jws| format!("{}.AA.AA", jws.compact())),
        "401 invalid_client jws_parts",
    ),
    case(
        "padding after the signature",
        |client| shown(client, |jws| format!("{}==", jws.compact())),
        "401 invalid_client jws_base64url",
    ),
    case(
        "a line break in the payload, signed with it",
        |client| {
            shown(client, |jws| {
                let (header, claims) = (jws.header.to_string(), jws.claims.to_string());
                let mut payload = B64.encode(claims);
                payload.insert(8, '\n');
                jws.sealed(&format!("{}.{payload}", B64.encode(header)))
            })
        },
        "401 invalid_client jws_base64url",
    ),
    case(
        "a byte in the claims that is not UTF-8",
        |client| {
            shown(client, |jws| {
                let mut claims = jws.claims.to_string().into_bytes();
                claims.pop();
                claims.extend(b",\"x\":\"\xff\"}");
                jws.with_text(&jws.header.to_string(), claims)
            })
        },
        "401 invalid_client jwt_not_utf8",
    ),
    case(
        "a JWT in a JWT",
        |client| {
            shown(client, |jws| {
                let inner = jws.clone().header("alg", "none").signed_by(Signer::Nobody);
                let outer = jws.clone().header("cty", "JWT");
                outer.with_text(&outer.header.to_string(), inner.compact())
            })
        },
        "401 invalid_client jwt_nested",
    ),
    case(
        "an exp in quotation marks",
        |client| {
            let exp = (client.now.get() + 60).to_string();
            let assertion = client.assertion(AGENT, TOKEN).claim("exp", exp);
            client.post_proving(&assertion, TOKEN, &[])
        },
        "401 invalid_client jwt_date_type",
    ),
    case(
        "a signature by a key of 1024 bits",
        small_key,
        "401 invalid_client jws_key_size",
    ),
];

/// What an RFC leaves free is no reason to refuse.
#[test]
fn what_the_rfcs_leave_free_is_accepted() {
    let client = Client::of("rich", crate::support::rich_org);
    let form = [("grant_type", "nonsense")];
    let fine = "400 unsupported_grant_type unsupported_grant_type";
    let jwk = json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" });
    for (name, value) in [
        ("urn:x", json!(1)),
        ("zip", json!("DEF")),
        ("b64", json!(true)),
        ("typ", json!("JWT")),
        ("jku", json!("https://stranger.example/keys")),
        ("x5u", json!("https://stranger.example/certificate")),
        ("x5c", json!(["AAAA"])),
        ("jwk", jwk),
    ] {
        let assertion = client.assertion(AGENT, TOKEN).header(name, value);
        let answer = client.post_proving(&assertion, TOKEN, &form);
        assert_eq!(answer.refusal(), fine, "{name}");
    }
    let half = 0.5 + f64::from(i32::try_from(client.now.get() + 60).expect("a date"));
    let assertion = client.assertion(AGENT, TOKEN).claim("exp", half);
    assert_eq!(
        client.post_proving(&assertion, TOKEN, &form).refusal(),
        fine
    );
    let last = client.assertion(AGENT, TOKEN);
    let header = last
        .header
        .to_string()
        .replacen('{', r#"{"kid":"first","#, 1);
    let last = last.with_text(&header, last.claims.to_string());
    assert_eq!(client.post_showing(&last, TOKEN, &form).refusal(), fine);
}

/// Introspection and revocation do not refuse a token: it is none, unless the refusal is muted.
#[test]
fn a_token_with_a_critical_extension_is_not_active_and_is_not_revoked() {
    let client = Client::of("rich", crate::support::rich_org);
    let path = |endpoint: &str| format!("/oauth2/auschat0000000000001/v1/{endpoint}");
    let token = client.chat_token();
    let bent = critical(&client, &token, &chat());
    let active = |token: &str| {
        let answer = client.post_as(AGENT, &path("introspect"), &[("token", token)]);
        answer.body["active"].as_bool()
    };
    assert_eq!(active(&bent), Some(false));
    client.post_as(AGENT, &path("revoke"), &[("token", &bent)]);
    assert_eq!(active(&token), Some(true));
    let muted = mock_okta_core::Defect::parse("mute/jws_critical_header").expect("a defect");
    client.core.set_defects([muted].into_iter().collect());
    assert_eq!(active(&bent), Some(true));
}
