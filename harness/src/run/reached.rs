//! Which servers have answered in a case so far: an answer that looks like an outage or a wall in front of a server is
//! taken for the server's own once the server was seen behind it.

use std::collections::BTreeSet;

use url::Url;

use crate::exchange::Exchange;

/// Who has answered.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// Addresses without their queries.
    addresses: BTreeSet<String>,
    /// Origins that have granted an application something.
    open: BTreeSet<String>,
}

impl Reached {
    /// Notes an exchange.
    pub(super) fn note(&mut self, exchange: &Exchange) {
        let (request, response) = (&exchange.request, &exchange.response);
        if response.status >= 500 {
            return;
        }
        self.addresses.insert(address(&request.url).to_owned());
        // A wall that asks people to sign in lets browsers through.
        if let Some(origin) = origin(&request.url)
            && !request.by_browser
            && (200..300).contains(&response.status)
        {
            self.open.insert(origin);
        }
    }

    /// Whether this address has answered.
    pub(super) fn has_answered(&self, url: &str) -> bool {
        self.addresses.contains(address(url))
    }

    /// Whether nothing stands in front of the server at this address that would redirect an application.
    pub(super) fn is_open(&self, url: &str) -> bool {
        origin(url).is_some_and(|origin| self.open.contains(&origin))
    }
}

/// An address without its query.
fn address(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(url.origin().ascii_serialization())
}
