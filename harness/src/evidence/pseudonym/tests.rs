use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::*;
use crate::evidence::Public;
use crate::secret::{Salt, Secret};

fn pseudonyms(key: &[u8]) -> Pseudonyms {
    let public = Public::new(vec!["code: not-a-code".into()]);
    let mut redactor = Redactor::new(Salt::new(*b"s"), public, "https://o.example");
    redactor.know_all([Secret::new("hunter2-and-more")]);
    Pseudonyms::new(key, redactor)
}

fn token(signature: &str, claims: Value) -> String {
    let Value::Object(claims) = claims else {
        panic!("no claims");
    };
    let header = json!({"alg": "RS256", "kid": "k"});
    let mut jwt = Jwt::new(header.as_object().unwrap().clone(), claims);
    jwt.signature = signature.to_owned();
    jwt.encode()
}

#[test]
fn equal_secrets_stay_equal_and_nobody_can_make_them() {
    let mut one = pseudonyms(b"a");
    let in_form = one.field("password", "hunter2-and-more");
    let in_text = one.text("you said hunter2-and-more!");
    assert_eq!(*in_text, format!("you said {in_form}!"));
    let basic = one.header(
        "authorization",
        &format!("Basic {}", STANDARD.encode("me:hunter2-and-more")),
    );
    assert_eq!(*basic, format!("Basic <basic me:{in_form}>"));
    assert_eq!(in_form.len(), "hunter2-and-more".len());
    assert_ne!(
        in_form,
        pseudonyms(b"b").field("password", "hunter2-and-more")
    );
}

#[test]
fn what_scenarios_write_out_stays() {
    let mut made = pseudonyms(b"a");
    assert_eq!(made.field("code", "not-a-code"), "not-a-code");
    assert_ne!(
        made.field("code", "another-code-of-27-letters"),
        "another-code-of-27-letters"
    );
    assert_eq!(made.field("code", ""), "");
}

#[test]
fn a_token_is_kept_once_with_its_claims() {
    let mut made = pseudonyms(b"a");
    let access = token("c2ln", json!({"sub": "00u1"}));
    let hash = half_hash("RS256", &access).unwrap();
    let id = token(
        "c2ln",
        json!({"at_hash": hash, "password": "hunter2-and-more"}),
    );
    let body = made.body(&json!({"access_token": access, "id_token": id}));
    let location = made.address(&format!("https://a.example/cb?id_token_hint={id}&x=1"));
    let mark = body["id_token"].as_str().unwrap();
    assert!(mark.starts_with("<jwt "), "{mark}");
    assert_eq!(
        *location,
        format!("https://a.example/cb?id_token_hint={mark}&x=1")
    );
    assert_eq!(made.tokens().count(), 2);
    let kept = made
        .tokens()
        .find(|kept| mark.contains(&kept.fingerprint))
        .unwrap();
    assert_eq!(kept.at_hash_of.as_deref(), body["access_token"].as_str());
    assert_eq!(kept.claims.get("at_hash"), None);
    assert!(kept.claims["password"].as_str().unwrap() != "hunter2-and-more");
    assert_eq!(kept.signature.len(), SIGNATURE);
}

#[test]
fn a_session_keeps_the_attributes_of_its_cookie() {
    let mut made = pseudonyms(b"a");
    let set = made.header("set-cookie", "sid=0123456789abcdef0123; Path=/; HttpOnly");
    let cookie = made.header("cookie", "sid=0123456789abcdef0123");
    assert_eq!(*set, format!("{}; Path=/; HttpOnly", cookie.as_str()));
    assert!(!set.contains("0123456789abcdef"));
    let over = "sid=; Max-Age=0";
    assert_eq!(made.header("set-cookie", over), over);
}

#[test]
fn a_cookie_without_a_name_and_attributes_hide_their_secrets_too() {
    let mut made = pseudonyms(b"key");
    let shown = made.header(
        "set-cookie",
        "bare-session-of-somebody; Path=/hunter2-and-more; Secure",
    );
    assert!(
        !shown.contains("bare-session") && !shown.contains("hunter2"),
        "{shown}"
    );
    assert!(
        shown.contains("; Path=/") && shown.ends_with("; Secure"),
        "{shown}"
    );
    let shown = made.header("cookie", "a=b-of-somebody;c");
    assert!(
        !shown.contains("b-of-somebody") && shown.starts_with("a="),
        "{shown}"
    );
}
