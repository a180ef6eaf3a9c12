//! ID token → a service account of the vault.

use serde_json::json;

use super::SERVICE_ACCOUNT;
use super::vaulted_secret::EXPIRES_IN;
use crate::context::{Context, Members, value};
use crate::org::Client;
use crate::refusal::{Refusal, Refused};
use crate::rules::connection::{self, Resource, Wanted};
use crate::rules::subject_token::VerifiedSubject;
use crate::rules::{entitlement, scopes};

/// Resource → connection → entitlement → account.
pub fn run(
    cx: &mut Context<'_>,
    agent: &Client,
    subject: &VerifiedSubject<'_>,
) -> Result<Members, Refused> {
    scopes::judge_none(cx)?;
    let Resource::ServiceAccount(account) =
        connection::judge_resource(cx, agent, Wanted::ServiceAccount)?
    else {
        return Err(cx.gate.refuse(Refusal::UnsupportedResource));
    };
    entitlement::judge(cx, subject.user, &account.entitled_users)?;
    Ok(vec![
        value("issued_token_type", SERVICE_ACCOUNT),
        value(
            "service_account",
            json!({ "username": account.username.reveal(), "password": account.password.reveal() }),
        ),
        value("token_type", "N_A"),
        value("expires_in", EXPIRES_IN),
    ])
}
