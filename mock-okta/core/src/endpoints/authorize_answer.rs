//! How an authorization request is answered: by a page, or at the client's address in the response mode asked for.

use crate::api_error;
use crate::behaviour::{AuthorizeError, AuthorizeResponseIss, PostMessageWithCode};
use crate::context::{Context, Outcome};
use crate::keys::ServerName;
use crate::org::uri;
use crate::pages;
use crate::refusal::{Refusal, Refused};
use crate::request::Params;

/// Where an answer goes, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reply<'a> {
    pub(super) server: &'a ServerName,
    pub(super) redirect_uri: &'a str,
    pub(super) mode: &'a str,
    pub(super) state: Option<&'a str>,
}

impl<'a> Reply<'a> {
    /// Before the request was judged: a mode that is not known is not used.
    pub(super) fn of(server: &'a ServerName, redirect_uri: &'a str, params: &'a Params) -> Self {
        let mode = params.get("response_mode");
        Self {
            server,
            redirect_uri,
            mode: mode
                .filter(|mode| ["fragment", "form_post", "okta_post_message"].contains(mode))
                .unwrap_or("query"),
            state: params.get("state"),
        }
    }

    /// What was granted.
    pub(super) fn grant(&self, cx: &Context<'_>, code: &str) -> Outcome {
        self.send(cx, &[("code", code)], None)
    }

    /// A refusal that the client receives.
    pub(super) fn refuse(&self, cx: &Context<'_>, refused: Refused) -> Outcome {
        let (error, text) = (refused.error(), refused.refusal.text());
        let pairs = [("error", error), ("error_description", text)];
        // What a mode is refused with does not travel by it.
        let mode = match refused.refusal {
            Refusal::ResponseModePostMessageWithCode => "query",
            _ => self.mode,
        };
        Self { mode, ..*self }.send(cx, &pairs, Some(refused))
    }

    /// The origin of the page that receives the answer as a message, where that is asked for and done.
    fn page_origin(&self, cx: &Context<'_>) -> Option<String> {
        let posts = self.mode == "okta_post_message"
            && cx.behaviours().post_message_with_code == PostMessageWithCode::WithPkce;
        posts.then(|| uri::origin(self.redirect_uri)).flatten()
    }

    fn send(&self, cx: &Context<'_>, pairs: &[(&str, &str)], refusal: Option<Refused>) -> Outcome {
        let mut all = pairs.to_vec();
        all.extend(self.state.map(|state| ("state", state)));
        let issuer = cx.issuer(self.server);
        let has_iss = cx.behaviours().authorize_response_iss == AuthorizeResponseIss::Yes;
        all.extend(has_iss.then_some(("iss", issuer.as_str())));
        if let Some(origin) = self.page_origin(cx) {
            return Outcome::Message {
                html: pages::post_message(&cx.org.name, &origin, &all),
                origin,
                refusal,
            };
        }
        let location = match self.mode {
            "form_post" => {
                return Outcome::Page {
                    status: 200,
                    html: pages::form_post(&cx.org.name, self.redirect_uri, &all),
                    refusal,
                };
            }
            "fragment" => format!("{}#{}", self.redirect_uri, encode(&all)),
            _ => with_query(self.redirect_uri, &all),
        };
        Outcome::Redirect { location, refusal }
    }
}

/// A refusal before the redirect URI is proven: a page for people, the API envelope for programs.
pub(super) fn to_page(cx: &Context<'_>, refused: Refused) -> Outcome {
    // Observed with 400 whatever the catalogue's status; an access that is denied stays one.
    let status = match refused.status() {
        403 => 403,
        _ => 400,
    };
    let as_page = match cx.behaviours().authorize_error {
        AuthorizeError::ByAccept => cx.request.wants_page(),
        AuthorizeError::Page => true,
        AuthorizeError::Json => false,
    };
    if as_page {
        return page(cx, status, refused);
    }
    api_error::refused(status, refused.error(), refused.refusal.text(), refused)
}

/// A page that shows a refusal to a person.
pub(super) fn page(cx: &Context<'_>, status: u16, refused: Refused) -> Outcome {
    let (error, text) = (refused.error(), refused.refusal.text());
    Outcome::Page {
        status,
        html: pages::authorize_error(&cx.org.name, error, text),
        refusal: Some(refused),
    }
}

/// `Set-Cookie` of the session. An org that is reached by https never sends it in the clear (RFC 6265 §4.1.2.5), and sends it
/// from the hidden frame of an app as well, which renews its tokens there; browsers demand `Secure` for that.
pub(super) fn session_cookie(cx: &Context<'_>, sid: &str, max_age: Option<u32>) -> String {
    let max_age = max_age.map_or(String::new(), |seconds| format!(" Max-Age={seconds};"));
    let site = if cx.base_url.starts_with("https://") {
        "None; Secure"
    } else {
        "Lax"
    };
    format!("sid={sid}; Path=/;{max_age} HttpOnly; SameSite={site}")
}

/// Adds query parameters to an address, keeping those it has.
pub(super) fn with_query(uri: &str, pairs: &[(&str, &str)]) -> String {
    if pairs.is_empty() {
        return uri.to_owned();
    }
    let join = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{join}{}", encode(pairs))
}

fn encode(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_the_query_it_has() {
        assert_eq!(
            with_query("https://a/cb?x=1", &[("code", "a b")]),
            "https://a/cb?x=1&code=a+b"
        );
    }
}
