//! Steps: from what a scenario says to what is sent. Pure: nothing here touches a socket.

mod authorize;
mod call;
mod control;
mod metadata;
mod sign_in;
mod token;

use crate::exchange::{Payload, RequestSpec};
use crate::fill;
use crate::forge::{Forge, Parameters, Unforgeable};
use crate::scenario::model::{Action, Change, Encoding, Params, ServerRole};
use crate::targets::{Walk, consent};

pub use sign_in::{SignIn, Way, redeem_sign_in};

/// What performing a step takes.
#[derive(Debug)]
pub enum Prepared {
    /// One request.
    Send(RequestSpec),
    /// A browser walk.
    Walk(Walk),
    /// The whole code flow.
    SignIn(SignIn),
}

/// Makes what a step sends, changed or not.
#[expect(clippy::too_many_lines, reason = "one arm a kind of step, each a call")]
pub fn prepare(
    action: &Action,
    change: Option<&Change>,
    forge: &Forge<'_>,
) -> Result<Prepared, Unforgeable> {
    let unchanged = Change::default();
    if change.is_some() {
        refuse_change(action)?;
    }
    let change = change.unwrap_or(&unchanged);
    let send = |request: Result<RequestSpec, Unforgeable>| request.map(Prepared::Send);
    match action {
        Action::Metadata { of, document } => {
            send(metadata::document(*of, *document, change, forge))
        }
        Action::Keys { of } => send(metadata::keys(*of, change, forge)),
        Action::SignIn {
            client,
            user,
            scope,
            nonce,
        } => sign_in::sign_in(
            *client,
            *user,
            scope.as_ref(),
            nonce.as_ref(),
            change,
            forge,
        )
        .map(Prepared::SignIn),
        Action::Authorize {
            at,
            client,
            user,
            password,
            params,
            browsing,
        } => {
            let asked = authorize::Asked {
                at: *at,
                client: *client,
                user: *user,
                browsing,
            };
            authorize::authorize(&asked, password.as_ref(), params, change, forge)
                .map(Prepared::Walk)
        }
        Action::Visit { url, browser } => {
            authorize::visit(url, browser.clone(), forge).map(Prepared::Walk)
        }
        Action::Token {
            kind,
            at,
            client,
            client_auth,
            params,
        } => {
            let asked = token::Asked {
                at: *at,
                client: *client,
                client_auth: *client_auth,
            };
            send(token::token(*kind, &asked, params, change, forge))
        }
        Action::Manage {
            endpoint,
            at,
            client,
            client_auth,
            params,
        } => {
            let asked = token::Asked {
                at: *at,
                client: *client,
                client_auth: *client_auth,
            };
            send(token::manage(*endpoint, &asked, params, change, forge))
        }
        Action::UserInfo { at, access_token } => {
            send(call::userinfo(*at, access_token, change, forge))
        }
        Action::Consent { at, allow, .. } => {
            let within = origins(forge);
            Ok(Prepared::Walk(consent(
                &fill::text(at, forge.names)?,
                *allow,
                within,
            )))
        }
        Action::Call {
            url,
            method,
            credential,
            query,
        } => send(call::call(url, method, credential, query, change, forge)),
        Action::Control(command) => send(control::command(command, forge)),
        Action::Sign {
            by,
            token,
            may_be_opaque,
            header,
            claims,
        } => match control::sign(*by, token, header, claims, forge) {
            Err(Unforgeable::NotAJwt(..)) if *may_be_opaque => Err(Unforgeable::Opaque),
            signed => send(signed),
        },
        Action::AdvanceClock(by) => send(control::advance(*by, forge)),
        Action::Http {
            method,
            url,
            headers,
            body,
            form,
        } => {
            let written = call::Written {
                method,
                url,
                headers,
                body: body.as_ref(),
                form: form.as_ref(),
            };
            send(call::http(&written, change, forge))
        }
    }
}

/// Steps without a request that a case could vary.
fn refuse_change(action: &Action) -> Result<(), Unforgeable> {
    let kind = match action {
        Action::Consent { .. } => "consent",
        Action::Control(_) => "control",
        Action::Sign { .. } => "sign",
        Action::AdvanceClock(_) => "advance_clock",
        _ => return Ok(()),
    };
    Err(Unforgeable::Unchangeable(kind, "request"))
}

/// Addresses of a target that a browser may be sent to.
fn origins(forge: &Forge<'_>) -> Vec<String> {
    let servers = forge.deployment.servers.values();
    servers
        .filter_map(|server| url::Url::parse(&server.issuer).ok())
        .map(|issuer| issuer.origin().ascii_serialization())
        .collect()
}

/// Fills parameters in order.
fn filled(params: &Params, forge: &Forge<'_>) -> Result<Vec<(String, String)>, Unforgeable> {
    let mut filled = Vec::with_capacity(params.len());
    for (name, template) in params {
        filled.push((name.clone(), fill::text(template, forge.names)?));
    }
    Ok(filled)
}

/// Adds or replaces header fields.
fn set_headers(
    request: &mut RequestSpec,
    headers: &Params,
    forge: &Forge<'_>,
) -> Result<(), Unforgeable> {
    for (name, value) in filled(headers, forge)? {
        request
            .headers
            .retain(|(field, _)| !field.eq_ignore_ascii_case(&name));
        request.headers.push((name.to_ascii_lowercase(), value));
    }
    Ok(())
}

/// Spells the scheme of the credential in another way (RFC 9110 §11.1: its case says nothing).
fn respell_scheme(request: &mut RequestSpec, change: &Change) {
    let Some(scheme) = &change.scheme else {
        return;
    };
    for (name, value) in &mut request.headers {
        if name == "authorization"
            && let Some((_, credential)) = value.split_once(' ')
        {
            *value = format!("{scheme} {credential}");
        }
    }
}

/// Puts parameters where the method and the wanted encoding have them.
fn carry(request: &mut RequestSpec, parameters: Parameters, encoding: Option<Encoding>) {
    let Parameters { main, query } = parameters;
    request.query.extend(query);
    let bodiless = matches!(request.method.as_str(), "GET" | "HEAD");
    request.payload = match encoding {
        None if bodiless => {
            request.query.extend(main);
            Payload::None
        }
        None => Payload::Form(main),
        Some(Encoding::Json) => Payload::Json(main),
        Some(Encoding::Multipart) => Payload::Multipart(main),
        Some(Encoding::Query) => {
            request.query.extend(main);
            Payload::Form(Vec::new())
        }
    };
}

/// Whose endpoint a server's is.
fn party(role: ServerRole) -> crate::exchange::Party {
    match role {
        ServerRole::Org => crate::exchange::Party::Org,
        _ => crate::exchange::Party::Custom,
    }
}

#[cfg(test)]
mod tests;
