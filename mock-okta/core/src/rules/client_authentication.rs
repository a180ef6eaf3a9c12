//! Client authentication (RFC 6749 §2.3, RFC 7523 §2.2): who asks, proven.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::client_assertion;
use crate::behaviour::AgentClientAuthentication;
use crate::context::Context;
use crate::org::{AuthMethod, Client, Status};
use crate::refusal::{Refusal, Refused};

/// A client that proved who it is, or a public one that need not.
#[derive(Debug, Clone, Copy)]
pub struct AuthenticatedClient<'a> {
    /// The client.
    pub client: &'a Client,
    /// How it proved it.
    pub method: AuthMethod,
}

/// Credentials as found in the request.
enum Credentials {
    Basic { id: String, secret: String },
    Post { id: Option<String>, secret: String },
    Assertion,
    IdOnly(String),
}

/// Authenticates the client.
///
/// # Errors
/// Every `*client*` refusal of the catalogue file's second part.
pub fn judge<'a>(cx: &mut Context<'a>) -> Result<AuthenticatedClient<'a>, Refused> {
    let credentials = find(cx)?;
    let claimed = claimed_id(cx, &credentials);
    cx.client_id.clone_from(&claimed);
    let org = cx.org;
    let client = claimed.and_then(|id| org.clients.get(id.as_str()));
    let method = match &credentials {
        Credentials::Basic { .. } => AuthMethod::ClientSecretBasic,
        Credentials::Post { .. } => AuthMethod::ClientSecretPost,
        Credentials::Assertion => {
            let read = cx.facts.client_assertion.as_ref();
            read.map_or(AuthMethod::PrivateKeyJwt, |assertion| assertion.method)
        }
        Credentials::IdOnly(_) => AuthMethod::None,
    };
    if matches!(credentials, Credentials::Assertion) {
        client_assertion::readable(cx)?;
    }
    let client = cx.gate.some(client, Refusal::UnknownClient)?;
    // A body parameter that names someone else contradicts the credential (RFC 7521 §4.2).
    let named = cx
        .form()
        .get("client_id")
        .is_none_or(|id| id == client.id.as_str());
    cx.gate.require(named, Refusal::UnknownClient)?;
    if method == AuthMethod::None && !client.auth_methods.contains(&AuthMethod::None) {
        return Err(cx.gate.refuse(Refusal::MissingCredentials));
    }
    let allowed = client.auth_methods.contains(&method) && edition_allows(cx, client, method);
    cx.gate.require(allowed, Refusal::AuthMethodNotAllowed)?;
    match credentials {
        Credentials::Basic { secret, .. } | Credentials::Post { secret, .. } => {
            let right = client
                .client_secret
                .as_ref()
                .is_some_and(|own| own.reveal() == secret);
            cx.gate.require(right, Refusal::WrongSecret)?;
        }
        Credentials::Assertion => client_assertion::judge(cx, client)?,
        Credentials::IdOnly(_) => {}
    }
    cx.gate
        .require(client.status == Status::Active, Refusal::InactiveClient)?;
    Ok(AuthenticatedClient { client, method })
}

/// Which single credential the request carries.
fn find(cx: &mut Context<'_>) -> Result<Credentials, Refused> {
    let form = cx.form();
    let header = cx.request.authorization("Basic");
    let secret = form.get("client_secret");
    // An assertion type without an assertion is an attempt at one.
    let assertion = form.has("client_assertion") || form.has("client_assertion_type");
    let count =
        usize::from(header.is_some()) + usize::from(secret.is_some()) + usize::from(assertion);
    cx.gate.require(count <= 1, Refusal::MultipleCredentials)?;
    if let Some(header) = header {
        cx.gate.require(true, Refusal::MissingCredentials)?;
        let pair = basic(header);
        if let (None, Some(id)) = (&pair, public_client(cx, header)) {
            return Ok(Credentials::IdOnly(id));
        }
        cx.gate
            .require(pair.is_some(), Refusal::InvalidBasicCredentials)?;
        if let Some((id, secret)) = pair {
            return Ok(Credentials::Basic { id, secret });
        }
        // Without that refusal, what cannot be read is as good as not sent.
    }
    let id = form.get("client_id").map(str::to_owned);
    let found = if assertion {
        Some(Credentials::Assertion)
    } else if let Some(secret) = secret {
        Some(Credentials::Post {
            id,
            secret: secret.to_owned(),
        })
    } else {
        id.map(Credentials::IdOnly)
    };
    cx.gate.some(found, Refusal::MissingCredentials)
}

/// Who the request says it comes from.
fn claimed_id(cx: &Context<'_>, credentials: &Credentials) -> Option<String> {
    match credentials {
        Credentials::Basic { id, .. } | Credentials::IdOnly(id) => Some(id.clone()),
        Credentials::Post { id, .. } => id.clone(),
        Credentials::Assertion => {
            let read = cx.facts.client_assertion.as_ref();
            let jwt = read.map(|assertion| &assertion.jwt);
            let from_form = cx.form().get("client_id");
            from_form
                .or_else(|| {
                    jwt.and_then(|jwt| jwt.claim_str("sub").or_else(|| jwt.claim_str("iss")))
                })
                .map(str::to_owned)
        }
    }
}

/// The id of a public client that revokes its token with that id alone in the header, without a colon, as
/// `@okta/okta-auth-js` does.
fn public_client(cx: &Context<'_>, header: &str) -> Option<String> {
    if !cx.request.path.ends_with("/v1/revoke") {
        return None;
    }
    let id = decoded(header)?;
    let client = cx.org.clients.get(id.as_str())?;
    client
        .auth_methods
        .contains(&AuthMethod::None)
        .then_some(id)
}

/// What stands behind `Basic`.
fn decoded(header: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(header).ok()?).ok()
}

/// RFC 6749 §2.3.1: id and secret are form-encoded before they are joined and base64-encoded.
pub(crate) fn basic(header: &str) -> Option<(String, String)> {
    let text = decoded(header)?;
    let (id, secret) = text.split_once(':')?;
    let decode = |part: &str| {
        let pair = format!("x={part}");
        form_urlencoded::parse(pair.as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
    };
    Some((decode(id)?, decode(secret)?))
}

/// The guide of 2025-10 knows `private_key_jwt` for agents and nothing else.
fn edition_allows(cx: &Context<'_>, client: &Client, method: AuthMethod) -> bool {
    match cx.behaviours().agent_client_authentication {
        AgentClientAuthentication::Configured => true,
        AgentClientAuthentication::PrivateKeyJwt => {
            !client.is_agent() || method == AuthMethod::PrivateKeyJwt
        }
    }
}
