//! Access policies of a custom authorization server: which rule allows this client, grant, user and scopes.

use std::collections::BTreeSet;

use crate::behaviour::{PolicyDenied, PolicyScopeMiss};
use crate::context::Context;
use crate::org::{AccessRule, Client, CustomServer, GrantType, User};
use crate::refusal::{Refusal, Refused};

/// The first rule that allows everything asked for. A rule that lacks one scope does not match at all, unless the
/// switch has it match and deny the scope. A machine has no user.
///
/// # Errors
/// `no_matching_policy`, `no_scope_allowed`, `scope_denied`
pub fn judge<'a>(
    cx: &mut Context<'a>,
    server: &'a CustomServer,
    client: &Client,
    grant: GrantType,
    user: Option<&User>,
    scopes: &BTreeSet<String>,
) -> Result<&'a AccessRule, Refused> {
    let denies_scopes = cx.behaviours().policy_scope_miss == PolicyScopeMiss::Denied;
    let matching = server
        .policies
        .iter()
        .filter(|policy| policy.clients.contains(&client.id))
        .flat_map(|policy| &policy.rules)
        .filter(|rule| {
            rule.grant_types.contains(&grant)
                && user.is_none_or(|user| rule.users.contains(&user.id))
        })
        .find(|rule| denies_scopes || scopes.is_subset(&rule.scopes));
    let status = match cx.behaviours().policy_denied {
        PolicyDenied::Status401 => 401,
        PolicyDenied::Status403 => 403,
        PolicyDenied::Status400 => 400,
    };
    cx.gate
        .require(matching.is_some(), Refusal::NoMatchingPolicy)
        .map_err(|refused| refused.with_status(status))?;
    // A server that ignores its policies still needs a lifetime from somewhere.
    let mut rules = server.policies.iter().flat_map(|policy| &policy.rules);
    let Some(rule) = matching.or_else(|| rules.next()) else {
        return Err(cx.gate.refuse(Refusal::NoMatchingPolicy));
    };
    // Only a rule that matched without all the scopes can deny them.
    let some = !denies_scopes || !scopes.is_disjoint(&rule.scopes);
    cx.gate.require(some, Refusal::NoScopeAllowed)?;
    let all = !denies_scopes || scopes.is_subset(&rule.scopes);
    cx.gate.require(all, Refusal::ScopeDenied)?;
    Ok(rule)
}
