//! The one HTTP client: no redirects, no proxy but the one that is named, limits on everything. The only file that opens sockets.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderMap, HeaderName,
    HeaderValue, USER_AGENT,
};
use reqwest::{Client, ClientBuilder, Method, Proxy, redirect};
use url::Url;

use super::coding::{self, Undecodable};
use super::{Ca, Network, Trouble, TroubleKind};
use crate::exchange::{Exchange, RequestSpec, Response};

/// What a target may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until there is a connection.
    pub connect: Duration,
    /// From sending until the whole answer is there.
    pub request: Duration,
    /// Largest body in bytes.
    pub body: usize,
    /// The most values in a body, if it is JSON: each takes many times more memory than it has bytes.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            request: Duration::from_secs(10),
            body: 1024 * 1024,
            values: 20_000,
        }
    }
}

/// Sends requests. Cheap to clone; connections are shared.
#[derive(Debug, Clone)]
pub struct Http {
    client: Client,
    /// Made when it is first needed.
    http1: Arc<OnceLock<Option<Client>>>,
    limits: Limits,
    ca: Option<Ca>,
    network: Network,
}

fn builder(limits: Limits, ca: Option<&Ca>, network: &Network) -> ClientBuilder {
    let mut headers = HeaderMap::new();
    let agent = concat!("atx/", env!("CARGO_PKG_VERSION"));
    headers.insert(USER_AGENT, HeaderValue::from_static(agent));
    let codings = HeaderValue::from_static(coding::ACCEPTED);
    headers.insert(ACCEPT_ENCODING, codings);
    let mut builder = Client::builder()
        .tls_certs_merge(ca.into_iter().flat_map(Ca::certificates))
        .default_headers(headers)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .connect_timeout(limits.connect)
        .timeout(limits.request);
    if !network.proxies.is_empty() {
        let proxies = network.proxies.clone();
        builder = builder.proxy(Proxy::custom(move |url| proxies.url_for(url)));
    }
    match &network.client_certificate {
        Some(own) => builder.identity(own.identity()),
        None => builder,
    }
}

impl Http {
    /// A client with these limits, which trusts these authorities beside those of the system and goes this way. Fails only
    /// if there are no authorities at all.
    pub fn new(limits: Limits, ca: Option<&Ca>, network: &Network) -> Result<Self, Trouble> {
        let build = |builder: ClientBuilder| {
            let built = builder.build();
            built.map_err(|error| Trouble::of(&error, "the network".to_owned()))
        };
        Ok(Self {
            client: build(builder(limits, ca, network))?,
            http1: Arc::default(),
            limits,
            ca: ca.cloned(),
            network: network.clone(),
        })
    }

    /// The client for a request. One that names another `Host` goes by HTTP/1.1: over HTTP/2 the name of the address would go
    /// along, and contradict it (RFC 9113 §8.3.1).
    fn client_for(&self, headers: &HeaderMap) -> &Client {
        if !headers.contains_key(HOST) {
            return &self.client;
        }
        let http1 = self.http1.get_or_init(|| {
            let builder = builder(self.limits, self.ca.as_ref(), &self.network).http1_only();
            builder.build().ok()
        });
        // What could be made once can be made again.
        http1.as_ref().unwrap_or(&self.client)
    }

    /// Sends one request and waits for the whole answer. `received` is called with the number of bytes of the head, and of
    /// each part of the body as it comes.
    pub async fn send(
        &self,
        request: RequestSpec,
        received: impl Fn(usize),
    ) -> Result<Exchange, Trouble> {
        let url = request.full_url();
        let origin = origin(&url);
        let unsendable = |what: &str| Trouble {
            kind: TroubleKind::Unsendable,
            origin: origin.clone(),
            detail: Some(what.to_owned()),
        };
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| unsendable("not an HTTP method"))?;
        let url = Url::parse(&url).map_err(|_| unsendable("not an address"))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            let name = name.map_err(|_| unsendable("not a header field name"))?;
            let value = HeaderValue::from_bytes(value.as_bytes());
            let mut value = value.map_err(|_| unsendable("not a header field value"))?;
            value.set_sensitive(true);
            headers.append(name, value);
        }
        if !headers.contains_key(ACCEPT) {
            headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        }
        let proxy = self.network.proxies.for_url(&url);
        let mut sending = self.client_for(&headers).request(method, url.clone());
        if let Some((media_type, body)) = request.payload.encode() {
            if !media_type.is_empty() && !headers.contains_key(CONTENT_TYPE) {
                let value = HeaderValue::from_str(&media_type);
                headers.insert(
                    CONTENT_TYPE,
                    value.map_err(|_| unsendable("not a media type"))?,
                );
            }
            sending = sending.body(body);
        }

        let started = Instant::now();
        let failed = |error: reqwest::Error| {
            let mut trouble = Trouble::of(&error, origin.clone());
            if let Some(proxy) = proxy {
                trouble = trouble.behind(proxy, &error);
            }
            if let TroubleKind::Tls(fault) = &mut trouble.kind
                && self.ca.is_some()
            {
                *fault = fault.beside_ca();
            }
            trouble
        };
        let mut answer = sending.headers(headers).send().await.map_err(failed)?;
        let status = answer.status().as_u16();
        let codings = answer.headers().get_all(CONTENT_ENCODING).iter();
        let codings: Vec<_> = codings.filter_map(|value| value.to_str().ok()).collect();
        let codings = codings.join(",");
        received(answer.headers().iter().map(|(_, value)| value.len()).sum());
        let fields = answer
            .headers()
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            })
            .collect();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            received(chunk.len());
            if body.len() + chunk.len() > self.limits.body {
                return Err(self.undecodable(Undecodable::TooLarge, origin));
            }
            body.extend_from_slice(&chunk);
        }
        let body = coding::decode(&codings, body, self.limits.body)
            .map_err(|why| self.undecodable(why, origin.clone()))?;
        if values(&body) > self.limits.values {
            return Err(self.undecodable(Undecodable::TooManyValues, origin));
        }
        Ok(Exchange {
            request,
            response: Response::new(status, fields, &body),
            elapsed: started.elapsed(),
        })
    }
}

impl Http {
    fn undecodable(&self, why: Undecodable, origin: String) -> Trouble {
        let (kind, detail) = match why {
            Undecodable::TooLarge => (
                TroubleKind::TooLarge,
                format!("more than {} bytes", self.limits.body),
            ),
            Undecodable::TooManyValues => (
                TroubleKind::TooLarge,
                format!("more than {} JSON values", self.limits.values),
            ),
            Undecodable::Unknown(coding) => (
                TroubleKind::Coding,
                format!(
                    "content coding `{coding}`, and only {} were offered",
                    coding::ACCEPTED
                ),
            ),
            Undecodable::Broken(coding) => (
                TroubleKind::Coding,
                format!("the body is not in the content coding `{coding}` that it names"),
            ),
        };
        Trouble {
            kind,
            origin,
            detail: Some(detail),
        }
    }
}

/// At least as many values as a JSON text has: one for each comma, object and list. Of other text this says nothing.
fn values(body: &[u8]) -> usize {
    let begins_json = body
        .iter()
        .find(|byte| !byte.is_ascii_whitespace())
        .is_some_and(|byte| matches!(byte, b'{' | b'['));
    if begins_json {
        let begins = |byte: &&u8| matches!(byte, b',' | b'{' | b'[');
        body.iter().filter(begins).count()
    } else {
        0
    }
}

/// Scheme, host and port of an address; the address itself if it is none, without what could be secret.
pub(crate) fn origin(url: &str) -> String {
    match Url::parse(url) {
        Ok(parsed) if parsed.has_host() => parsed.origin().ascii_serialization(),
        _ => url.split(['?', '#']).next().unwrap_or_default().to_owned(),
    }
}
