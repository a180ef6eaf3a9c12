//! ID token → a third party's access token, brokered by Okta (OAuth STS). The first time the user must consent.

use super::OAUTH_STS;
use crate::behaviour::StsResponseScope;
use crate::context::{Context, Members, value};
use crate::defect::Bend;
use crate::org::{Client, ConnectionTarget, ThirdParty};
use crate::refusal::{Refusal, Refused};
use crate::rules::connection::{self, Resource, Wanted};
use crate::rules::subject_token::VerifiedSubject;
use crate::rules::{parameters, scopes};
use crate::secret::Secret;
use crate::state::{Consent, ConsentKey, DataHandle, MEMORY_SECONDS, State, ThirdPartyToken};

/// Seconds for which an `interaction_uri` may be followed.
const HANDLE_LIFETIME: i64 = 600;

/// Consent belongs to a user, so the subject must be one.
///
/// # Errors
/// `oauth_sts_user_subject_required`
pub(super) fn judge_subject_type(cx: &mut Context<'_>) -> Result<(), Refused> {
    let kind = parameters::required(cx, "subject_token_type")?;
    let machine = kind == "urn:ietf:params:oauth:token-type:access_token";
    cx.gate.require(!machine, Refusal::StsUserRequired)
}

/// Resource → connection → consent → the third party's token.
pub fn run(
    cx: &mut Context<'_>,
    agent: &Client,
    subject: &VerifiedSubject<'_>,
) -> Result<Members, Refused> {
    scopes::judge_none(cx)?;
    let Resource::ThirdParty {
        third_party,
        scopes: asked,
        connection,
    } = connection::judge_resource(cx, agent, Wanted::ThirdParty)?
    else {
        return Err(cx.gate.refuse(Refusal::UnsupportedResource));
    };
    let key = ConsentKey {
        user: subject.user.id.clone(),
        agent: agent.id.clone(),
        connection: connection.id.clone(),
    };
    let key = bent(cx, key, third_party, asked);
    let Some((token, expires_in, granted)) = stored_token(cx, &key, third_party) else {
        let handle = DataHandle {
            key,
            third_party: third_party.id.clone(),
            scopes: asked.to_vec(),
        };
        return Err(interaction(cx, handle));
    };
    cx.granted_scopes = Some(granted.clone());
    let mut members = vec![
        value("issued_token_type", OAUTH_STS),
        value("access_token", token),
        value("token_type", "Bearer"),
        value("expires_in", expires_in),
    ];
    if cx.behaviours().sts_response_scope == StsResponseScope::Echo {
        members.push(value("scope", granted));
    }
    Ok(members)
}

/// Whose consent an org with a defect goes by: the user's own for this agent, unless it mixes consents up or asks for
/// none.
fn bent(
    cx: &mut Context<'_>,
    key: ConsentKey,
    third_party: &ThirdParty,
    asked: &[String],
) -> ConsentKey {
    if cx.state.consents.contains_key(&key) {
        return key;
    }
    let same = |other: &&ConsentKey| {
        let target = |key: &ConsentKey| cx.org.connections.get(&key.connection).map(|c| &c.target);
        match (target(other), target(&key)) {
            (
                Some(ConnectionTarget::ThirdParty {
                    third_party: one, ..
                }),
                Some(ConnectionTarget::ThirdParty {
                    third_party: two, ..
                }),
            ) => one == two,
            _ => false,
        }
    };
    let of = |wanted: fn(&ConsentKey, &ConsentKey) -> bool| {
        let mut all = cx.state.consents.keys().filter(same);
        all.find(|other| wanted(other, &key)).cloned()
    };
    let of_user = of(|other, key| other.user != key.user);
    let of_agent = of(|other, key| other.agent != key.agent);
    if let Some(other) = of_user
        && cx.gate.bent(Bend::ConsentOfUser)
    {
        return other;
    }
    if let Some(other) = of_agent
        && cx.gate.bent(Bend::ConsentOfAgent)
    {
        return other;
    }
    if cx.gate.bent(Bend::ConsentNotAsked) {
        let handle = DataHandle {
            key: key.clone(),
            third_party: third_party.id.clone(),
            scopes: asked.to_vec(),
        };
        consented(cx.state, &handle, third_party, cx.now);
    }
    key
}

/// The stored token, or a new one when the third party gave Okta a refresh token.
fn stored_token(
    cx: &mut Context<'_>,
    key: &ConsentKey,
    third_party: &ThirdParty,
) -> Option<(String, i64, String)> {
    let now = cx.now;
    let consent = cx.state.consents.get(key)?.clone();
    let live = consent
        .access_token
        .as_ref()
        .and_then(|token| {
            cx.state
                .third_party_tokens
                .get(token.reveal(), now)
                .map(|found| (token.reveal().to_owned(), found.expires_at))
        })
        .filter(|(_, expires_at)| now < *expires_at);
    let (token, expires_at) = match live {
        Some(live) => live,
        None if consent.refresh => mint(cx.state, key, third_party, &consent.scopes, now),
        None => return None,
    };
    Some((token, expires_at - now, consent.scopes.join(" ")))
}

/// The user said yes: the third party hands Okta a token.
pub fn consented(state: &mut State, handle: &DataHandle, third_party: &ThirdParty, now: i64) {
    let consent = Consent {
        access_token: None,
        refresh: third_party.refresh,
        scopes: handle.scopes.clone(),
    };
    state.consents.insert(handle.key.clone(), consent);
    mint(state, &handle.key, third_party, &handle.scopes, now);
}

/// The third party mints a token of its own, and Okta stores it.
fn mint(
    state: &mut State,
    key: &ConsentKey,
    third_party: &ThirdParty,
    scopes: &[String],
    now: i64,
) -> (String, i64) {
    let token = state.token(&format!("{}_", third_party.id));
    let expires_at = now + third_party.access_token_lifetime.as_secs();
    let record = ThirdPartyToken {
        third_party: third_party.id.clone(),
        key: key.clone(),
        scopes: scopes.to_vec(),
        expires_at,
    };
    state
        .third_party_tokens
        .insert(&token, expires_at + MEMORY_SECONDS, record, now);
    if let Some(consent) = state.consents.get_mut(key) {
        consent.access_token = Some(Secret::new(token.as_str()));
    }
    (token, expires_at)
}

/// `interaction_required`, with the address to which the user must go.
fn interaction(cx: &mut Context<'_>, handle: DataHandle) -> Refused {
    let text = cx.state.token("");
    cx.state
        .data_handles
        .insert(&text, cx.now + HANDLE_LIFETIME, handle, cx.now);
    let mut refused = cx.gate.refuse(Refusal::StsInteraction);
    refused.interaction_uri = Some(format!(
        "{}/oauth2/v1/sts/redirect?dataHandle={text}",
        cx.base_url
    ));
    refused
}
