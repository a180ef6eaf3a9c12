//! Calls of protected resources, userinfo, and whatever else is asked over HTTP.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Prepare, Prepared, filled, party, place_parameters, replace_auth_scheme, set_headers};
use crate::exchange::{Party, Payload, RequestSpec};
use crate::fill;
use crate::forge::{DefaultSigner, Forge, Parameters, Unforgeable, change_jwt};
use crate::scenario::model::{Change, ClientRole, Credential};
use crate::scenario::step::{Call, Http, UserInfo};

impl Prepare for UserInfo {
    /// The token is the parameter `access_token` to those who change it, a header field on the wire.
    fn prepare(&self, change: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let at = change.at.unwrap_or(self.at);
        let method = change.method.as_deref().unwrap_or("GET");
        let url = forge.server(at)?.endpoint("userinfo_endpoint");
        let mut request = RequestSpec::new(party(at), method, url);
        let mut parameters = Parameters::default();
        parameters.push("access_token", fill::text(&self.access_token, forge.names)?);
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
        replace_auth_scheme(&mut request, change);
        Ok(Prepared::Send(request))
    }
}

impl Prepare for Call {
    /// Its parameters are those of the query.
    fn prepare(&self, change: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let url = fill::text(change.url.as_ref().unwrap_or(&self.url), forge.names)?;
        let method = change.method.as_deref().unwrap_or(&self.method);
        let mut request = RequestSpec::new(Party::Resource, method, url);
        let mut parameters = Parameters {
            main: filled(&self.query, forge)?,
            query: Vec::new(),
        };
        for (name, mutation) in &change.params {
            parameters.apply(name, mutation, ClientRole::Agent, forge)?;
        }
        request.query.extend(parameters.main);
        request.query.extend(parameters.query);
        let credential = change.credential.as_ref().unwrap_or(&self.credential);
        match (&change.bearer_jwt, credential) {
            (None, _) => present(&mut request, credential, forge)?,
            (Some(mutation), Credential::Bearer(token)) => {
                let token = fill::text(token, forge.names)?;
                let token = change_jwt(
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
        replace_auth_scheme(&mut request, change);
        Ok(Prepared::Send(request))
    }
}

impl Prepare for Http {
    /// Its parameters are those of its form.
    fn prepare(&self, change: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let url = fill::text(change.url.as_ref().unwrap_or(&self.url), forge.names)?;
        let method = change.method.as_deref().unwrap_or(&self.method);
        let mut request = RequestSpec::new(whose(&url, forge), method, url);
        set_headers(&mut request, &self.headers, forge)?;
        if let Some(body) = &self.body {
            request.payload = Payload::Text {
                media_type: String::new(),
                text: fill::text(body, forge.names)?,
            };
        }
        if self.form.is_some() || !change.params.is_empty() || change.encoding.is_some() {
            let main = self
                .form
                .as_ref()
                .map(|form| filled(form, forge))
                .transpose()?;
            let mut parameters = Parameters {
                main: main.unwrap_or_default(),
                query: Vec::new(),
            };
            for (name, mutation) in &change.params {
                parameters.apply(name, mutation, ClientRole::Agent, forge)?;
            }
            place_parameters(&mut request, parameters, change.encoding);
        }
        if let Some(credential) = &change.credential {
            present(&mut request, credential, forge)?;
        }
        set_headers(&mut request, &change.headers, forge)?;
        Ok(Prepared::Send(request))
    }
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
