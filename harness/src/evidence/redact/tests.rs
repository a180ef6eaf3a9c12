use std::time::Duration;

use serde_json::json;

use super::*;
use crate::exchange::{Exchange, Party, Payload, RequestSpec, Response};
use crate::secret::Secret;

const JWT: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJzdWIiOiIwMHUxIiwiZWNobyI6Imh1bnRlcjItc2VjcmV0In0.c2lnbmF0dXJl";
const SECRET: &str = "hunter2-secret";

fn redactor() -> Redactor {
    let mut redactor = Redactor::new(
        Salt::new(*b"salt"),
        Public::default(),
        "http://127.0.0.1:7070",
    );
    redactor.know_all([Secret::new(SECRET)]);
    redactor
}

fn mark(kind: &str, value: &str) -> String {
    format!("<{kind} {}>", Salt::new(*b"salt").fingerprint(value))
}

#[test]
fn text_loses_jwts_known_secrets_and_named_secrets() {
    let redactor = redactor();
    let shown = redactor.text(&format!(
        "token {JWT} was made with {SECRET} for code=abc123&x=1"
    ));
    let expected = format!(
        "token {} was made with {} for code={}&x=1",
        mark("jwt", JWT),
        mark("secret", SECRET),
        mark("secret", "abc123")
    );
    assert_eq!(shown, expected);
    let shown = redactor.text("authorization: Basic dXNlcjpwYXNzd29yZA== and Basic authentication");
    let pair = mark("secret", "dXNlcjpwYXNzd29yZA==");
    assert_eq!(
        shown,
        format!("authorization: Basic {pair} and Basic authentication")
    );
    let page = redactor.text(r#"<form action="/signin?stateToken=s3cr3t"> {"password": "pw"}"#);
    assert!(
        !page.contains("s3cr3t") && !page.contains("\"pw\""),
        "{page}"
    );
    assert_eq!(
        redactor.text("error_code=x and errorCode: y"),
        "error_code=x and errorCode: y"
    );
}

#[test]
fn fields_are_judged_by_name_then_by_shape_then_by_value() {
    let mut redactor = redactor();
    let value = |redactor: &Redactor, name, value| redactor.field(name, value).value;
    let opaque = value(&redactor, "subject_token", "opaque");
    let fingerprint = Salt::new(*b"salt").fingerprint("opaque");
    assert_eq!(
        opaque,
        RecordedValue::Secret {
            fingerprint: fingerprint.clone()
        }
    );
    assert_eq!(value(&redactor, "authorization", "Bearer opaque"), opaque);
    let RecordedValue::Jwt { header, claims, .. } = value(&redactor, "anything", JWT) else {
        panic!("a JWT is one whatever it is called");
    };
    assert_eq!(header["kid"], json!("k"));
    assert_eq!(
        (&claims["sub"], &claims["echo"]),
        (&json!("00u1"), &json!(mark("secret", SECRET)))
    );
    let plain = RecordedValue::Plain {
        text: "saved-later".into(),
    };
    assert_eq!(value(&redactor, "echo", "saved-later"), plain);
    redactor.know("saved-later");
    let text = mark("secret", "saved-later");
    assert_eq!(
        value(&redactor, "echo", "saved-later"),
        RecordedValue::Plain { text: text.into() }
    );
}

#[test]
fn addresses_lose_secret_parameters_and_interaction_uris_all() {
    let redactor = redactor();
    assert_eq!(
        redactor.address(
            "http://localhost:8787/callback?code=a%20b&state=s#id_token=x",
            false
        ),
        format!(
            "http://localhost:8787/callback?code={}&state=s#id_token={}",
            mark("secret", "a b"),
            mark("secret", "x")
        )
    );
    let shown = redactor.json(
        "",
        &json!({"interaction_uri": "https://o/x?handle=h&y=z"}),
        &mut vec![],
    );
    let expected = format!(
        "https://o/x?handle={}&y={}",
        mark("secret", "h"),
        mark("secret", "z")
    );
    assert_eq!(shown["interaction_uri"], json!(expected));
}

#[test]
fn secrets_that_hold_separators_are_taken_out_of_addresses_whole() {
    let mut redactor = redactor();
    let secret = r#"pass<&"'#%/>word"#;
    redactor.know(secret);
    let shown = redactor.address(
        &format!("http://x/a?code={secret}&q=b {secret}#{secret}"),
        false,
    );
    let mark = mark("secret", secret);
    assert_eq!(shown, format!("http://x/a?code={mark}&q=b {mark}#{mark}"));
}

#[test]
fn text_that_is_json_is_redacted_member_by_member() {
    let secret = r#"pass<&"' %/>word"#;
    let body = json!({"vaulted_secret": {"apikey": secret}, "list": ["x", {"password": secret}]});
    let mark = mark("secret", secret);
    let expected = json!({"vaulted_secret": {"apikey": mark}, "list": ["x", {"password": mark}]});
    assert_eq!(redactor().text(&body.to_string()), expected.to_string());
    // Also where it is shown as a value of its own, as a check of the text does.
    let shown = redactor().json("text", &body.to_string().into(), &mut vec![]);
    assert_eq!(*shown, json!(expected.to_string()));
}

#[test]
fn json_keeps_what_is_no_secret_and_lists_its_tokens() {
    let mut tokens = Vec::new();
    let body = json!({
        "access_token": JWT, "token_type": "N_A", "expires_in": 300,
        "vaulted_secret": {"apikey": "k", "port": 5432}, "service_account": {"username": "svc", "password": "p"},
        "list": [{"note": SECRET}],
    });
    let shown = redactor().json("", &body, &mut tokens);
    assert_eq!(
        *shown,
        json!({
            "access_token": mark("jwt", JWT), "token_type": "N_A", "expires_in": 300,
            "vaulted_secret": {"apikey": mark("secret", "k"), "port": mark("secret", "5432")},
            "service_account": {"username": "svc", "password": mark("secret", "p")},
            "list": [{"note": mark("secret", SECRET)}],
        })
    );
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0].name, "access_token");
}

#[test]
fn nothing_of_a_whole_exchange_gives_a_secret_away() {
    let mut request = RequestSpec::new(
        Party::Org,
        "POST",
        "http://127.0.0.1:7070/token?token=tok-en-1",
    );
    request = request
        .header("authorization", "Basic aHVudGVyMi1zZWNyZXQ6eA==")
        .header("cookie", "sid=c00kie");
    request.payload = Payload::Form(vec![
        ("client_assertion".into(), JWT.into()),
        ("scope".into(), format!("a {SECRET}")),
        ("code_verifier".into(), "verifier-1".into()),
    ]);
    let headers = [
        ("set-cookie", "sid=c00kie; HttpOnly"),
        ("location", "http://x/cb?code=c0de-1&iss=i"),
    ];
    let headers = headers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    let body = format!("<p>{SECRET} {JWT} aHVudGVyMi1zZWNyZXQ= hunter2%2Dsecret</p>");
    let exchange = Exchange {
        request,
        response: Response::new(200, headers, body.as_bytes()),
        elapsed: Duration::from_micros(1500),
    };
    let part = crate::evidence::Part {
        step: "exchange",
        from: crate::evidence::Participant::Agent,
        to: crate::evidence::Participant::OrgServer,
        judged: true,
    };
    let recorded = serde_json::to_string(&redactor().step(&part, &exchange)).unwrap();
    for secret in [
        SECRET,
        "tok-en-1",
        "c00kie",
        "verifier-1",
        "c0de-1",
        "aHVudGVyMi1zZWNyZXQ",
        "hunter2%2Dsecret",
        "c2lnbmF0dXJl",
        "eyJhbGciOi",
    ] {
        assert!(!recorded.contains(secret), "{secret} is in {recorded}");
    }
    assert!(recorded.contains("\"milliseconds\":1.5"), "{recorded}");
    assert!(recorded.contains("http://x/cb?code=<secret"), "{recorded}");
}
