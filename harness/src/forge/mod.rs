//! What a harness must be able to make and to fake: credentials, requests, and everything changed in them.

mod certificate;
mod change_jwt;
mod credential;
mod mutate;
mod pkce;
mod sign;
mod signer;
mod text;

use std::fmt;

pub use change_jwt::{DefaultSigner, change_jwt};
pub use credential::{Presented, basic, credential, signed_assertion};
pub use mutate::Parameters;
pub use pkce::{Pkce, fresh};
pub use sign::{Signed, signing_body};

use crate::fill::{Names, Unfilled};
use crate::jwks::KeyRing;
use crate::jwt::NotAJwt;
use crate::scenario::model::{ClientRole, Edition, ServerRole};
use crate::targets::{Client, Deployment, Server};

/// What making a request needs to know.
pub struct Forge<'f> {
    /// Who plays which role.
    pub deployment: &'f Deployment,
    /// Decides which client signs users in.
    pub edition: Edition,
    /// What `${…}` stands for.
    pub names: &'f dyn Names,
    /// The target's clock, seconds since the epoch.
    pub now: i64,
    /// Published keys, as far as they were fetched.
    pub published: &'f KeyRing,
    /// What the target's servers have signed for this request.
    pub signed: &'f Signed,
}

impl<'f> Forge<'f> {
    /// The client that plays a role.
    pub fn client(&self, role: ClientRole) -> Result<&'f Client, Unforgeable> {
        let client = self.deployment.client(role, self.edition);
        client.ok_or(Unforgeable::Undescribed("client", role.as_str()))
    }

    /// The authorization server that plays a role.
    pub fn server(&self, role: ServerRole) -> Result<&'f Server, Unforgeable> {
        let server = self.deployment.servers.get(&role);
        server.ok_or(Unforgeable::Undescribed(
            "authorization server",
            role.as_str(),
        ))
    }
}

impl fmt::Debug for Forge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Forge(edition {})", self.edition)
    }
}

/// Why a request cannot be made. Nobody's fault but the scenario's or the target file's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unforgeable {
    /// A reference without a value.
    #[error(transparent)]
    Unfilled(#[from] Unfilled),
    /// The target describes nobody in this role.
    #[error("the target describes no {0} `{1}`")]
    Undescribed(&'static str, &'static str),
    /// The user has no password in the target file.
    #[error("the target file gives no password of the user `{0}`")]
    NoPassword(&'static str),
    /// A change of something that is not there would change nothing.
    #[error("the request has no parameter `{0}` to change")]
    NoSuchParameter(String),
    /// A JWT mutation of something else.
    #[error("`{0}` cannot be changed as a JWT: {1}")]
    NotAJwt(String, NotAJwt),
    /// An access token that is not a JWT, which is lawful (RFC 6749 §1.4): there is nothing in it to change.
    #[error("the access token is not a JWT, so nothing in it can be changed")]
    Opaque,
    /// A key that is registered for the algorithm which a case wants to try beside it.
    #[error("the JWT is signed with {0} anyway, so it would not be changed")]
    SameAlgorithm(String),
    /// No key to do it with.
    #[error("cannot sign with alg `{0}`: {1}")]
    CannotSign(String, &'static str),
    /// A signature change of an unsigned token.
    #[error("`{0}` has no signature to change")]
    NoSignature(String),
    /// Whose name would stand once, not twice.
    #[error("the token has no `{0}` that could stand in it twice")]
    NoSuchMember(String),
    /// A change that this kind of step does not know.
    #[error("a `{0}` step has no {1} to change")]
    Unchangeable(&'static str, &'static str),
    /// Only the target has the key: test control must sign this first (the body of its request).
    #[error("test control has not signed what it was asked to")]
    Unsigned(String),
    /// A browser goes nowhere but to the target.
    #[error("`{0}` is no address of the target")]
    Elsewhere(String),
    /// Not an address.
    #[error("`{0}` is not an address")]
    NotAnAddress(String),
}
