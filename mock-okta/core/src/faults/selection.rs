//! To which requests a fault happens.

use super::parameter::{FaultParameter, ParameterForm};
use crate::endpoints::Endpoint;

macro_rules! words {
    ($(#[$doc:meta])* $type:ident { $($(#[$note:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $type { $($(#[$note])* $variant),+ }

        impl $type {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            const WORDS: &'static [&'static str] = &[$($word),+];

            /// As it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads what was written.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }
    };
}

words! {
    /// Endpoints that are chosen together: those of the org authorization server and of the custom ones.
    EndpointClass {
        /// The token endpoints.
        Token = "token",
        /// The authorization endpoints, where a sign-in begins.
        Authorize = "authorize",
        /// The JWKS.
        Keys = "keys",
        /// Metadata of authorization servers and of protected resources.
        Metadata = "metadata",
        /// The userinfo endpoints.
        Userinfo = "userinfo",
        /// The introspection endpoints.
        Introspect = "introspect",
        /// The revocation endpoints.
        Revoke = "revoke",
        /// The logout endpoints.
        Logout = "logout",
        /// Primary authentication (`/api/v1/authn`).
        Authn = "authn",
        /// The management API and the System Log.
        Management = "management",
        /// The APIs that take what was issued.
        ProtectedResource = "protected-resource",
        /// Everything: those above, the pages of a sign-in, and paths that do not exist.
        Any = "any",
    }
}

words! {
    /// What an exchange at the token endpoint is for.
    ExchangedResource {
        /// An ID-JAG, and its redemption.
        AuthorizationServer = "authorization-server",
        /// A vaulted secret.
        Secret = "secret",
        /// A service account.
        ServiceAccount = "service-account",
        /// A third party's token.
        ResourceServer = "resource-server",
    }
}

impl EndpointClass {
    /// The class of an endpoint; [`EndpointClass::Any`] where it has none of its own.
    pub(crate) fn of(endpoint: Endpoint) -> Self {
        match endpoint {
            Endpoint::Token => Self::Token,
            Endpoint::Authorize => Self::Authorize,
            Endpoint::Keys => Self::Keys,
            Endpoint::OpenIdMetadata
            | Endpoint::OauthMetadata
            | Endpoint::ResourceMetadata
            | Endpoint::OrgMetadata => Self::Metadata,
            Endpoint::UserInfo => Self::Userinfo,
            Endpoint::Introspect => Self::Introspect,
            Endpoint::Revoke => Self::Revoke,
            Endpoint::Logout => Self::Logout,
            Endpoint::Authn => Self::Authn,
            Endpoint::Management => Self::Management,
            Endpoint::ProtectedResource => Self::ProtectedResource,
            Endpoint::AuthorizeResume
            | Endpoint::SignIn
            | Endpoint::Consent
            | Endpoint::StsRedirect
            | Endpoint::StsCallback
            | Endpoint::ThirdPartyAuthorize
            | Endpoint::Front
            | Endpoint::NotFound => Self::Any,
        }
    }
}

/// The most requests that `next` and `every` count.
const MANY: u64 = 1_000_000;

/// The parameters that every fault has: to which requests it happens, and how often.
pub(super) const SELECTION: &[FaultParameter] = &[
    FaultParameter {
        name: "endpoint",
        meaning: "requests at this endpoint, of whichever authorization server",
        form: ParameterForm::Word(EndpointClass::WORDS),
        default: Some("any"),
    },
    FaultParameter {
        name: "client",
        meaning: "requests of the client with this id; without it, of every client",
        form: ParameterForm::Text { most: 200 },
        default: None,
    },
    FaultParameter {
        name: "resource_type",
        meaning: "exchanges for this type of resource, and for authorization-server the redemption; without it, all",
        form: ParameterForm::Word(ExchangedResource::WORDS),
        default: None,
    },
    FaultParameter {
        name: "next",
        meaning: "the next so many of these requests, and no more; without `next` and `every`, all of them",
        form: ParameterForm::Number {
            least: 1,
            most: MANY,
        },
        default: None,
    },
    FaultParameter {
        name: "every",
        meaning: "only every n-th of these requests: with 3 the third, the sixth and so on",
        form: ParameterForm::Number {
            least: 1,
            most: MANY,
        },
        default: None,
    },
];

/// To which requests a fault happens, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) endpoint: EndpointClass,
    pub(super) client: Option<String>,
    pub(super) resource: Option<ExchangedResource>,
}

/// How often a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    Always,
    Next(u64),
    Every(u64),
}
