//! What a request is, as far as the selection of faults asks: its endpoint, who says that they ask, and for what.

use super::selection::{Count, EndpointClass, ExchangedResource, Selection};
use crate::endpoints::Endpoint;
use crate::facts::Facts;
use crate::request::Request;
use crate::rules::client_authentication::basic;
use crate::tokens::jwt::Jwt;

/// A request before it is judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FaultRequest<'a> {
    pub(crate) endpoint: Endpoint,
    pub(crate) request: &'a Request,
    pub(crate) facts: &'a Facts,
}

impl FaultRequest<'_> {
    /// Whether it belongs to a selection.
    pub(super) fn is_in(self, selection: &Selection) -> bool {
        let Selection {
            endpoint,
            client,
            resource,
        } = selection;
        let at_endpoint =
            *endpoint == EndpointClass::Any || *endpoint == EndpointClass::of(self.endpoint);
        at_endpoint
            && (resource.is_none() || *resource == self.resource())
            && (client.is_none() || *client == self.claimed_client())
    }

    /// Who says that they ask. Nothing is proven: a fault happens before anything is judged.
    pub(crate) fn claimed_client(self) -> Option<String> {
        let (form, query) = (self.request.form(), &self.request.query);
        let named = || form.get("client_id").or_else(|| query.get("client_id"));
        let named = || named().map(str::to_owned);
        let claim = |jwt: Option<&Jwt>, name: &str| {
            jwt.and_then(|jwt| jwt.claim_str(name)).map(str::to_owned)
        };
        match self.endpoint {
            Endpoint::Token | Endpoint::Introspect | Endpoint::Revoke => {
                let header = self.request.authorization("Basic").and_then(basic);
                let assertion = self.facts.client_assertion.as_ref().map(|read| &read.jwt);
                header
                    .map(|(id, _)| id)
                    .or_else(named)
                    .or_else(|| claim(assertion, "sub"))
                    .or_else(|| claim(assertion, "iss"))
            }
            Endpoint::UserInfo | Endpoint::ProtectedResource => {
                claim(self.facts.bearer.as_ref(), "cid")
            }
            Endpoint::Logout => named().or_else(|| claim(self.facts.token.as_ref(), "aud")),
            _ => named(),
        }
    }

    /// What an exchange is for.
    fn resource(self) -> Option<ExchangedResource> {
        if self.endpoint != Endpoint::Token {
            return None;
        }
        let form = self.request.form();
        match form.get("grant_type")? {
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => {
                Some(ExchangedResource::AuthorizationServer)
            }
            "urn:ietf:params:oauth:grant-type:token-exchange" => {
                match form.get("requested_token_type")? {
                    "urn:ietf:params:oauth:token-type:id-jag" => {
                        Some(ExchangedResource::AuthorizationServer)
                    }
                    "urn:okta:params:oauth:token-type:vaulted-secret" => {
                        Some(ExchangedResource::Secret)
                    }
                    "urn:okta:params:oauth:token-type:service-account" => {
                        Some(ExchangedResource::ServiceAccount)
                    }
                    "urn:okta:params:oauth:token-type:oauth-sts" => {
                        Some(ExchangedResource::ResourceServer)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

impl Count {
    /// Whether it happens to a request that is the `matched`-th of its selection, after it happened `applied` times.
    pub(super) fn fits(self, matched: u64, applied: u64) -> bool {
        match self {
            Self::Always => true,
            Self::Next(most) => applied < most,
            Self::Every(n) => matched.is_multiple_of(n),
        }
    }

    /// How often it still happens; `None` without end.
    pub(super) fn left(self, applied: u64) -> Option<u64> {
        match self {
            Self::Next(most) => Some(most.saturating_sub(applied)),
            Self::Always | Self::Every(_) => None,
        }
    }
}
