//! Places in an answer that can be bent. The journal remembers which an answer had, so that it is known which tests a
//! bend can touch.

use super::Bend;
use crate::context::{Context, Outcome, Slot};
use crate::endpoints::Door;
use crate::refusal::Refusal;

/// One place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Site {
    // --- tokens
    IdToken,
    IdTokenWithNonce,
    IdJag,
    IdJagWithResource,
    IdJagWithEmail,
    IdJagWithActor,
    RedeemedToken,
    RedeemedTokenWithActor,
    // --- answers of the token endpoint
    AnyTokenAnswer,
    TokenByGet,
    CodeAnswer,
    CodeAnswerWithoutRefresh,
    CodeAnswerWithIdToken,
    RefreshAnswer,
    MachineAnswer,
    IdJagAnswer,
    RedeemAnswer,
    SecretAnswer,
    ServiceAccountAnswer,
    BrokeredAnswer,
    // --- refusals
    OauthError,
    Interaction,
    BasicChallenge,
    BearerChallenge,
    ApiChallenge,
    ErrorRedirect,
    // --- the rest of the wire
    CodeRedirect,
    Metadata,
    OrgMetadata,
    CustomMetadata,
    Keys,
    UserInfo,
    ActiveToken,
    InactiveToken,
    Revocation,
    // --- decisions: recipes mark these as they pass
    ScopeGrant,
    ScopeCheck,
    ConsentLookup,
    ConsentOfUser,
    ConsentOfAgent,
    RevokedLookup,
    RevocationOfOwn,
    RevocationOfForeign,
    ChosenActor,
    AudienceList,
    EmbeddedKey,
    EmbeddedCertificate,
    DuplicateMember,
    TokenAlgorithm,
    UnknownHeader,
    DateFraction,
    RotatedKey,
    RotatedKeys,
}

/// A set of places.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sites(u64);

impl Sites {
    pub(crate) fn add(&mut self, site: Site) {
        self.0 |= 1 << site as u8;
    }

    pub(crate) fn has(self, site: Site) -> bool {
        self.0 & (1 << site as u8) != 0
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Bends that change something here.
    pub(crate) fn bends(self) -> impl Iterator<Item = Bend> {
        Bend::ALL
            .iter()
            .copied()
            .filter(move |bend| self.has(bend.site()))
    }
}

/// As the ids of the bends that would change the answer.
impl serde::Serialize for Sites {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.bends().map(|bend| format!("bend/{}", bend.id())))
    }
}

/// The places of an answer.
pub(super) fn sites(cx: &Context<'_>, door: Door, outcome: &Outcome) -> Sites {
    let mut sites = Sites::default();
    match outcome {
        Outcome::Json { members, .. } => match door {
            Door::Token => token_answer(cx, members, &mut sites),
            Door::OpenIdMetadata | Door::OauthMetadata => {
                sites.add(Site::Metadata);
                sites.add(match cx.server {
                    crate::keys::ServerName::Org => Site::OrgMetadata,
                    crate::keys::ServerName::Custom(_) => Site::CustomMetadata,
                });
            }
            Door::Keys => {
                sites.add(Site::Keys);
                let keys = cx.keys.server(&cx.server);
                if keys.is_some_and(|keys| !keys.retired.is_empty()) {
                    sites.add(Site::RotatedKeys);
                }
            }
            Door::UserInfo => sites.add(Site::UserInfo),
            Door::Introspect => sites.add(if is_active(members) {
                Site::ActiveToken
            } else {
                Site::InactiveToken
            }),
            _ => {}
        },
        Outcome::Refused(refused) => {
            sites.add(Site::OauthError);
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
        }
        Outcome::Empty(_) if door == Door::Revoke => sites.add(Site::Revocation),
        Outcome::ApiError { .. } | Outcome::Page { .. } | Outcome::Empty(_) => {}
    }
    sites
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
            if member(members, "refresh_token").is_none() {
                sites.add(Site::CodeAnswerWithoutRefresh);
            }
            if plan("id_token").is_some() {
                sites.add(Site::CodeAnswerWithIdToken);
            }
        }
        Some("refresh_token") => sites.add(Site::RefreshAnswer),
        Some("client_credentials") => sites.add(Site::MachineAnswer),
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
