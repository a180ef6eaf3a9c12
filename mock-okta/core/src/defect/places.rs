//! Which places an answer has.

use super::site::{Site, Sites};
use crate::context::{Context, Outcome, Slot};
use crate::endpoints::Endpoint;
use crate::keys::ServerName;
use crate::refusal::Refusal;

/// The places of an answer.
pub(super) fn sites(cx: &Context<'_>, endpoint: Endpoint, outcome: &Outcome) -> Sites {
    let mut sites = Sites::default();
    match outcome {
        Outcome::Json { members, .. } => match endpoint {
            Endpoint::Token => token_answer(cx, members, &mut sites),
            Endpoint::OpenIdMetadata | Endpoint::OauthMetadata => {
                metadata(cx, endpoint, &mut sites);
            }
            Endpoint::ResourceMetadata => sites.add(Site::ResourceMetadata),
            Endpoint::Keys => {
                sites.add(Site::Keys);
                let keys = cx.keys.server(&cx.server);
                if keys.is_some_and(|keys| !keys.retired.is_empty()) {
                    sites.add(Site::RotatedKeys);
                }
            }
            Endpoint::UserInfo => sites.add(Site::UserInfo),
            Endpoint::Introspect => sites.add(if is_active(members) {
                Site::ActiveToken
            } else {
                Site::InactiveToken
            }),
            // None of these answers with JSON of its own that a change is about.
            Endpoint::Authorize
            | Endpoint::AuthorizeResume
            | Endpoint::Revoke
            | Endpoint::Logout
            | Endpoint::SignIn
            | Endpoint::Consent
            | Endpoint::StsRedirect
            | Endpoint::StsCallback
            | Endpoint::ThirdPartyAuthorize
            | Endpoint::ProtectedResource
            | Endpoint::Authn
            | Endpoint::Management
            | Endpoint::OrgMetadata
            | Endpoint::Front
            | Endpoint::NotFound => {}
        },
        Outcome::Refused(refused) => {
            sites.add(Site::OauthError);
            if endpoint == Endpoint::Token {
                sites.add(Site::TokenError);
                if cx.server != ServerName::Org {
                    sites.add(Site::CustomTokenError);
                }
            }
            if refused.refusal == Refusal::StsInteraction {
                sites.add(Site::Interaction);
            }
            if refused.status() == 401 && cx.request.authorization("Basic").is_some() {
                sites.add(Site::BasicChallenge);
            }
        }
        Outcome::Challenge { .. } => sites.add(Site::BearerChallenge),
        Outcome::Redirect {
            refusal, location, ..
        } => {
            if refusal.is_some() {
                sites.add(Site::ErrorRedirect);
            } else if brings_code(location) {
                sites.add(Site::CodeRedirect);
            }
            if endpoint == Endpoint::SignIn {
                sites.add(Site::SignInRedirect);
            } else if endpoint == Endpoint::Consent {
                sites.add(Site::ConsentRedirect);
            }
        }
        Outcome::Page {
            status, refusal, ..
        } => page(endpoint, *status, refusal.is_some(), &mut sites),
        Outcome::Empty(200) if endpoint == Endpoint::Revoke => sites.add(Site::Revocation),
        Outcome::ApiError { .. }
        | Outcome::Api { .. }
        | Outcome::Message { .. }
        | Outcome::Empty(_) => {}
    }
    if endpoint == Endpoint::Authorize {
        sites.add(Site::AuthorizeAnswer);
    }
    sites
}

fn metadata(cx: &Context<'_>, endpoint: Endpoint, sites: &mut Sites) {
    sites.add(Site::Metadata);
    sites.add(match endpoint {
        Endpoint::OpenIdMetadata => Site::OpenIdMetadata,
        _ => Site::OauthMetadata,
    });
    sites.add(match cx.server {
        ServerName::Org => Site::OrgMetadata,
        ServerName::Custom(_) => Site::CustomMetadata,
    });
}

fn page(endpoint: Endpoint, status: u16, refused: bool, sites: &mut Sites) {
    match (endpoint, status) {
        (Endpoint::SignIn, 200 | 403) => sites.add(Site::SignInPage),
        (Endpoint::Consent, 200) if !refused => sites.add(Site::ConsentPage),
        (Endpoint::Authorize | Endpoint::AuthorizeResume, 200) => sites.add(Site::FormPost),
        (Endpoint::Authorize, _) if refused => sites.add(Site::ErrorPage),
        _ => {}
    }
}

fn token_answer(cx: &Context<'_>, members: &[(String, Slot)], sites: &mut Sites) {
    let form = cx.form();
    sites.add(Site::AnyTokenAnswer);
    let signs = members
        .iter()
        .any(|(_, slot)| matches!(slot, Slot::Jwt(_) | Slot::IdToken(_)));
    let keys = cx.keys.server(&cx.server);
    if signs && keys.is_some_and(|keys| keys.previous.is_some()) {
        sites.add(Site::RotatedKey);
    }
    let text = |name: &str| member(members, name).and_then(text_of);
    let plan = |name: &str| match member(members, name) {
        Some(Slot::Jwt(plan) | Slot::IdToken(plan)) => Some(plan),
        _ => None,
    };
    if let Some(id_token) = plan("id_token") {
        sites.add(Site::IdToken);
        if id_token.claims.contains_key("nonce") {
            sites.add(Site::IdTokenWithNonce);
        }
    }
    match form.get("grant_type") {
        Some("authorization_code") => {
            sites.add(Site::CodeAnswer);
            sites.add(Site::CodeToken);
            if cx.server != ServerName::Org {
                sites.add(Site::CustomCodeAnswer);
            }
            if member(members, "refresh_token").is_none() {
                sites.add(Site::CodeAnswerWithoutRefresh);
            }
            if plan("id_token").is_some() {
                sites.add(Site::CodeAnswerWithIdToken);
            }
        }
        Some("refresh_token") => {
            sites.add(Site::RefreshAnswer);
            sites.add(Site::RefreshedToken);
            if plan("id_token").is_some() {
                sites.add(Site::RefreshedIdToken);
            }
        }
        Some("client_credentials") => {
            sites.add(Site::MachineAnswer);
            sites.add(Site::MachineToken);
        }
        Some("urn:ietf:params:oauth:grant-type:jwt-bearer") => {
            sites.add(Site::RedeemAnswer);
            sites.add(Site::RedeemedToken);
            if plan("access_token").is_some_and(|plan| plan.claims.contains_key("act")) {
                sites.add(Site::RedeemedTokenWithActor);
            }
        }
        _ => match text("issued_token_type").and_then(|kind| kind.rsplit(':').next()) {
            Some("id-jag") => {
                sites.add(Site::IdJagAnswer);
                sites.add(Site::IdJag);
                let has =
                    |claim| plan("access_token").is_some_and(|p| p.claims.contains_key(claim));
                for (claim, site) in [
                    ("resource", Site::IdJagWithResource),
                    ("email", Site::IdJagWithEmail),
                    ("act", Site::IdJagWithActor),
                ] {
                    if has(claim) {
                        sites.add(site);
                    }
                }
                if form.has("act") {
                    sites.add(Site::ChosenActor);
                }
            }
            Some("vaulted-secret") => sites.add(Site::SecretAnswer),
            Some("service-account") => sites.add(Site::ServiceAccountAnswer),
            Some("oauth-sts") => sites.add(Site::BrokeredAnswer),
            _ => {}
        },
    }
}

/// Whether an address brings the client a code, which a state that holds the word does not.
fn brings_code(location: &str) -> bool {
    let parameters = location.split(['?', '#']).skip(1);
    parameters
        .flat_map(|part| form_urlencoded::parse(part.as_bytes()))
        .any(|(name, _)| name == "code")
}

pub(super) fn member<'m>(members: &'m [(String, Slot)], name: &str) -> Option<&'m Slot> {
    members
        .iter()
        .find_map(|(known, slot)| (known == name).then_some(slot))
}

fn text_of(slot: &Slot) -> Option<&str> {
    match slot {
        Slot::Value(value) => value.as_str(),
        Slot::Jwt(_) | Slot::IdToken(_) => None,
    }
}

fn is_active(members: &[(String, Slot)]) -> bool {
    matches!(member(members, "active"), Some(Slot::Value(value)) if value.as_bool() == Some(true))
}
