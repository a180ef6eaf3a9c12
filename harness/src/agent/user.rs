//! Ada at her browser: opens the links that she is shown, signs in, consents or refuses, and is sent back to the agent.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use url::Url;

use super::form_post;
use super::view::BROWSER_FIELD;
use crate::exchange::{Exchange, Party, Payload, RequestSpec};
use crate::scenario::agent::model::{CallbackChange, UserActs};
use crate::targets::{Http, decision, origin, sign_in_form};

/// Redirects and pages of one link.
const MOST_PAGES: usize = 16;
/// How long an agent may take until it listens at its redirect URI.
const LISTENER: Duration = Duration::from_secs(3);

/// A user, and what she does.
pub(super) struct User {
    pub(super) http: Http,
    pub(super) org: String,
    pub(super) login: String,
    pub(super) password: String,
    /// Where the org sends her back to.
    pub(super) redirect_uri: String,
    pub(super) acts: UserActs,
    pub(super) callback: Option<CallbackChange>,
    /// Whether she came back to the agent.
    pub(super) has_returned: bool,
    /// Where the agent sent her at the org, besides the links that it asked to have opened.
    pub(super) visited: Vec<String>,
    /// By origin and name.
    pub(super) cookies: BTreeMap<(String, String), String>,
}

/// An authorization response on its way to the agent.
struct Callback {
    /// The redirect URI with the response as its query.
    location: String,
    /// Whether the browser posts the response instead.
    is_posted: bool,
}

impl User {
    /// Opens a link and does what the pages ask. Why she could not go on is in the words that come back.
    pub(super) async fn open(&mut self, link: &str) -> Result<(), String> {
        if self.acts == UserActs::Ignores {
            return Ok(());
        }
        let mut next = RequestSpec::new(Party::Org, "GET", link);
        for _ in 0..MOST_PAGES {
            let sends_back = match self.acts {
                UserActs::Cancels => {
                    Some(("access_denied", "The resource owner denied the request."))
                }
                UserActs::MeetsPkceError => Some((
                    "invalid_request",
                    "The code challenge method is not supported.",
                )),
                UserActs::Allows | UserActs::Denies | UserActs::Ignores => None,
            };
            if let Some(error) = sends_back.filter(|_| self.is_sign_in(&next.url)) {
                // The org sees the request all the same.
                self.send(next.clone()).await?;
                let back = self.error_response(&next.full_url(), error);
                self.deliver(back).await?;
                return Ok(());
            }
            let exchange = self.send(next.clone()).await?;
            let response = &exchange.response;
            let back = match exchange.redirects_to() {
                Some(location) if !self.is_callback(&location) => {
                    next = RequestSpec::new(Party::Org, "GET", location);
                    continue;
                }
                Some(location) => Some(Callback {
                    location,
                    is_posted: false,
                }),
                None => self.posted_callback(&response.text),
            };
            if let Some(back) = back {
                // A web app may send her back to the org at once: to the consent of a third party.
                match self.deliver(back).await? {
                    Some(link) => {
                        self.visited.push(link.clone());
                        next = RequestSpec::new(Party::Org, "GET", link);
                        continue;
                    }
                    None => return Ok(()),
                }
            }
            let Some(fields) = self.fill_in(&exchange) else {
                return Ok(());
            };
            next = RequestSpec::new(Party::Org, "POST", exchange.request.full_url());
            next.payload = Payload::Form(fields);
            if response.status >= 400 && matches!(exchange.request.payload, Payload::Form(_)) {
                return Err(format!(
                    "the page answers {} to what the user filled in",
                    response.status
                ));
            }
        }
        Err("one page leads to another without end".to_owned())
    }

    async fn send(&mut self, mut request: RequestSpec) -> Result<Exchange, String> {
        let own = origin(&request.full_url());
        let cookies = self.cookies.iter().filter(|((of, _), _)| *of == own);
        let line: Vec<_> = cookies
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        if !line.is_empty() {
            request = request.header("cookie", line.join("; "));
        }
        if own == self.org {
            request = request.header(BROWSER_FIELD, "1");
        }
        request = request.header("accept", "text/html,application/xhtml+xml");
        let sent = self.http.send(request, |_| ()).await;
        let exchange = sent.map_err(|trouble| trouble.to_string())?;
        for (_, line) in exchange
            .response
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
        {
            let pair = line.split(';').next().and_then(|pair| pair.split_once('='));
            if let Some((name, value)) = pair {
                self.cookies
                    .insert((own.clone(), name.trim().to_owned()), value.to_owned());
            }
        }
        Ok(exchange)
    }

    /// What is posted to a page; `None` where it asks for nothing.
    fn fill_in(&self, exchange: &Exchange) -> Option<Vec<(String, String)>> {
        let response = &exchange.response;
        if origin(&exchange.request.url) != self.org || response.media_type() != "text/html" {
            return None;
        }
        let page = &response.text;
        if page.contains("name=\"password\"") {
            return Some(sign_in_form(&self.login, &self.password));
        }
        page.contains("name=\"decision\"")
            .then(|| decision(self.acts != UserActs::Denies))
    }

    fn is_sign_in(&self, url: &str) -> bool {
        url.starts_with(&self.org)
            && url
                .split('?')
                .next()
                .is_some_and(|path| path.ends_with("/authorize"))
            && !url.contains("/third-party/")
    }

    /// Where the org sends a user with an error (RFC 6749 section 4.1.2.1).
    fn error_response(&self, authorize: &str, (error, description): (&str, &str)) -> Callback {
        let query = authorize.split_once('?').map_or("", |(_, query)| query);
        let parameter = |name: &str| {
            let mut query = form_urlencoded::parse(query.as_bytes());
            query
                .find(|(known, _)| known == name)
                .map(|(_, value)| value)
        };
        let mut answer = form_urlencoded::Serializer::new(String::new());
        answer.append_pair("error", error);
        answer.append_pair("error_description", description);
        if let Some(state) = parameter("state") {
            answer.append_pair("state", &state);
        }
        let separator = if self.redirect_uri.contains('?') {
            '&'
        } else {
            '?'
        };
        Callback {
            location: format!("{}{separator}{}", self.redirect_uri, answer.finish()),
            is_posted: parameter("response_mode").as_deref() == Some("form_post"),
        }
    }

    fn posted_callback(&self, page: &str) -> Option<Callback> {
        let location = form_post::as_redirect(page)?;
        self.is_callback(&location).then_some(Callback {
            location,
            is_posted: true,
        })
    }

    fn is_callback(&self, location: &str) -> bool {
        let rest = location.strip_prefix(&self.redirect_uri);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#', '&']))
    }

    /// Goes back to the agent. What its page answers is its own business; a page that redirects further is followed there. What
    /// comes back is where it sends her at the org, if it does.
    async fn deliver(&mut self, back: Callback) -> Result<Option<String>, String> {
        let location = match self.callback {
            Some(change) => changed(&back.location, change, &self.org),
            None => back.location,
        };
        let mut request = RequestSpec::new(Party::Resource, "GET", location);
        if back.is_posted {
            let members = form_post::members(&request.url, &self.redirect_uri);
            request = RequestSpec::new(Party::Resource, "POST", self.redirect_uri.clone());
            request.payload = Payload::Form(members);
        }
        let mut link = self.follow(request.clone()).await?;
        self.has_returned = true;
        if self.callback == Some(CallbackChange::Twice) {
            // Many programs listen for one request only.
            let again = self.send(request).await;
            link = link.or(again.ok().and_then(|exchange| exchange.redirects_to()));
        }
        Ok(link.filter(|link| origin(link) == self.org))
    }

    async fn follow(&mut self, mut request: RequestSpec) -> Result<Option<String>, String> {
        let latest = Instant::now() + LISTENER;
        for _ in 0..MOST_PAGES {
            let exchange = loop {
                match self.send(request.clone()).await {
                    Ok(exchange) => break exchange,
                    // An agent may open the link first and listen then.
                    Err(_) if Instant::now() < latest => tokio::time::sleep(LISTENER / 60).await,
                    Err(why) => {
                        return Err(format!("the agent's redirect URI cannot be reached: {why}"));
                    }
                }
            };
            match exchange.redirects_to() {
                Some(further) if origin(&further) == self.org => return Ok(Some(further)),
                Some(further) => request = RequestSpec::new(Party::Resource, "GET", further),
                None => return Ok(None),
            }
        }
        Ok(None)
    }
}

/// The redirect with one parameter changed, as an attacker or a mix-up would.
fn changed(location: &str, change: CallbackChange, org: &str) -> String {
    let Ok(mut url) = Url::parse(location) else {
        return location.to_owned();
    };
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let new = |name: &str, value: String| match (name, change) {
        ("state", CallbackChange::StateDropped) => None,
        ("state", CallbackChange::StateOther) => Some("another-state-0123456789".to_owned()),
        ("iss", CallbackChange::IssOther) => Some("https://login.example.com".to_owned()),
        ("iss", CallbackChange::IssSlash) => Some(format!("{value}/")),
        _ => Some(value),
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut has_iss = false;
    for (name, value) in pairs {
        has_iss |= name == "iss";
        if let Some(value) = new(&name, value) {
            query.append_pair(&name, &value);
        }
    }
    if !has_iss {
        let added = match change {
            CallbackChange::IssOther => Some("https://login.example.com".to_owned()),
            CallbackChange::IssSlash => Some(format!("{org}/")),
            _ => None,
        };
        if let Some(iss) = added {
            query.append_pair("iss", &iss);
        }
    }
    url.set_query(Some(&query.finish()));
    url.into()
}
