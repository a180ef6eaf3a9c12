//! Prepares requests: turns what a scenario says into what is sent. No I/O; only PKCE values are random.
//!
//! The kinds of step are defined in [`crate::scenario::step`].

mod authorize;
mod call;
mod consent;
mod control;
mod form_post;
mod metadata;
mod sign_in;

use crate::exchange::{Payload, RequestSpec};
use crate::fill;
use crate::forge::{Forge, Parameters, Unforgeable};
use crate::scenario::model::{Change, Encoding, Params, ServerRole};
use crate::scenario::step::{Action, StepKind, step_kinds};
use crate::targets::Walk;

pub use sign_in::{PreparedSignIn, Way, redeem_sign_in, refresh_sign_in, revoke_sign_in};

/// What performing a step takes.
#[derive(Debug)]
pub enum Prepared {
    /// One request.
    Send(RequestSpec),
    /// A browser walk.
    Walk(Walk),
    /// The whole code flow.
    SignIn(PreparedSignIn),
}

/// Makes the request of one kind of step.
trait Prepare: StepKind {
    /// Makes what the step sends, changed as a case says.
    fn prepare(&self, change: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable>;
}

macro_rules! dispatch {
    ($($kind:ident),* $(,)?) => {
        /// Makes what a step sends, changed or not.
        ///
        /// # Errors
        /// When the target does not describe what the step needs, or the step has no request that could be changed.
        pub fn prepare(
            action: &Action,
            change: Option<&Change>,
            forge: &Forge<'_>,
        ) -> Result<Prepared, Unforgeable> {
            let kind = action.kind();
            if change.is_some_and(|change| !change.is_empty()) && kind.changeable().is_nothing() {
                return Err(Unforgeable::Unchangeable(kind.name(), "request"));
            }
            let unchanged = Change::default();
            let change = change.unwrap_or(&unchanged);
            match action {
                $(Action::$kind(kind) => kind.prepare(change, forge),)*
            }
        }
    };
}
step_kinds!(dispatch);

/// Origins of the target's issuers, to which a browser may be sent.
fn issuer_origins(forge: &Forge<'_>) -> Vec<String> {
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

/// Replaces the scheme in the Authorization header, `bearer` for `Bearer` (it is case-insensitive, RFC 9110 §11.1).
fn replace_auth_scheme(request: &mut RequestSpec, change: &Change) {
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

/// Puts the parameters into the query or the body, as the method and the encoding require.
fn place_parameters(request: &mut RequestSpec, parameters: Parameters, encoding: Option<Encoding>) {
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

/// The party under which a request to this server is recorded.
fn party(role: ServerRole) -> crate::exchange::Party {
    match role {
        ServerRole::Org => crate::exchange::Party::Org,
        _ => crate::exchange::Party::Custom,
    }
}

#[cfg(test)]
mod tests;
