//! Requests as they go over the wire, and answers.

use std::fs;
use std::time::Duration;

use http::{HeaderMap, Method, Version, header};
use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{Certificate, redirect::Policy};
use serde_json::{Map, Value, json};
use url::{Url, form_urlencoded};

use crate::agent::Agent;
use crate::deviations::{Build, Difference, Fault};
use crate::failure::{Failure, Refusal};
use crate::settings::Settings;

pub type Object = Map<String, Value>;
pub type Parameters = Vec<(String, String)>;

const FORM: &str = "application/x-www-form-urlencoded";
const USER_AGENT: &str = concat!("faulty-agent/", env!("CARGO_PKG_VERSION"));

pub enum Content {
    None,
    Form(Parameters),
    Json(Parameters),
}

pub struct Request {
    pub method: Method,
    pub url: String,
    /// Names and values that hold a credential, or are otherwise this request's own.
    pub headers: Vec<(String, String)>,
    pub content: Content,
}

impl Request {
    pub fn get(url: &str) -> Self {
        Self {
            method: Method::GET,
            url: url.to_owned(),
            headers: Vec::new(),
            content: Content::None,
        }
    }

    pub fn post(url: &str, form: Parameters) -> Self {
        Self {
            method: Method::POST,
            content: Content::Form(form),
            ..Self::get(url)
        }
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Without redirects, which would take a credential elsewhere.
pub fn client(settings: &Settings, build: Build) -> Result<reqwest::Client, Failure> {
    let mut builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .timeout(Duration::from_secs(30));
    // Not the system's authorities: reading them takes longer than all else, and no org has a certificate by them.
    let authority = match &settings.ca_file {
        Some(file) => {
            let pem = fs::read(file).map_err(Failure::stop)?;
            Some(Certificate::from_pem(&pem).map_err(Failure::stop)?)
        }
        None => None,
    };
    builder = builder.tls_certs_only(authority);
    if build.fault == Some(Fault::TlsNotVerified) {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    if build.difference == Some(Difference::HeaderCase) {
        builder = builder.http1_title_case_headers();
    }
    builder.build().map_err(Failure::stop)
}

impl Agent {
    /// Sends a request once and gives its answer, whatever it is.
    pub async fn send(&self, request: &Request) -> Result<Answer, Failure> {
        if request.method == Method::GET && self.differs(Difference::HeadBefore) {
            let method = Method::HEAD;
            self.send_at(
                &request.url,
                &Request {
                    method,
                    ..Request::get(&request.url)
                },
            )
            .await?;
        }
        self.send_at(&request.url, request).await
    }

    /// The same, and again wherever a redirect leads, with everything that the request has.
    pub async fn send_along_redirects(&self, request: &Request) -> Result<Answer, Failure> {
        let mut url = request.url.clone();
        let mut answer = self.send_at(&url, request).await?;
        for _ in 0..3 {
            let location = answer
                .headers
                .get(header::LOCATION)
                .and_then(|value| value.to_str().ok());
            let base = Url::parse(&url).map_err(Failure::stop)?;
            let Some(Ok(next)) = location.map(|location| base.join(location)) else {
                break;
            };
            next.as_str().clone_into(&mut url);
            answer = self.send_at(&url, request).await?;
        }
        Ok(answer)
    }

    async fn send_at(&self, url: &str, request: &Request) -> Result<Answer, Failure> {
        let mut builder = self.http.request(request.method.clone(), url);
        for (name, value) in self.common_headers().iter().chain(&request.headers) {
            builder = builder.header(name, value);
        }
        builder = match &request.content {
            Content::None => builder,
            Content::Form(parameters) => {
                let charset = self.differs(Difference::ContentTypeCharset);
                let media_type = format!("{FORM}{}", if charset { "; charset=UTF-8" } else { "" });
                let form = self.encode(parameters.clone());
                builder.header(header::CONTENT_TYPE, media_type).body(form)
            }
            Content::Json(parameters) => {
                let members = parameters
                    .iter()
                    .map(|(name, value)| (name.clone(), json!(value)));
                let object = Value::Object(members.collect());
                builder
                    .header(header::CONTENT_TYPE, "application/json")
                    .body(object.to_string())
            }
        };
        if self.differs(Difference::Http10) {
            builder = builder.version(Version::HTTP_10);
        }
        // Without its text: it would name the URL.
        let lost = |error: reqwest::Error| {
            if error.is_builder() {
                Failure::stop("the request cannot be made")
            } else {
                Failure::Busy(None)
            }
        };
        let answer = builder.send().await.map_err(lost)?;
        Ok(Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: answer.bytes().await.map_err(lost)?.to_vec(),
        })
    }

    fn common_headers(&self) -> Parameters {
        let accept = if self.differs(Difference::AcceptAnything) {
            "text/html;q=0.4, application/json;q=0.9, */*;q=0.1"
        } else {
            "application/json"
        };
        let mut headers = pairs(&[("Accept", accept)]);
        if !self.differs(Difference::NoUserAgent) {
            headers.extend(pairs(&[("User-Agent", USER_AGENT)]));
        }
        if self.differs(Difference::AcceptLanguage) {
            headers.extend(pairs(&[("Accept-Language", "de-CH, en;q=0.7")]));
        }
        if self.differs(Difference::ConnectionClose) {
            headers.extend(pairs(&[("Connection", "close")]));
        }
        headers
    }

    /// Parameters as a form or a query has them.
    pub fn encode(&self, mut parameters: Parameters) -> String {
        if self.differs(Difference::ExtraParameters) {
            parameters.extend(pairs(&[("vendor_hint", "faulty-agent"), ("x_trace", "1")]));
        }
        if self.differs(Difference::ParameterOrder) {
            parameters.reverse();
        }
        let mut form = form_urlencoded::Serializer::new(String::new());
        let encoded = form.extend_pairs(parameters).finish();
        if !self.differs(Difference::PercentEncoding) {
            return encoded;
        }
        // A plus of a value is %2B at this point.
        let encoded = encoded.replace('+', "%20");
        let mut parts = encoded.split('%');
        let mut lower = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (digits, rest) = part.split_at(2.min(part.len()));
            lower.extend(["%", &digits.to_ascii_lowercase(), rest]);
        }
        lower
    }
}

impl Answer {
    /// The JSON object of a successful answer. OAuth's envelope of an error has `error`, that of Okta's API `errorCode`.
    pub fn object(&self) -> Result<Object, Failure> {
        self.check_load()?;
        let object = serde_json::from_slice::<Object>(&self.body);
        let object = object.map_err(|_| Failure::Unreadable(self.status))?;
        if (200..300).contains(&self.status) {
            return Ok(object);
        }
        let text = |name: &str| Some(object.get(name)?.as_str()?.to_owned());
        Err(Failure::Refused(Refusal {
            status: self.status,
            error: text("error")
                .or_else(|| text("errorCode"))
                .unwrap_or_default(),
            api_envelope: object.contains_key("errorCode"),
            interaction_uri: text("interaction_uri"),
        }))
    }

    pub fn check_load(&self) -> Result<(), Failure> {
        match self.status {
            429 => Err(Failure::RateLimited(self.wait())),
            503 => Err(Failure::Busy(self.wait())),
            _ => Ok(()),
        }
    }

    /// What `Retry-After` says, or Okta's `X-Rate-Limit-Reset`: epoch seconds by the server's clock, as `Date` is.
    fn wait(&self) -> Option<Duration> {
        let text = |name: &str| self.headers.get(name).and_then(|value| value.to_str().ok());
        let seconds = |date: &str| Some(rfc2822::parse(date).ok()?.timestamp().as_second());
        let now = text("date").and_then(seconds);
        let now = now.unwrap_or_else(|| Timestamp::now().as_second());
        let wait = match (text("retry-after"), text("x-rate-limit-reset")) {
            (Some(after), _) => after.parse().ok().or_else(|| Some(seconds(after)? - now))?,
            (None, reset) => reset?.parse::<i64>().ok()? - now,
        };
        Some(Duration::from_secs(u64::try_from(wait).unwrap_or_default()))
    }
}

/// Parameters or header fields.
pub fn pairs(pairs: &[(&str, &str)]) -> Parameters {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}
