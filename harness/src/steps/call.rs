//! Calls of protected resources, userinfo, and whatever else is asked over HTTP.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{carry, filled, party, respell_scheme, set_headers};
use crate::exchange::{Party, Payload, RequestSpec};
use crate::fill;
use crate::forge::{DefaultSigner, Forge, Parameters, Unforgeable, bend};
use crate::scenario::model::{Change, ClientRole, Credential, Params, ServerRole, Template};

/// GET userinfo. The token is the parameter `access_token` to those who change it, a header field on the wire.
pub(super) fn userinfo(
    at: ServerRole,
    access_token: &Template,
    change: &Change,
    forge: &Forge<'_>,
) -> Result<RequestSpec, Unforgeable> {
    let at = change.at.unwrap_or(at);
    let method = change.method.as_deref().unwrap_or("GET");
    let url = forge.server(at)?.endpoint("userinfo_endpoint");
    let mut request = RequestSpec::new(party(at), method, url);
    let mut parameters = Parameters::default();
    parameters.push("access_token", fill::text(access_token, forge.names)?);
    for (name, mutation) in &change.params {
        parameters.apply(name, mutation, ClientRole::Agent, forge)?;
    }
    let (tokens, others): (Vec<_>, Vec<_>) = parameters
        .main
        .into_iter()
        .partition(|(name, _)| name == "access_token");
    for (_, token) in tokens {
        request
            .headers
            .push(("authorization".to_owned(), format!("Bearer {token}")));
    }
    request.query.extend(others);
    request.query.extend(parameters.query);
    if let Some(credential) = &change.credential {
        present(&mut request, credential, forge)?;
    }
    set_headers(&mut request, &change.headers, forge)?;
    respell_scheme(&mut request, change);
    Ok(request)
}

/// A call of a protected resource; its parameters are those of the query.
pub(super) fn call(
    url: &Template,
    method: &str,
    credential: &Credential,
    query: &Params,
    change: &Change,
    forge: &Forge<'_>,
) -> Result<RequestSpec, Unforgeable> {
    let url = fill::text(change.url.as_ref().unwrap_or(url), forge.names)?;
    let method = change.method.as_deref().unwrap_or(method);
    let mut request = RequestSpec::new(Party::Resource, method, url);
    let mut parameters = Parameters {
        main: filled(query, forge)?,
        query: Vec::new(),
    };
    for (name, mutation) in &change.params {
        parameters.apply(name, mutation, ClientRole::Agent, forge)?;
    }
    request.query.extend(parameters.main);
    request.query.extend(parameters.query);
    let credential = change.credential.as_ref().unwrap_or(credential);
    match (&change.bearer_jwt, credential) {
        (None, _) => present(&mut request, credential, forge)?,
        (Some(mutation), Credential::Bearer(token)) => {
            let token = fill::text(token, forge.names)?;
            let token = bend(
                "the bearer token",
                &token,
                mutation,
                DefaultSigner::Keep,
                forge,
            )?;
            let authorization = ("authorization".to_owned(), format!("Bearer {token}"));
            request.headers.push(authorization);
        }
        (Some(_), _) => return Err(Unforgeable::Unchangeable("call", "bearer token")),
    }
    set_headers(&mut request, &change.headers, forge)?;
    respell_scheme(&mut request, change);
    Ok(request)
}

/// A request as the scenario writes it.
pub(super) struct Written<'w> {
    pub(super) method: &'w str,
    pub(super) url: &'w Template,
    pub(super) headers: &'w Params,
    pub(super) body: Option<&'w Template>,
    pub(super) form: Option<&'w Params>,
}

/// Any other request; its parameters are those of its form.
pub(super) fn http(
    written: &Written<'_>,
    change: &Change,
    forge: &Forge<'_>,
) -> Result<RequestSpec, Unforgeable> {
    let url = fill::text(change.url.as_ref().unwrap_or(written.url), forge.names)?;
    let method = change.method.as_deref().unwrap_or(written.method);
    let mut request = RequestSpec::new(whose(&url, forge), method, url);
    set_headers(&mut request, written.headers, forge)?;
    if let Some(body) = written.body {
        request.payload = Payload::Text {
            media_type: String::new(),
            text: fill::text(body, forge.names)?,
        };
    }
    if written.form.is_some() || !change.params.is_empty() || change.encoding.is_some() {
        let main = written.form.map(|form| filled(form, forge)).transpose()?;
        let mut parameters = Parameters {
            main: main.unwrap_or_default(),
            query: Vec::new(),
        };
        for (name, mutation) in &change.params {
            parameters.apply(name, mutation, ClientRole::Agent, forge)?;
        }
        carry(&mut request, parameters, change.encoding);
    }
    if let Some(credential) = &change.credential {
        present(&mut request, credential, forge)?;
    }
    set_headers(&mut request, &change.headers, forge)?;
    Ok(request)
}

/// Puts a credential into the request, in place of another.
fn present(
    request: &mut RequestSpec,
    credential: &Credential,
    forge: &Forge<'_>,
) -> Result<(), Unforgeable> {
    let (name, value) = match credential {
        Credential::None => {
            request.headers.retain(|(name, _)| name != "authorization");
            return Ok(());
        }
        Credential::Bearer(token) => {
            let token = fill::text(token, forge.names)?;
            ("authorization".to_owned(), format!("Bearer {token}"))
        }
        Credential::Header(name, value) => {
            (name.to_ascii_lowercase(), fill::text(value, forge.names)?)
        }
        Credential::Basic { username, password } => {
            let username = fill::text(username, forge.names)?;
            let password = fill::text(password, forge.names)?;
            let pair = STANDARD.encode(format!("{username}:{password}"));
            ("authorization".to_owned(), format!("Basic {pair}"))
        }
    };
    request.headers.retain(|(field, _)| *field != name);
    request.headers.push((name, value));
    Ok(())
}

/// Whose endpoint an address is: the server with the longest issuer that it begins with, else a resource's.
fn whose(url: &str, forge: &Forge<'_>) -> Party {
    let servers = forge.deployment.servers.iter();
    servers
        .filter(|(_, server)| url.starts_with(server.issuer.trim_end_matches('/')))
        .max_by_key(|(_, server)| server.issuer.len())
        .map_or(Party::Resource, |(role, _)| party(*role))
}
