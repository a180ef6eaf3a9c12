//! Requests in this process, and what tests need of their answers.

use http::{HeaderName, HeaderValue, header};
use mock_okta_core::INTERNAL_CODE;
use mock_okta_core::WithoutWire;
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use super::error::{TokenError, TokenStep};
use crate::app::App;

/// An answer to a step.
pub(super) struct Answer {
    step: TokenStep,
    response: http::Response<Vec<u8>>,
}

/// Asks for an address, with a session's cookie where there is one.
pub(super) async fn get(
    app: &App,
    step: TokenStep,
    url: &str,
    cookie: Option<&str>,
) -> Result<Answer, TokenError> {
    let fields = cookie.map(|cookie| (header::COOKIE, cookie));
    send(app, step, http::Method::GET, url, fields, Vec::new()).await
}

/// Posts a form, with one header field more where it is needed.
pub(super) async fn post(
    app: &App,
    step: TokenStep,
    url: &str,
    form: &[(&str, &str)],
    field: Option<(HeaderName, &str)>,
) -> Result<Answer, TokenError> {
    let body = encode(form).into_bytes();
    send(app, step, http::Method::POST, url, field, body).await
}

/// The form as it is sent.
pub(super) fn encode(form: &[(&str, &str)]) -> String {
    let mut encoder = form_urlencoded::Serializer::new(String::new());
    encoder.extend_pairs(form).finish()
}

async fn send(
    app: &App,
    step: TokenStep,
    method: http::Method,
    url: &str,
    field: Option<(HeaderName, &str)>,
    body: Vec<u8>,
) -> Result<Answer, TokenError> {
    let target = origin_form(app, url);
    // It is a test that asks, to prepare something: wire faults are for the clients under test.
    let mut request = http::Request::builder()
        .method(method)
        .uri(target)
        .extension(WithoutWire);
    if !body.is_empty() {
        let form = "application/x-www-form-urlencoded";
        request = request.header(header::CONTENT_TYPE, form);
    }
    if let Some((name, value)) = field {
        request = request.header(name, value);
    }
    let request = request.body(body).map_err(|_| TokenError::Unusable {
        step,
        status: 302,
        reason: "the address to go on at is not one".to_owned(),
    })?;
    let response = app.answer(&request).await;
    Ok(Answer { step, response })
}

/// Path and query of an address of the org, which may be relative (RFC 9110 §10.2.2).
fn origin_form(app: &App, url: &str) -> String {
    let base = Url::parse(&app.core.options().base_url).ok();
    let Some(url) = base.and_then(|base| base.join(url).ok()) else {
        return url.to_owned();
    };
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

impl Answer {
    /// Where the browser is sent; any other answer is a refusal.
    pub(super) fn redirect(&self) -> Result<&str, TokenError> {
        let location = self.field(&header::LOCATION);
        let location = location.filter(|_| self.response.status().is_redirection());
        location.ok_or_else(|| self.refusal())
    }

    /// The cookie that it sets, without its attributes.
    pub(super) fn cookie(&self) -> Option<&str> {
        self.field(&header::SET_COOKIE)?.split(';').next()
    }

    /// The members of a success; any other answer is a refusal.
    pub(super) fn members(&self) -> Result<Members, TokenError> {
        if !self.response.status().is_success() {
            return Err(self.refusal());
        }
        let object = self.json();
        let object = object.ok_or_else(|| self.unusable("its body is not a JSON object"))?;
        Ok(Members {
            step: self.step,
            status: self.response.status().as_u16(),
            object,
        })
    }

    /// The answer as a refusal.
    pub(super) fn refusal(&self) -> TokenError {
        let json = self.json().unwrap_or_default();
        let member = |names: [&str; 2]| {
            let found = names.iter().find_map(|name| json.get(*name)?.as_str());
            found.map(str::to_owned)
        };
        TokenError::Refused {
            step: self.step,
            status: self.response.status().as_u16(),
            error: member(["error", "errorCode"]),
            description: member(["error_description", "errorSummary"]),
            code: self.code(),
        }
    }

    /// What the redirect brings the client: the code, or a refusal.
    pub(super) fn code_at(&self, redirect: &str) -> Result<String, TokenError> {
        let url = Url::parse(redirect).ok();
        let parameter = |name: &str| {
            let mut pairs = url.as_ref()?.query_pairs();
            let found = pairs.find(|(found, _)| found == name);
            found.map(|(_, value)| value.into_owned())
        };
        if let Some(code) = parameter("code") {
            return Ok(code);
        }
        let Some(error) = parameter("error") else {
            return Err(self.unusable("the address of the client has neither `code` nor `error`"));
        };
        Err(TokenError::Refused {
            step: self.step,
            status: self.response.status().as_u16(),
            error: Some(error),
            description: parameter("error_description"),
            code: self.code(),
        })
    }

    /// A success that lacks something.
    pub(super) fn unusable(&self, reason: &str) -> TokenError {
        TokenError::Unusable {
            step: self.step,
            status: self.response.status().as_u16(),
            reason: reason.to_owned(),
        }
    }

    pub(super) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    fn code(&self) -> Option<String> {
        let code = self.response.headers().get(INTERNAL_CODE)?;
        Some(code.to_str().ok()?.to_owned())
    }

    fn field(&self, name: &HeaderName) -> Option<&str> {
        let value: &HeaderValue = self.response.headers().get(name)?;
        value.to_str().ok()
    }

    fn json(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(self.response.body()).ok()
    }
}

/// The members of a successful answer.
pub(super) struct Members {
    step: TokenStep,
    status: u16,
    object: Map<String, Value>,
}

impl Members {
    /// A text that must be there.
    pub(super) fn required(&self, name: &str) -> Result<String, TokenError> {
        self.text(name).ok_or_else(|| TokenError::Unusable {
            step: self.step,
            status: self.status,
            reason: format!("the answer lacks `{name}`"),
        })
    }

    /// A text that may be there.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        Some(self.object.get(name)?.as_str()?.to_owned())
    }

    /// A whole number that may be there.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.object.get(name)?.as_u64()
    }
}
