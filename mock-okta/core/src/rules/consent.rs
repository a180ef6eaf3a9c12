//! A user's consent to the scopes of a custom authorization server that need it.

use crate::context::Context;
use crate::org::{Client, ConsentMethod, User};
use crate::refusal::{Refusal, Refused};
use crate::state::{AuthorizationRequest, ScopeConsent};

/// Whether the user has consented; `false` when the consent page must be shown.
///
/// # Errors
/// With `prompt=none`, where nobody can be asked: `consent_required`
pub fn judge(
    cx: &mut Context<'_>,
    client: &Client,
    user: &User,
    request: &AuthorizationRequest,
) -> Result<bool, Refused> {
    let asked = scopes(cx, client, request);
    let given = |scope: &String| {
        let consent = key(client, user, request, scope);
        cx.state.scope_consents.contains(&consent)
    };
    let anew = request.asks_consent && !asked.is_empty();
    let consented = asked.iter().all(given) && !anew;
    cx.gate
        .require(consented || !request.silent, Refusal::ConsentRequired)?;
    Ok(consented)
}

/// The scopes of a request that need consent, none of a client that the org trusts.
pub fn scopes(cx: &Context<'_>, client: &Client, request: &AuthorizationRequest) -> Vec<String> {
    let asks = client.consent == ConsentMethod::Required;
    let server = cx.custom_server_named(&request.server).filter(|_| asks);
    let needing = server.map(|server| &server.consent_scopes);
    needing
        .into_iter()
        .flat_map(|needing| request.scopes.intersection(needing).cloned())
        .collect()
}

/// The user said yes.
pub fn remember(
    cx: &mut Context<'_>,
    client: &Client,
    user: &User,
    request: &AuthorizationRequest,
    scopes: &[String],
) {
    for scope in scopes {
        let consent = key(client, user, request, scope);
        cx.state.scope_consents.insert(consent);
    }
}

fn key(client: &Client, user: &User, request: &AuthorizationRequest, scope: &str) -> ScopeConsent {
    ScopeConsent {
        user: user.id.clone(),
        client: client.id.clone(),
        server: request.server.clone(),
        scope: scope.to_owned(),
    }
}
