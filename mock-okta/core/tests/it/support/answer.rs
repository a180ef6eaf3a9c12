//! An answer of the org, with what tests look at.

use serde_json::Value;

pub struct Answer {
    pub status: u16,
    pub code: Option<String>,
    pub location: Option<String>,
    pub cookie: Option<String>,
    pub challenge: Option<String>,
    pub cache: Option<String>,
    pub body: Value,
    pub text: String,
}

impl Answer {
    pub fn of(response: &http::Response<Vec<u8>>) -> Self {
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().expect("text").to_owned())
        };
        Self {
            status: response.status().as_u16(),
            code: header("x-mock-okta-code"),
            location: header("location"),
            cookie: header("set-cookie"),
            challenge: header("www-authenticate"),
            cache: header("cache-control"),
            body: serde_json::from_slice(response.body()).unwrap_or(Value::Null),
            text: String::from_utf8_lossy(response.body()).into_owned(),
        }
    }

    /// A member of the body that is a string.
    pub fn text(&self, name: &str) -> String {
        self.body[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name} in {} ({:?})", self.body, self.code))
            .to_owned()
    }

    /// A parameter of the address that the browser is sent to.
    pub fn query(&self, name: &str) -> Option<String> {
        let location = self.location.as_deref()?;
        let (_, query) = location.split_once(['?', '#'])?;
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// Status, `error` and internal code in one line, wherever the answer has its `error`.
    pub fn refusal(&self) -> String {
        let member = |name: &str| self.body[name].as_str().map(str::to_owned);
        let challenged = || {
            let (_, rest) = self.challenge.as_deref()?.split_once("error=\"")?;
            rest.split('"').next().map(str::to_owned)
        };
        let error = member("error")
            .or_else(|| member("errorCode"))
            .or_else(|| self.query("error"))
            .or_else(challenged);
        format!(
            "{} {} {}",
            self.status,
            error.as_deref().unwrap_or("-"),
            self.code.as_deref().unwrap_or("-")
        )
    }
}
