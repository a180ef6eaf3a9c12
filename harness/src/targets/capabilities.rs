//! What a target can do, and what to say when it cannot.

use crate::scenario::model::{
    Authentication, Capability, ClientRole, Edition, RESOURCES, UserRole,
};

use super::deployment::{Deployment, RegisteredAuth, acting};
use super::sign_in_way::SignInWay;

/// Something a target lacks, why that matters and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// "the target describes no `secret.resource`".
    pub reason: String,
    /// "add `resources.secret.resource` to the target file".
    pub cure: String,
    /// Whether it was to be tested: the target describes what the case is about, but it cannot be entered.
    pub blocks: bool,
}

impl Lack {
    pub(super) fn new(reason: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            cure: cure.into(),
            blocks: true,
        }
    }
}

impl Deployment {
    /// Nothing, or what is lacking for a capability.
    pub fn lacks(&self, capability: &Capability, edition: Edition) -> Option<Lack> {
        match capability {
            Capability::UserSignIn => self.lacks_any_sign_in(),
            Capability::FreshSignIn => self.lacks_fresh_sign_in(),
            Capability::OwnSignIn => self.lacks_own_sign_in(),
            Capability::SignInPage if !matches!(self.sign_in, Some(SignInWay::Page)) => {
                Some(Lack::new(
                    "the target's sign-in page cannot be driven by a program",
                    "this needs a target with `sign_in: {with: page}`",
                ))
            }
            Capability::Control | Capability::Clock if self.control.is_none() => Some(Lack::new(
                "the target has no test control",
                "this needs a mock org: add `control: {url: …}` to the target file",
            )),
            Capability::Forge if self.control.is_none() => Some(Lack::new(
                "the target has no test control that signs a token as one of its servers would",
                "this needs a mock org: add `control: {url: …}` to the target file",
            )),
            Capability::ConsentPage if !self.consent_page && !self.asks_for_consent() => {
                Some(Lack::new(
                    "the target's consent page cannot be driven by a program",
                    "this needs a mock org: add `consent: page` to the target file",
                ))
            }
            Capability::FreshConsent if self.control.is_none() && !self.asks_for_consent() => {
                Some(Lack::new(
                    "a consent that a user has given stays, and only test control takes it back, so the case could not begin without one",
                    "this needs a mock org: add `control: {url: …}` to the target file",
                ))
            }
            Capability::AccessToken => self.lacks_access_token(edition),
            Capability::Authenticates(client, way) => {
                self.lacks_authentication(*client, *way, edition)
            }
            Capability::Knows(name) => self.lacks_name(name, edition),
            Capability::SecretOfAtLeast(client, bytes) => {
                self.lacks_bytes(*client, *bytes, edition)
            }
            Capability::SignInPage
            | Capability::Control
            | Capability::Clock
            | Capability::ConsentPage
            | Capability::FreshConsent
            | Capability::Forge => None,
        }
    }

    /// Nothing, or why a client does not authenticate as a case takes for granted.
    fn lacks_authentication(
        &self,
        role: ClientRole,
        way: Authentication,
        edition: Edition,
    ) -> Option<Lack> {
        let client = self.client(role, edition)?;
        let has_secret = matches!(
            client.auth,
            RegisteredAuth::ClientSecretBasic(_) | RegisteredAuth::ClientSecretPost(_)
        );
        let anywhere = client.secret_anywhere;
        let auth = client.auth.as_str();
        let fits = match way {
            Authentication::Assertion => matches!(client.auth, RegisteredAuth::PrivateKeyJwt(_)),
            Authentication::Secret => has_secret,
            Authentication::SecretInHeader => {
                matches!(client.auth, RegisteredAuth::ClientSecretBasic(_)) || anywhere
            }
            Authentication::SecretInBody => {
                matches!(client.auth, RegisteredAuth::ClientSecretPost(_)) || anywhere
            }
            Authentication::NotInHeader => {
                !matches!(client.auth, RegisteredAuth::ClientSecretBasic(_))
            }
            Authentication::Credential => !matches!(client.auth, RegisteredAuth::None),
        };
        if fits {
            return None;
        }
        let played = acting(role, edition);
        let needs = |needed: &str| format!("this needs a target whose `{played}` has {needed}");
        let (about, cure) = match way {
            Authentication::Assertion => (
                "the case is about an assertion that the client signs with its key",
                needs("`auth: private_key_jwt`"),
            ),
            Authentication::Secret => ("the case is about the client's secret", needs("a secret")),
            Authentication::SecretInHeader | Authentication::SecretInBody if has_secret => (
                "the target file does not say that its secret works in the other place as well",
                format!(
                    "if it does, write `auth: [client_secret_basic, client_secret_post]` for `{played}`"
                ),
            ),
            Authentication::SecretInHeader => (
                "the case is about a secret in the Authorization header",
                needs("`auth: client_secret_basic`"),
            ),
            Authentication::SecretInBody => (
                "the case is about a secret in the body",
                needs("`auth: client_secret_post`"),
            ),
            Authentication::NotInHeader => (
                "what the case changes is in the Authorization header there, or replaces it",
                needs("another `auth` than client_secret_basic"),
            ),
            Authentication::Credential => (
                "its name is all that it shows, so it cannot lack a credential",
                needs("a key or a secret"),
            ),
        };
        Some(Lack::new(
            format!("`{played}` authenticates with {auth}: {about}"),
            cure,
        ))
    }

    /// A dotted name, or a role by itself.
    fn lacks_name(&self, name: &str, edition: Edition) -> Option<Lack> {
        let (root, member) = name.split_once('.').unwrap_or((name, ""));
        let names = self.names(edition);
        let known = if member.is_empty() {
            let prefix = format!("{root}.");
            names.keys().any(|name| name.starts_with(&prefix))
        } else {
            names.contains_key(name)
        };
        (!known).then(|| {
            let cure = format!("add `{}` to the target file", key_of(root, member, edition));
            Lack {
                // What is not described is not to be tested.
                blocks: false,
                ..Lack::new(format!("the target does not describe `{name}`"), cure)
            }
        })
    }

    /// Nothing for a client without a secret: it signs with a made-up one, which no server accepts, however long it is.
    fn lacks_bytes(&self, client: ClientRole, bytes: usize, edition: Edition) -> Option<Lack> {
        let (RegisteredAuth::ClientSecretBasic(secret) | RegisteredAuth::ClientSecretPost(secret)) =
            self.registered(client, edition)?
        else {
            return None;
        };
        (secret.expose().len() < bytes).then(|| {
            Lack::new(
                format!(
                    "the secret of `{client}` is shorter than the {bytes} bytes that the HMAC asks of its key (RFC 7518 section 3.2)"
                ),
                format!("register `{client}` with a secret of at least {bytes} bytes"),
            )
        })
    }

    /// Whether a client can show who it is with a key, a secret or nothing at all.
    pub fn registered(&self, role: ClientRole, edition: Edition) -> Option<&RegisteredAuth> {
        self.client(role, edition).map(|client| &client.auth)
    }
}

/// The key of the target file that a name in a template comes from.
fn key_of(root: &str, member: &str, edition: Edition) -> String {
    let client = ClientRole::ALL.iter().find(|(name, _)| *name == root);
    let (section, root) = match client {
        Some((_, role)) => ("clients", acting(*role, edition).as_str()),
        None if UserRole::ALL.iter().any(|(name, _)| *name == root) => ("users", root),
        None if RESOURCES.iter().any(|role| role.name == root) => ("resources", root),
        None => ("authorization_servers", root),
    };
    match member {
        "kid" => format!("{section}.{root}.key.kid"),
        "" => format!("{section}.{root}"),
        member => format!("{section}.{root}.{member}"),
    }
}
