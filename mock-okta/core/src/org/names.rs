//! Identifiers, each kind a type of its own, so that a user's id cannot stand where a client's belongs.

use std::borrow::Borrow;
use std::fmt;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Wraps an identifier as it stands in the configuration.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// As on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )+};
}

names! {
    /// `00u…`
    UserId;
    /// `0oa…` of an app or `wlp…` of an agent: the OAuth `client_id`.
    ClientId;
    /// `default` or `aus…`: the last part of a custom authorization server's issuer.
    CustomServerId;
    /// `mcn…`
    ConnectionId;
    /// Id of a third party that OAuth STS brokers.
    ThirdPartyId;
}
