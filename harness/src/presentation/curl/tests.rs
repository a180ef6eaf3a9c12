use serde_json::json;

use super::*;
use crate::evidence::RecordedValue;
use crate::result::sample;

fn plain(name: &str, text: &str) -> RecordedField {
    RecordedField {
        name: name.to_owned().into(),
        value: RecordedValue::Plain {
            text: text.to_owned().into(),
        },
    }
}

fn secret(name: &str, fingerprint: &str) -> RecordedField {
    RecordedField {
        name: name.to_owned().into(),
        value: RecordedValue::Secret {
            fingerprint: fingerprint.to_owned(),
        },
    }
}

fn jwt(name: &str) -> RecordedField {
    let object = |value: serde_json::Value| value.as_object().cloned().unwrap();
    RecordedField {
        name: name.to_owned().into(),
        value: RecordedValue::Jwt {
            fingerprint: "aaaaaaaaaaaa".to_owned(),
            header: object(json!({ "alg": "RS256" })).into(),
            claims: object(json!({ "sub": "00uada" })).into(),
        },
    }
}

fn request(
    method: &str,
    url: &str,
    headers: Vec<RecordedField>,
    parameters: Vec<RecordedField>,
) -> RecordedRequest {
    RecordedRequest {
        method: method.to_owned(),
        url: url.to_owned().into(),
        headers,
        parameters,
    }
}

#[test]
fn a_form_with_secrets_and_tokens() {
    let run = sample::every_verdict();
    let (_, case) = run.varying.cases.iter().next().unwrap();
    insta::assert_snapshot!(
        "curl_form",
        line(&case.exchanges[0].request).replace(" --", "\n  --")
    );
}

#[test]
fn each_secret_is_one_variable_wherever_it_stands() {
    let url = "https://a.example/cb?state=1&code=<secret 0123456789ab>&x=[1]";
    let request = request(
        "GET",
        url,
        vec![
            secret("cookie", "cccccccccccc"),
            jwt("Authorization"),
            plain("x-empty", ""),
            plain("x-note", "it is <secret 0123456789ab>"),
            plain("content-length", "3"),
        ],
        vec![],
    );
    assert_eq!(
        line(&request),
        "curl -sS -i -g 'https://a.example/cb?state=1&code='\"$CODE\"'&x=[1]' -H \"cookie: $COOKIE\" \
         -H \"Authorization: $AUTHORIZATION\" \
         -H 'x-empty;' -H \"x-note: it is $CODE\""
    );
}

#[test]
fn bodies_of_every_kind() {
    let typed = |media_type: &str| vec![plain("content-type", media_type)];
    let url = "http://a.example/x";
    let fields = || vec![plain("a", "1 \"2\""), secret("password", "bbbbbbbbbbbb")];
    let post = |media_type: &str, fields| line(&request("POST", url, typed(media_type), fields));
    assert_eq!(
        post("application/json", fields()),
        r#"curl -sS -i http://a.example/x -H 'content-type: application/json' --data-raw '{"a":"1 \"2\"","password":"'"$PASSWORD"'"}'"#
    );
    assert_eq!(
        post("multipart/form-data; boundary=x", fields()),
        r#"curl -sS -i http://a.example/x --form-string 'a=1 "2"' --form-string "password=$PASSWORD""#
    );
    assert_eq!(
        post(FORM, fields()),
        r#"curl -sS -i http://a.example/x --data-urlencode 'a=1 "2"' --data-urlencode "password=$PASSWORD""#
    );
    assert_eq!(
        post("text/plain", vec![plain("body", "@file")]),
        "curl -sS -i http://a.example/x -H 'content-type: text/plain' --data-raw @file"
    );
    assert_eq!(
        post(FORM, vec![plain("a b", "1\n\u{10FFFF}\u{202e}")]),
        "curl -sS -i http://a.example/x --data-raw a+b=1%0A%FF%E2%80%AE"
    );
}

#[test]
fn the_method_is_named_where_curl_would_take_another() {
    for (method, sent, expected) in [
        ("GET", false, "curl -sS -i u"),
        ("POST", false, "curl -sS -i -X POST u"),
        ("HEAD", false, "curl -sS -i --head u"),
        ("PUT", true, "curl -sS -i -X PUT u --data-urlencode a=1"),
        ("GET", true, "curl -sS -i -X GET u --data-urlencode a=1"),
    ] {
        let fields = if sent { vec![plain("a", "1")] } else { vec![] };
        assert_eq!(line(&request(method, "u", vec![], fields)), expected);
    }
}

#[test]
fn two_secrets_of_one_name_are_two_variables() {
    let fields = vec![
        secret("subject_token", "111111111111"),
        secret("subject_token", "222222222222"),
        secret("0", "333333333333"),
        secret("path", "444444444444"),
    ];
    let text = line(&request("POST", "u", vec![], fields));
    assert!(
        text.ends_with(
            "\"subject_token=$SUBJECT_TOKEN\" --data-urlencode \"subject_token=$SUBJECT_TOKEN_2\" \
             --data-urlencode \"0=$SECRET_0\" --data-urlencode \"path=$THE_PATH\""
        ),
        "{text}"
    );
}

#[test]
fn an_address_acts_on_nothing() {
    let text = line(&request("GET", "http://a/\u{1b}[2J$(rm)", vec![], vec![]));
    assert_eq!(text, "curl -sS -i -g 'http://a/%1B[2J$(rm)'");
}
