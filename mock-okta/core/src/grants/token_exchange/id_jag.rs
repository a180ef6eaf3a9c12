//! ID token → ID-JAG: the first leg of Cross App Access (ID-JAG draft -04 §4.3).

use super::ID_JAG;
use crate::behaviour::{IdJagResponseScope, IdJagTokenType};
use crate::context::{Context, Members, Slot, value};
use crate::keys::ServerName;
use crate::org::Client;
use crate::refusal::{Refusal, Refused};
use crate::rules::subject_token::VerifiedSubject;
use crate::rules::{connection, monthly_cap, scopes};
use crate::tokens::id_jag;

/// Audience → connection → scopes → ID-JAG.
pub fn run(
    cx: &mut Context<'_>,
    agent: &Client,
    subject: &VerifiedSubject<'_>,
) -> Result<Members, Refused> {
    let connection = connection::judge_audience(cx, agent)?;
    let resource = connection::judge_resource_of_audience(cx, connection)?;
    let granted = scopes::judge_exchange(cx, agent, connection)?;
    monthly_cap::judge(cx, subject.user, connection.server)?;

    let audience = cx.issuer(&ServerName::Custom(connection.server.id.clone()));
    let keys = cx.keys.server(&cx.server);
    let key = cx
        .gate
        .some(keys, Refusal::IdJagNotGenerated)?
        .active
        .clone();
    let plan = id_jag::plan(cx, key, agent, subject, &audience, &granted.text, resource);
    cx.granted_scopes = Some(granted.text.clone());
    let token_type = match cx.behaviours().id_jag_token_type {
        IdJagTokenType::NotApplicable => "N_A",
        IdJagTokenType::Bearer => "Bearer",
    };
    let mut members = vec![
        value("token_type", token_type),
        value("expires_in", id_jag::LIFETIME),
        ("access_token".to_owned(), Slot::Jwt(Box::new(plan))),
        value("issued_token_type", ID_JAG),
    ];
    let echoed = cx.behaviours().id_jag_response_scope == IdJagResponseScope::Echo;
    let asked = cx.form().get("scope").map(scopes::split);
    // RFC 8693 §2.2.1: the answer names a scope that differs from the requested one.
    if echoed || asked.is_none_or(|asked| asked.is_empty()) {
        members.push(value("scope", granted.text));
    }
    Ok(members)
}
