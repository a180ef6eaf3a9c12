//! What is known of a request before it is judged: its JWTs, read, and their signatures, verified.
//!
//! This is the admit phase: it runs in parallel and refuses nothing.

mod client_assertion;
mod embedded;

pub use client_assertion::{ClientAssertion, Proof};

use crate::core::Snapshot;
use crate::defect::Bend;
use crate::documents::{Documents, NeedsDocument};
use crate::endpoints::Endpoint;
use crate::issuers::Issuers;
use crate::keys::PublicKey;
use crate::request::Request;
use crate::tokens::jwt::{Duplicate, Jwt, SignatureFact};
use crate::variation;

/// JWTs of a request.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// `client_assertion`
    pub client_assertion: Option<ClientAssertion>,
    /// `subject_token`
    pub subject_token: Option<Jwt>,
    /// `assertion`
    pub assertion: Option<Jwt>,
    /// `token` (revoke, introspect) or `id_token_hint` (logout).
    pub token: Option<Jwt>,
    /// `Authorization: Bearer`
    pub bearer: Option<Jwt>,
    /// What must be fetched to know more.
    pub needs: Option<NeedsDocument>,
}

/// What a request is held against.
#[derive(Debug, Clone, Copy)]
pub struct Outside<'a> {
    /// Configuration and keys.
    pub snapshot: &'a Snapshot,
    /// Address of the org.
    pub issuers: Issuers<'a>,
    /// What was learnt from other addresses.
    pub documents: &'a Documents,
    /// Epoch seconds.
    pub now: i64,
}

/// Reads and verifies the JWTs that this endpoint looks at.
pub fn read(outside: &Outside<'_>, request: &Request, endpoint: Endpoint) -> Facts {
    let form = request.form();
    let of_server = |text: &str| of_server(outside, text);
    let mut facts = Facts::default();
    if matches!(
        endpoint,
        Endpoint::Token | Endpoint::Revoke | Endpoint::Introspect
    ) {
        (facts.client_assertion, facts.needs) = client_assertion::read(outside, form);
    }
    match endpoint {
        Endpoint::Token => {
            facts.subject_token = form.get("subject_token").and_then(of_server);
            facts.assertion = form.get("assertion").and_then(of_server);
        }
        Endpoint::Revoke | Endpoint::Introspect => {
            facts.token = form.get("token").and_then(of_server);
        }
        Endpoint::UserInfo | Endpoint::ProtectedResource | Endpoint::Management => {
            facts.bearer = request.bearer().and_then(of_server);
        }
        Endpoint::Logout => {
            let hint = request.query.get("id_token_hint");
            facts.token = hint
                .or_else(|| form.get("id_token_hint"))
                .and_then(of_server);
        }
        // No rule of these looks at a JWT of the request.
        Endpoint::Authorize
        | Endpoint::AuthorizeResume
        | Endpoint::Keys
        | Endpoint::OpenIdMetadata
        | Endpoint::OauthMetadata
        | Endpoint::SignIn
        | Endpoint::Consent
        | Endpoint::StsRedirect
        | Endpoint::StsCallback
        | Endpoint::ThirdPartyAuthorize
        | Endpoint::ResourceMetadata
        | Endpoint::OrgMetadata
        | Endpoint::Authn
        | Endpoint::Front
        | Endpoint::NotFound => {}
    }
    facts
}

impl Outside<'_> {
    /// A JWT as this org reads it.
    fn jwt(&self, text: &str) -> Option<Jwt> {
        let first = self.bends(Bend::FirstDuplicateCounts);
        let duplicate = if first {
            Duplicate::First
        } else {
            Duplicate::Last
        };
        Jwt::read(text, duplicate)
    }

    /// Whether the org has this defect.
    fn bends(&self, bend: Bend) -> bool {
        self.snapshot.defects.bends(bend)
    }
}

/// A server's own token: the issuer it names says whose keys to try.
fn of_server(outside: &Outside<'_>, text: &str) -> Option<Jwt> {
    let Snapshot {
        org,
        keys,
        variations,
        ..
    } = outside.snapshot;
    let text = &*variation::reveal(*variations, text);
    let mut jwt = outside.jwt(text)?;
    let server = jwt
        .claim_str("iss")
        .and_then(|iss| outside.issuers.server(org, iss));
    let keys = server.and_then(|server| keys.server(&server));
    let keys: Vec<&PublicKey> = keys
        .map(|keys| keys.published().collect())
        .unwrap_or_default();
    jwt.verify(text, &keys);
    let trusted = embedded::verifies(outside, &jwt, text)
        || (outside.bends(Bend::TokenAlgorithm)
            && verifies_as_it_says(&jwt, text, keys.iter().copied()));
    if trusted {
        jwt.signature = SignatureFact::Valid;
    }
    variation::canonical(*variations, org, &mut jwt);
    Some(jwt)
}

/// Whether one of the keys verifies a JWT by the algorithm that the JWT names: only an org with a defect asks.
fn verifies_as_it_says<'k>(
    jwt: &Jwt,
    text: &str,
    mut keys: impl Iterator<Item = &'k PublicKey>,
) -> bool {
    let alg = jwt.header_str("alg").unwrap_or_default();
    keys.any(|key| key.verifies_as(alg, text))
}
