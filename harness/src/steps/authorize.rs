//! The browser part of the code flow (RFC 6749 §4.1.1, OIDC Core §3.1.2.1).

use super::{Prepare, Prepared, filled, issuer_origins, party, set_headers};
use crate::exchange::{Party, RequestSpec};
use crate::fill;
use crate::forge::{Forge, Parameters, Unforgeable};
use crate::scenario::model::{Change, Template, UserRole};
use crate::scenario::step::{Authorize, Visit};
use crate::targets::{DEFAULT_SCOPE, Walk, decision, origin, sign_in_form};

impl Prepare for Authorize {
    fn prepare(&self, change: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        walk(self, change, forge).map(Prepared::Walk)
    }
}

/// The walk from the authorization endpoint to the redirect URI.
pub(super) fn walk(
    authorize: &Authorize,
    change: &Change,
    forge: &Forge<'_>,
) -> Result<Walk, Unforgeable> {
    let role = change.client.unwrap_or(authorize.client);
    let client = forge.client(role)?;
    let named = |name: &str| forge.names.value(name)?.as_str().map(str::to_owned);

    let mut parameters = Parameters {
        main: filled(&authorize.params, forge)?,
        query: Vec::new(),
    };
    parameters.supply("client_id", || Some(client.client_id.clone()));
    parameters.supply("response_type", || Some("code".to_owned()));
    parameters.supply("scope", || Some(DEFAULT_SCOPE.to_owned()));
    parameters.supply("redirect_uri", || client.redirect_uri.clone());
    parameters.supply("state", || named("state"));
    parameters.supply("nonce", || named("nonce"));
    parameters.supply("code_challenge", || named("pkce.challenge"));
    parameters.supply("code_challenge_method", || Some("S256".to_owned()));
    for (name, mutation) in &change.params {
        parameters.apply(name, mutation, role, forge)?;
    }

    let mut forms = Vec::new();
    if let Some(user) = authorize.user {
        forms.push(form(user, authorize.password.as_ref(), forge)?);
    }
    forms.extend(authorize.browsing.allow.map(decision));
    let at = change.at.unwrap_or(authorize.at);
    let url = forge.server(at)?.endpoint("authorization_endpoint");
    let method = change.method.as_deref().unwrap_or("GET");
    let mut start = RequestSpec::new(party(at), method, url);
    let sent = parameters
        .main
        .iter()
        .filter(|(name, _)| name == "redirect_uri");
    let mut ends_at: Vec<String> = sent.map(|(_, value)| value.clone()).collect();
    ends_at.extend(client.redirect_uri.clone());
    super::place_parameters(&mut start, parameters, change.encoding);
    set_headers(&mut start, &change.headers, forge)?;
    Ok(Walk {
        start,
        ends_at,
        within: issuer_origins(forge),
        forms,
        browser: authorize.browsing.browser.clone(),
        leaves: authorize.browsing.leaves,
    })
}

impl Prepare for Visit {
    fn prepare(&self, _: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let url = fill::text(&self.url, forge.names)?;
        let within = issuer_origins(forge);
        // An answer may have named it, and nobody else than the target is ever asked.
        if !within.contains(&origin(&url)) {
            return Err(Unforgeable::Elsewhere(url));
        }
        let clients = forge.deployment.clients.values();
        Ok(Prepared::Walk(Walk {
            ends_at: clients
                .filter_map(|client| client.redirect_uri.clone())
                .collect(),
            within,
            browser: self.browser.clone(),
            ..Walk::new(RequestSpec::new(Party::Org, "GET", url))
        }))
    }
}

fn form(
    user: UserRole,
    password: Option<&Template>,
    forge: &Forge<'_>,
) -> Result<Vec<(String, String)>, Unforgeable> {
    let described = forge.deployment.users.get(&user);
    let described = described.ok_or(Unforgeable::Undescribed("user", user.as_str()))?;
    let password = if let Some(template) = password {
        fill::text(template, forge.names)?
    } else {
        let password = described.password.as_ref();
        let password = password.ok_or(Unforgeable::NoPassword(user.as_str()))?;
        password.expose().to_owned()
    };
    Ok(sign_in_form(&described.login, &password))
}
