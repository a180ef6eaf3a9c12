//! What a server counts together: requests of one client to one address.

use crate::exchange::RequestSpec;

/// An address without its query, and the client that asks, as far as the request says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) address: String,
    client: String,
}

impl Key {
    pub(super) fn of(request: &RequestSpec) -> Self {
        let address = request.url.split(['?', '#']).next().unwrap_or_default();
        Self {
            address: address.to_owned(),
            client: request.client_id().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Party, Payload};

    #[test]
    fn requests_of_one_client_to_one_address_count_together() {
        let request = |url: &str, client: &str| {
            let mut request = RequestSpec::new(Party::Org, "POST", url);
            request.payload = Payload::Form(vec![("client_id".into(), client.into())]);
            Key::of(&request)
        };
        let one = request("https://o.example/token?x=1", "a");
        assert_eq!(one.address, "https://o.example/token");
        assert_eq!(one, request("https://o.example/token#y", "a"));
        assert_ne!(one, request("https://o.example/token", "b"));
        assert_ne!(one, request("https://o.example/keys", "a"));
    }
}
