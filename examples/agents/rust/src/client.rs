//! What every request has in common: how the client authenticates, and when a step may be tried again.

use std::fmt;
use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use oauth2::http::{HeaderMap, Response};
use oauth2::{CsrfToken, HttpResponse, url::form_urlencoded};
use reqwest::{Certificate, RequestBuilder, redirect::Policy};
use serde_json::{Map, Value, json};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const FORM: &str = "application/x-www-form-urlencoded";
/// A server that asks for more patience than this is given up.
const LONGEST_WAIT: Duration = Duration::from_secs(90);

pub type Object = Map<String, Value>;

/// Why a step did not succeed. It holds no token, secret or assertion, so it can be shown.
#[derive(Debug)]
pub enum Failure {
    /// 429, 503 or no answer: the step may be tried again, after the time that the server names.
    Busy(Option<Duration>),
    /// An answer that the same request would get again.
    Refused {
        status: u16,
        error: String,
        interaction_uri: Option<String>,
    },
    Stop(String),
}

impl Failure {
    pub fn stop(reason: impl fmt::Display) -> Self {
        Self::Stop(reason.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy(_) => write!(f, "no answer after several tries"),
            Self::Refused { status, error, .. } => write!(f, "refused with {status} {error}"),
            Self::Stop(reason) => write!(f, "{reason}"),
        }
    }
}

impl std::error::Error for Failure {}

/// Takes a step at most four times, with growing delays.
pub async fn retry<T>(step: impl AsyncFn() -> Result<T, Failure>) -> Result<T, Failure> {
    for pause in [300, 900, 2700].map(Duration::from_millis) {
        match step().await {
            Err(Failure::Busy(wait)) => tokio::time::sleep(wait.unwrap_or(pause)).await,
            done => return done,
        }
    }
    step().await
}

pub fn setting(name: &str) -> Result<String, Failure> {
    std::env::var(name).map_err(|_| Failure::Stop(format!("{name} is not set")))
}

pub struct Client {
    pub http: reqwest::Client,
    pub id: String,
    pub secret: Option<String>,
    /// The secret goes into HTTP Basic, not into the form.
    pub basic: bool,
    key: Option<(Header, EncodingKey)>,
}

impl Client {
    pub fn from_env() -> Result<Self, Failure> {
        let method = setting("ATX_CLIENT_AUTH")?;
        let (secret, key) = match method.as_str() {
            "private_key_jwt" => (None, Some(signing_key()?)),
            _ => (Some(setting("ATX_CLIENT_SECRET")?), None),
        };
        Ok(Self {
            http: http_client()?,
            id: setting("ATX_CLIENT_ID")?,
            basic: method == "client_secret_basic",
            secret,
            key,
        })
    }

    /// A new client assertion for one request to one endpoint (RFC 7523 section 3). Okta wants the URL of the endpoint
    /// as `aud`.
    pub fn assertion(&self, endpoint: &str) -> Result<Vec<(&'static str, String)>, Failure> {
        let Some((header, key)) = &self.key else {
            return Ok(Vec::new());
        };
        let now = Timestamp::now().as_second();
        let claims = json!({
            "iss": self.id, "sub": self.id, "aud": endpoint, "iat": now, "exp": now + 120,
            "jti": CsrfToken::new_random().into_secret(),
        });
        let assertion = encode(header, &claims, key).map_err(Failure::stop)?;
        Ok(vec![
            ("client_assertion_type", ASSERTION_TYPE.to_owned()),
            ("client_assertion", assertion),
        ])
    }

    /// Sends a token request once, for the grants that the oauth2 crate does not know.
    pub async fn token(&self, endpoint: &str, grant: &[(&str, &str)]) -> Result<Object, Failure> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(grant);
        form.extend_pairs(self.assertion(endpoint)?);
        let mut request = self.http.post(endpoint).header("Content-Type", FORM);
        match &self.secret {
            // Form-encoded before they are joined: RFC 6749 section 2.3.1.
            Some(secret) if self.basic => {
                request = request.basic_auth(encoded(&self.id), Some(encoded(secret)));
            }
            secret => {
                form.append_pair("client_id", &self.id);
                form.extend_pairs(secret.iter().map(|secret| ("client_secret", secret)));
            }
        }
        object(&send(request.body(form.finish())).await?)
    }

    pub async fn get(&self, url: &str) -> Result<Object, Failure> {
        retry(async || object(&send(self.http.get(url)).await?)).await
    }
}

fn http_client() -> Result<reqwest::Client, Failure> {
    // A redirect would take the credential elsewhere.
    let mut builder = reqwest::Client::builder().redirect(Policy::none());
    if let Ok(file) = setting("ATX_CA_FILE") {
        let pem = std::fs::read(file).map_err(Failure::stop)?;
        builder = builder.tls_certs_only([Certificate::from_pem(&pem).map_err(Failure::stop)?]);
    }
    let client = builder.timeout(Duration::from_secs(30)).build();
    client.map_err(Failure::stop)
}

fn signing_key() -> Result<(Header, EncodingKey), Failure> {
    let pem = std::fs::read(setting("ATX_PRIVATE_KEY_FILE")?).map_err(Failure::stop)?;
    let (alg, key) = match setting("ATX_KEY_ALG")?.as_str() {
        "RS256" => (Algorithm::RS256, EncodingKey::from_rsa_pem(&pem)),
        _ => (Algorithm::ES256, EncodingKey::from_ec_pem(&pem)),
    };
    let mut header = Header::new(alg);
    header.kid = Some(setting("ATX_KEY_ID")?);
    Ok((header, key.map_err(Failure::stop)?))
}

/// Sends a request once. An answer that says that the server is busy is a failure, like none.
pub async fn send(request: RequestBuilder) -> Result<HttpResponse, Failure> {
    // Without its text: it would name the URL.
    let lost = |error: reqwest::Error| {
        if error.is_builder() {
            Failure::stop("the request cannot be made")
        } else {
            Failure::Busy(None)
        }
    };
    let answer = request.send().await.map_err(lost)?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    if matches!(status.as_u16(), 429 | 503) {
        return Err(match wait_for(&headers) {
            Some(wait) if wait > LONGEST_WAIT => Failure::stop("the server is busy for long"),
            wait => Failure::Busy(wait),
        });
    }
    let mut response = Response::new(answer.bytes().await.map_err(lost)?.to_vec());
    (*response.status_mut(), *response.headers_mut()) = (status, headers);
    Ok(response)
}

/// What `Retry-After` says, or Okta's `X-Rate-Limit-Reset`: epoch seconds by the server's clock, as `Date` is.
fn wait_for(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let seconds = |date: &str| Some(rfc2822::parse(date).ok()?.timestamp().as_second());
    let now = text("date")
        .and_then(seconds)
        .unwrap_or_else(|| Timestamp::now().as_second());
    let wait = match (text("retry-after"), text("x-rate-limit-reset")) {
        (Some(after), _) => after.parse().ok().or_else(|| Some(seconds(after)? - now))?,
        (None, reset) => reset?.parse::<i64>().ok()? - now,
    };
    Some(Duration::from_secs(u64::try_from(wait).unwrap_or_default()))
}

/// The JSON object of a successful answer. OAuth's envelope of an error has `error`, that of Okta's API `errorCode`.
fn object(response: &HttpResponse) -> Result<Object, Failure> {
    let object = serde_json::from_slice::<Object>(response.body());
    let status = response.status();
    if let (true, Ok(object)) = (status.is_success(), &object) {
        return Ok(object.clone());
    }
    let object = object.unwrap_or_default();
    let text = |name: &str| Some(object.get(name)?.as_str()?.to_owned());
    Err(Failure::Refused {
        status: status.as_u16(),
        error: text("error")
            .or_else(|| text("errorCode"))
            .unwrap_or_default(),
        interaction_uri: text("interaction_uri"),
    })
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
