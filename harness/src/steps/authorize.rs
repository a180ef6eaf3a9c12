//! The browser part of the code flow (RFC 6749 §4.1.1, OIDC Core §3.1.2.1).

use super::{filled, origins, party, set_headers};
use crate::exchange::{Party, RequestSpec};
use crate::fill;
use crate::forge::{Forge, Parameters, Unforgeable};
use crate::scenario::model::{
    Browsing, Change, ClientRole, Params, ServerRole, Template, UserRole,
};
use crate::targets::{Walk, decision, origin, sign_in_form};

/// What a client asks for when the scenario does not say.
pub(super) const DEFAULT_SCOPE: &str = "openid profile email";

/// Who asks whom about whom, before any change.
pub(super) struct Asked<'a> {
    pub(super) at: ServerRole,
    pub(super) client: ClientRole,
    pub(super) user: Option<UserRole>,
    pub(super) browsing: &'a Browsing,
}

/// The walk from the authorization endpoint to the redirect URI.
pub(super) fn authorize(
    asked: &Asked<'_>,
    password: Option<&Template>,
    params: &Params,
    change: &Change,
    forge: &Forge<'_>,
) -> Result<Walk, Unforgeable> {
    let role = change.client.unwrap_or(asked.client);
    let client = forge.client(role)?;
    let named = |name: &str| forge.names.value(name)?.as_str().map(str::to_owned);

    let mut parameters = Parameters {
        main: filled(params, forge)?,
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
    if let Some(user) = asked.user {
        forms.push(form(user, password, forge)?);
    }
    forms.extend(asked.browsing.allow.map(decision));
    let at = change.at.unwrap_or(asked.at);
    let url = forge.server(at)?.endpoint("authorization_endpoint");
    let method = change.method.as_deref().unwrap_or("GET");
    let mut start = RequestSpec::new(party(at), method, url);
    let sent = parameters
        .main
        .iter()
        .filter(|(name, _)| name == "redirect_uri");
    let mut ends_at: Vec<String> = sent.map(|(_, value)| value.clone()).collect();
    ends_at.extend(client.redirect_uri.clone());
    super::carry(&mut start, parameters, change.encoding);
    set_headers(&mut start, &change.headers, forge)?;
    Ok(Walk {
        start,
        ends_at,
        within: origins(forge),
        forms,
        browser: asked.browsing.browser.clone(),
        leaves: asked.browsing.leaves,
    })
}

/// A browser that is sent somewhere and follows where it leads.
pub(super) fn visit(
    url: &Template,
    browser: Option<String>,
    forge: &Forge<'_>,
) -> Result<Walk, Unforgeable> {
    let url = fill::text(url, forge.names)?;
    let within = origins(forge);
    // An answer may have named it, and nobody else than the target is ever asked.
    if !within.contains(&origin(&url)) {
        return Err(Unforgeable::Elsewhere(url));
    }
    let clients = forge.deployment.clients.values();
    Ok(Walk {
        ends_at: clients
            .filter_map(|client| client.redirect_uri.clone())
            .collect(),
        within,
        browser,
        ..Walk::new(RequestSpec::new(Party::Org, "GET", url))
    })
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
