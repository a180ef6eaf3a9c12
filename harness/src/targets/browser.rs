//! A browser that a program drives: follows redirects within the target, keeps cookies for one walk, fills one form,
//! and never asks the client's own redirect address for anything.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use url::Url;

use super::http::origin;
use super::{Sender, Trouble, TroubleKind};
use crate::exchange::{Exchange, Party, Payload, RequestSpec};

/// How many redirects are followed in a walk.
const MOST_HOPS: usize = 6;
/// Forms that a walk may fill in: a sign-in and a decision.
const MOST_FORMS: usize = 2;
/// Requests of a walk: the first, what it is redirected to, and the forms.
pub const MOST_REQUESTS_OF_A_WALK: usize = 1 + MOST_HOPS + MOST_FORMS;

/// A walk: where it begins, what is filled in, where it ends.
#[derive(Clone)]
pub struct Walk {
    /// The first request.
    pub start: RequestSpec,
    /// Addresses at which the walk ends without asking them: the client's redirect URIs.
    pub ends_at: Vec<String>,
    /// Origins that may be asked, besides that of the first request.
    pub within: Vec<String>,
    /// What is posted to the pages that come up, one after the other; a page beyond them is left as it is.
    pub forms: Vec<Vec<(String, String)>>,
    /// The browser, where it keeps its cookies for later walks.
    pub browser: Option<String>,
    /// Whether the user leaves once a page was answered: the redirect is not followed.
    pub leaves: bool,
}

impl Walk {
    /// A walk that begins with this request in a fresh browser and fills in nothing.
    pub fn new(start: RequestSpec) -> Self {
        Self {
            start,
            ends_at: Vec::new(),
            within: Vec::new(),
            forms: Vec::new(),
            browser: None,
            leaves: false,
        }
    }
}

/// The browsers of a case: cookies by name. A walk that names none begins without cookies and leaves none.
#[derive(Debug, Default)]
pub struct Browsers(Mutex<BTreeMap<String, Cookies>>);

impl Browsers {
    fn open(&self, name: Option<&String>) -> Cookies {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        name.and_then(|name| kept.get(name).cloned())
            .unwrap_or_default()
    }

    fn close(&self, name: Option<String>, cookies: Cookies) {
        if let Some(name) = name {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.insert(name, cookies);
        }
    }
}

/// Shows where it begins.
impl std::fmt::Debug for Walk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Walk({:?})", self.start)
    }
}

/// A walk that was made: every exchange in order, and what ended it early.
#[derive(Debug, Default)]
pub struct Walked {
    /// In order; the last one's answer is the walk's.
    pub exchanges: Vec<Exchange>,
    /// The request that got no answer.
    pub trouble: Option<(RequestSpec, Trouble)>,
}

/// Makes a walk.
pub async fn walk(sender: &Sender, mut walk: Walk, browsers: &Browsers) -> Walked {
    let browser = walk.browser.take();
    let mut cookies = browsers.open(browser.as_ref());
    let walked = go(sender, walk, &mut cookies).await;
    browsers.close(browser, cookies);
    walked
}

async fn go(sender: &Sender, walk: Walk, cookies: &mut Cookies) -> Walked {
    let Walk {
        start,
        ends_at,
        mut within,
        forms,
        leaves,
        browser: _,
    } = walk;
    let mut forms = forms.into_iter();
    let mut answered = false;
    let party = start.party;
    within.push(origin(&start.full_url()));
    let mut walked = Walked::default();
    let mut next = start;
    let mut hops = 0;
    loop {
        let asked = next.full_url();
        next.by_browser = true;
        next.headers.push((
            "accept".to_owned(),
            "text/html, application/json;q=0.9".to_owned(),
        ));
        cookies.add_to(&mut next, &origin(&asked));
        let exchange = match sender.send(next.clone()).await {
            Ok(exchange) => exchange,
            Err(trouble) => {
                walked.trouble = Some((next, trouble));
                return walked;
            }
        };
        cookies.take_from(&exchange, &origin(&asked));
        let response = &exchange.response;
        let location = response
            .header("location")
            .filter(|_| response.is_redirect());
        let is_page = location.is_none() && response.status == 200;
        walked.exchanges.push(exchange);

        if let Some(location) = location {
            let Some(target) = resolve(&asked, &location) else {
                return walked;
            };
            let ended = (leaves && answered)
                || ends_at
                    .iter()
                    .any(|end| is_at(&location, end) || is_at(&target, end));
            if ended || !within.contains(&origin(&target)) {
                return walked;
            }
            hops += 1;
            next = RequestSpec::new(party, "GET", target);
            if hops > MOST_HOPS {
                let trouble = Trouble {
                    kind: TroubleKind::RedirectLoop,
                    origin: origin(&next.url),
                    detail: Some(format!("more than {MOST_HOPS} redirects")),
                };
                walked.trouble = Some((next, trouble));
                return walked;
            }
        } else if let Some(fields) = forms.next().filter(|_| is_page) {
            answered = true;
            next = RequestSpec::new(party, "POST", asked);
            next.payload = Payload::Form(fields);
        } else {
            return walked;
        }
    }
}

/// The walk of the sign-in page.
pub fn sign_in_form(username: &str, password: &str) -> Vec<(String, String)> {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![field("username", username), field("password", password)]
}

/// What is posted to a consent page.
pub fn decision(allow: bool) -> Vec<(String, String)> {
    let decision = if allow { "allow" } else { "deny" };
    vec![("decision".to_owned(), decision.to_owned())]
}

/// The walk of the third party's consent page.
pub fn consent(interaction_uri: &str, allow: bool, within: Vec<String>) -> Walk {
    Walk {
        within,
        forms: vec![decision(allow)],
        ..Walk::new(RequestSpec::new(Party::Resource, "GET", interaction_uri))
    }
}

/// Whether an address is a redirect URI, with parameters or without.
fn is_at(address: &str, redirect_uri: &str) -> bool {
    let rest = address.strip_prefix(redirect_uri);
    !redirect_uri.is_empty()
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#', '&']))
}

fn resolve(base: &str, location: &str) -> Option<String> {
    let url = Url::parse(base).ok()?.join(location).ok()?;
    Some(url.into())
}

/// Cookies of a browser. A name and the origin that set it: attributes that restrict more are not needed here.
#[derive(Clone, Default)]
struct Cookies(Vec<(String, String, String)>);

/// They are sessions of users, so none is shown.
impl std::fmt::Debug for Cookies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cookies({})", self.0.len())
    }
}

impl Cookies {
    fn add_to(&self, request: &mut RequestSpec, origin: &str) {
        let own = self.0.iter().filter(|(owner, _, _)| owner == origin);
        let line: Vec<_> = own
            .map(|(_, name, value)| format!("{name}={value}"))
            .collect();
        if !line.is_empty() {
            request.headers.push(("cookie".to_owned(), line.join("; ")));
        }
    }

    fn take_from(&mut self, exchange: &Exchange, origin: &str) {
        let headers = exchange.response.headers.iter();
        for (_, line) in headers.filter(|(name, _)| name == "set-cookie") {
            let mut parts = line.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            self.0
                .retain(|(owner, known, _)| owner != origin || known != name);
            let gone = parts.any(|attribute| attribute.eq_ignore_ascii_case("max-age=0"));
            if !gone && !value.is_empty() {
                self.0
                    .push((origin.to_owned(), name.to_owned(), value.to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_uri_is_recognised_with_its_parameters_only() {
        assert!(is_at(
            "http://localhost:1/cb?code=x",
            "http://localhost:1/cb"
        ));
        assert!(is_at(
            "http://localhost:1/cb#error=x",
            "http://localhost:1/cb"
        ));
        assert!(!is_at(
            "http://localhost:1/cb.evil",
            "http://localhost:1/cb"
        ));
        assert!(!is_at("http://localhost:1/cb", ""));
    }
}
