//! The grant of a user name and password. No org gives anything for it (RFC 9700 §2.4), unless it has that defect.

use super::authorization_code::{Issue, Refresh, issue_tokens};
use crate::context::{Context, Members};
use crate::defect::Bend;
use crate::org::{Client, GrantType};
use crate::refusal::Refused;
use crate::rules::scopes::split;

/// Tokens for a user of this name from an org with the defect, whatever the password; `None` from any other, which does not
/// know the grant.
pub fn run(cx: &mut Context<'_>, client: &Client) -> Result<Option<Members>, Refused> {
    let form = cx.form();
    if form.get("grant_type") != Some("password") || !cx.gate.bent(Bend::PasswordGrant) {
        return Ok(None);
    }
    let org = cx.org;
    let user = form
        .get("username")
        .and_then(|login| org.user_by_login(login));
    let Some(user) = user else {
        return Ok(None);
    };
    let scopes = split(form.get("scope").unwrap_or("openid"));
    let issue = Issue {
        user,
        scopes: scopes.into_iter().map(str::to_owned).collect(),
        auth_time: cx.now,
        nonce: None,
        resource: None,
        session: None,
        grant: GrantType::AuthorizationCode,
        refresh: Refresh::New {
            family: cx.state.token(""),
            before: None,
        },
    };
    issue_tokens(cx, client, &issue).map(|(members, _)| Some(members))
}
