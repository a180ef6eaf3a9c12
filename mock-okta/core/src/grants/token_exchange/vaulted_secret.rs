//! ID token → a secret of the vault. There is no `access_token` in the answer: the value is not a token.

use serde_json::{Map, Value};

use super::VAULTED_SECRET;
use crate::context::{Context, Members, value};
use crate::org::Client;
use crate::refusal::{Refusal, Refused};
use crate::rules::connection::{self, Resource, Wanted};
use crate::rules::subject_token::VerifiedSubject;
use crate::rules::{entitlement, scopes};

/// Seconds for which the guide lets a vaulted value be used.
pub(super) const EXPIRES_IN: i64 = 300;

/// Resource → connection → entitlement → value.
pub fn run(
    cx: &mut Context<'_>,
    agent: &Client,
    subject: &VerifiedSubject<'_>,
) -> Result<Members, Refused> {
    scopes::judge_none(cx)?;
    let Resource::Secret(secret) = connection::judge_resource(cx, agent, Wanted::Secret)? else {
        return Err(cx.gate.refuse(Refusal::UnsupportedResource));
    };
    entitlement::judge(cx, subject.user, &secret.entitled_users)?;
    let members: Map<String, Value> = secret
        .value
        .iter()
        .map(|(name, part)| (name.clone(), Value::from(part.reveal())))
        .collect();
    Ok(vec![
        value("issued_token_type", VAULTED_SECRET),
        value("vaulted_secret", members),
        value("token_type", "N_A"),
        value("expires_in", EXPIRES_IN),
    ])
}
