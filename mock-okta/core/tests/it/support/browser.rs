//! A browser: asks for a code, signs in on the page, and comes back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use sha2::{Digest as _, Sha256};

use super::{AGENT, AUTHORIZE, Answer, Client, encode, path_of};

pub const REDIRECT: &str = "http://localhost:8787/callback";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

pub const ADA: (&str, &str) = ("ada@example.com", "ada-likes-engines");
pub const GRACE: (&str, &str) = ("grace@example.com", "grace-finds-moths");

/// An authorization request, right in every part until it is changed.
#[derive(Clone)]
pub struct Authorize {
    endpoint: String,
    params: Vec<(String, String)>,
    cookie: Option<String>,
}

impl Authorize {
    /// As the agent of the standard org sends it.
    pub fn new() -> Self {
        Self {
            endpoint: AUTHORIZE.to_owned(),
            params: Vec::new(),
            cookie: None,
        }
        .with("client_id", AGENT)
        .with("response_type", "code")
        .with("scope", "openid profile email offline_access")
        .with("state", "s-1")
        .with("nonce", "n-1")
        .with("redirect_uri", REDIRECT)
        .with("code_challenge", &B64.encode(Sha256::digest(VERIFIER)))
        .with("code_challenge_method", "S256")
    }

    /// At another server.
    pub fn at(mut self, endpoint: &str) -> Self {
        endpoint.clone_into(&mut self.endpoint);
        self
    }

    /// Sets a parameter.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.params.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a parameter beside one of the same name.
    pub fn adding(mut self, name: &str, value: &str) -> Self {
        self.params.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves a parameter out.
    pub fn without(mut self, name: &str) -> Self {
        self.params.retain(|(known, _)| known != name);
        self
    }

    /// With a session.
    pub fn cookie(mut self, cookie: &str) -> Self {
        self.cookie = Some(cookie.to_owned());
        self
    }

    /// Sends the request itself.
    pub fn ask(&self, client: &Client) -> Answer {
        let pairs: Vec<_> = self
            .params
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut request = http::Request::get(format!("{}?{}", self.endpoint, encode(&pairs)));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        client.send(request, "")
    }

    /// Sends it and signs in; the answer is the one to `resume`, with the session's cookie.
    pub fn sign_in(&self, client: &Client, user: (&str, &str)) -> Answer {
        let page = self.ask(client).location.expect("to the sign-in page");
        let signed_in = client.sign_in_at(&page, user);
        let cookie = signed_in.cookie.expect("a session");
        let resume = signed_in.location.expect("back to authorize");
        let mut answer = client.get_with_cookie(&resume, &cookie);
        answer.cookie = Some(cookie);
        answer
    }

    /// The code for a user.
    pub fn code(&self, client: &Client, user: (&str, &str)) -> String {
        let answer = self.sign_in(client, user);
        answer
            .query("code")
            .unwrap_or_else(|| panic!("no code: {}", answer.refusal()))
    }
}

impl Client {
    /// Posts the form of the sign-in page.
    pub fn sign_in_at(&self, page: &str, (login, password): (&str, &str)) -> Answer {
        self.post(page, &[("username", login), ("password", password)])
    }

    pub fn get_with_cookie(&self, url: &str, cookie: &str) -> Answer {
        let request = http::Request::get(path_of(url)).header("cookie", cookie);
        self.send(request, "")
    }
}
