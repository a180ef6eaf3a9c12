//! Requests at token, revocation and introspection endpoints: parameters and a client's credential in a form.

use super::{Prepare, Prepared, filled, party, place_parameters, replace_auth_scheme, set_headers};
use crate::exchange::RequestSpec;
use crate::forge::{Forge, Parameters, Unforgeable, basic, credential};
use crate::scenario::model::{Change, ClientAuth, ClientRole, ServerRole};
use crate::scenario::step::{FormPost, Request};

/// Who asks whom, before any change.
pub(super) struct Asked {
    pub(super) at: ServerRole,
    pub(super) client: ClientRole,
    pub(super) client_auth: ClientAuth,
}

impl Prepare for FormPost {
    fn prepare(&self, change: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let mut parameters = Parameters {
            main: filled(&self.params, forge)?,
            query: Vec::new(),
        };
        if self.request == Request::RedeemCode {
            let name = |name: &str| forge.names.value(name)?.as_str().map(str::to_owned);
            let redirect_uri = forge.client(self.client)?.redirect_uri.clone();
            parameters.supply("redirect_uri", || redirect_uri);
            parameters.supply("code_verifier", || name("pkce.verifier"));
        }
        let asked = Asked {
            at: self.at,
            client: self.client,
            client_auth: self.client_auth,
        };
        form_request(self.request.endpoint(), &asked, parameters, change, forge).map(Prepared::Send)
    }
}

/// Authenticates the client, changes what is to be changed, and puts everything into a form.
pub(super) fn form_request(
    endpoint: &str,
    asked: &Asked,
    mut parameters: Parameters,
    change: &Change,
    forge: &Forge<'_>,
) -> Result<RequestSpec, Unforgeable> {
    let at = change.at.unwrap_or(asked.at);
    let client = change.client.unwrap_or(asked.client);
    let client_auth = change.client_auth.unwrap_or(asked.client_auth);
    let url = forge.server(at)?.endpoint(endpoint);
    let method = change.method.as_deref().unwrap_or("POST");

    let mut request = RequestSpec::new(party(at), method, url);
    let presented = credential(forge, client, client_auth, url)?;
    // What travels in the header is a parameter to those who change it, like everything else.
    let mut header = Parameters::default();
    for (name, value) in presented.parameters {
        if presented.in_header {
            header.push(&name, value);
        } else {
            // What the scenario writes itself is sent as it writes it.
            parameters.supply(&name, || Some(value));
        }
    }
    for (name, mutation) in &change.params {
        let its = if header.get(name).is_some() {
            &mut header
        } else {
            &mut parameters
        };
        its.apply(name, mutation, client, forge)?;
    }
    if presented.in_header {
        let part = |name: &str| header.get(name).unwrap_or_default();
        let authorization = basic(part("client_id"), part("client_secret"));
        request
            .headers
            .push(("authorization".to_owned(), authorization));
        parameters.query.append(&mut header.query);
    }
    place_parameters(&mut request, parameters, change.encoding);
    set_headers(&mut request, &change.headers, forge)?;
    replace_auth_scheme(&mut request, change);
    Ok(request)
}
