//! Access policies of a custom authorization server: which rule allows this client, grant, user and scopes.

use std::collections::BTreeSet;

use crate::context::Context;
use crate::org::{AccessRule, Client, CustomServer, GrantType, User};
use crate::refusal::{Refusal, Refused};

/// The first rule that allows everything asked for. A rule that lacks one scope does not match at all.
///
/// # Errors
/// `no_matching_policy`
pub fn judge<'a>(
    cx: &mut Context<'a>,
    server: &'a CustomServer,
    client: &Client,
    grant: GrantType,
    user: &User,
    scopes: &BTreeSet<String>,
) -> Result<&'a AccessRule, Refused> {
    let rule = server
        .policies
        .iter()
        .filter(|policy| policy.clients.contains(&client.id))
        .flat_map(|policy| &policy.rules)
        .find(|rule| {
            rule.grant_types.contains(&grant)
                && rule.users.contains(&user.id)
                && scopes.is_subset(&rule.scopes)
        });
    cx.gate.some(rule, Refusal::NoMatchingPolicy)
}
