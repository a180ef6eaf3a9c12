//! What a server counts together: requests of one client to one address.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::exchange::{Payload, RequestSpec};

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
            client: client(request).unwrap_or_default(),
        }
    }
}

fn client(request: &RequestSpec) -> Option<String> {
    let parameters = match &request.payload {
        Payload::Form(parameters) | Payload::Json(parameters) | Payload::Multipart(parameters) => {
            parameters.as_slice()
        }
        Payload::None | Payload::Text { .. } => &[],
    };
    let named = |name: &str| {
        let mut all = request.query.iter().chain(parameters);
        let found = all.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    if let Some(id) = named("client_id") {
        return Some(id.to_owned());
    }
    if let Some(assertion) = named("client_assertion") {
        let claims = URL_SAFE_NO_PAD.decode(assertion.split('.').nth(1)?).ok()?;
        let claims: Value = serde_json::from_slice(&claims).ok()?;
        return Some(claims.get("sub")?.as_str()?.to_owned());
    }
    let mut headers = request.headers.iter();
    let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    let pair = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    Some(pair.split_once(':')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Party;

    fn form(parameters: &[(&str, &str)]) -> RequestSpec {
        let mut request = RequestSpec::new(Party::Org, "POST", "https://o.example/token?x=1");
        let parameters = parameters.iter();
        let parameters = parameters.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        request.payload = Payload::Form(parameters.collect());
        request
    }

    #[test]
    fn a_client_is_known_by_its_id_its_assertion_or_its_password() {
        let one = Key::of(&form(&[("client_id", "a")]));
        assert_eq!(one.address, "https://o.example/token");
        assert_eq!(one.client, "a");
        // {"alg":"none"}, {"sub":"a"}
        let assertion = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";
        assert_eq!(Key::of(&form(&[("client_assertion", assertion)])), one);
        assert_eq!(
            Key::of(&form(&[]).header("authorization", "Basic YTpi")),
            one
        );
        for other in [
            form(&[]),
            form(&[("client_assertion", "nonsense")]),
            form(&[]).header("authorization", "Bearer x"),
        ] {
            assert_eq!(Key::of(&other).client, "");
        }
    }
}
