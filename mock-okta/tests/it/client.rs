//! A client and a browser as small as can be: they follow nothing by themselves.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

/// The web app of the default org.
pub(crate) const WEB_APP: &str = "0oawebapp00000000001";
/// As a form holds it.
pub(crate) const WEB_APP_SECRET: &str = "web-app%2Bsecret%3A+100+%25+f%C3%BCr+Tests+only";
/// The first agent of the default org.
pub(crate) const AGENT: &str = "wlpagentrsa000000001";

/// The pair of RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const REDIRECT: &str = "http://localhost:8787/callback";

pub(crate) fn client() -> Client {
    let built = Client::builder()
        .redirect(Policy::none())
        .timeout(Duration::from_secs(20))
        .build();
    match built {
        Ok(client) => client,
        Err(error) => panic!("{error}"),
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Response {
    match request.send().await {
        Ok(response) => response,
        Err(error) => panic!("{error:?}"),
    }
}

pub(crate) async fn json(response: Response) -> Value {
    let text = response.text().await.unwrap_or_default();
    match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(error) => panic!("{error} in {text:?}"),
    }
}

pub(crate) fn header(response: &Response, name: &str) -> String {
    let value = response
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

pub(crate) async fn post_form(url: &str, form: &str) -> Response {
    let request = client().post(url).body(form.to_owned());
    send(request.header("content-type", "application/x-www-form-urlencoded")).await
}

/// Sends the browser to the authorize endpoint; tells where the sign-in page is.
pub(crate) async fn to_sign_in(base_url: &str) -> String {
    let authorize = format!(
        "{base_url}/oauth2/v1/authorize?client_id={WEB_APP}&response_type=code&scope=openid%20email&state=s-1\
         &nonce=n-1&redirect_uri={REDIRECT}&code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let response = send(client().get(authorize)).await;
    assert_eq!(response.status(), 302);
    header(&response, "location")
}

/// Signs a user in and redeems the code; tells the answer of the token endpoint.
pub(crate) async fn sign_in(base_url: &str, user: &str, password: &str) -> Value {
    let page = to_sign_in(base_url).await;
    let response = post_form(&page, &format!("username={user}&password={password}")).await;
    assert_eq!(response.status(), 302);
    let cookie = header(&response, "set-cookie");
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let resume = header(&response, "location");
    let response = send(client().get(resume).header("cookie", cookie)).await;
    let back = header(&response, "location");
    assert!(back.starts_with(REDIRECT), "{back}");
    let code = back.split_once("code=").map(|(_, rest)| rest);
    let code = code
        .and_then(|rest| rest.split('&').next())
        .unwrap_or_default();
    let form = format!(
        "grant_type=authorization_code&code={code}&redirect_uri={REDIRECT}&code_verifier={VERIFIER}\
         &client_id={WEB_APP}&client_secret={WEB_APP_SECRET}"
    );
    json(post_form(&format!("{base_url}/oauth2/v1/token"), &form).await).await
}

/// The claims of a JWT, unverified.
pub(crate) fn claims(jwt: &Value) -> Value {
    let part = jwt
        .as_str()
        .and_then(|jwt| jwt.split('.').nth(1))
        .unwrap_or_default();
    serde_json::from_slice(&base64_url(part)).unwrap_or_default()
}

pub(crate) fn base64_url(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}
