//! A user's consent to the scopes of a custom authorization server that need it.

use crate::context::Context;
use crate::defect::Bend;
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
    let own = asked.iter().all(given) && !anew;
    let consented = own || (!anew && is_bent(cx, client, user, request, &asked));
    cx.gate
        .require(consented || !request.silent, Refusal::ConsentRequired)?;
    Ok(consented)
}

/// Whether an org with a defect goes by somebody else's consent, or by none.
fn is_bent(
    cx: &mut Context<'_>,
    client: &Client,
    user: &User,
    request: &AuthorizationRequest,
    asked: &[String],
) -> bool {
    let by_another = |cx: &Context<'_>, fits: &dyn Fn(&ScopeConsent) -> bool| {
        asked.iter().all(|scope| {
            let mut all = cx.state.scope_consents.iter();
            all.any(|given| given.server == request.server && given.scope == *scope && fits(given))
        })
    };
    let of_client = by_another(cx, &|given| given.user == user.id);
    let of_user = by_another(cx, &|given| given.client == client.id);
    (of_client && cx.gate.bent(Bend::ScopeConsentOfClient))
        || (of_user && cx.gate.bent(Bend::ScopeConsentOfUser))
        || cx.gate.bent(Bend::ScopeConsentNotAsked)
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
