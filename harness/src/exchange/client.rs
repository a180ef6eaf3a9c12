//! Which client a request is made by.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Payload, RequestSpec};

impl RequestSpec {
    /// The client id of whoever asks, as far as the request says: that of the credential, which decides, or else `client_id`.
    #[must_use]
    pub fn client_id(&self) -> Option<String> {
        let named = || self.parameter("client_id").map(str::to_owned);
        self.client_of_assertion()
            .or_else(|| self.client_of_header())
            .or_else(named)
    }

    /// The subject of the assertion (RFC 7523 section 3). Nobody has verified it.
    fn client_of_assertion(&self) -> Option<String> {
        let claims = self.parameter("client_assertion")?.split('.').nth(1)?;
        let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
        let claims: Value = serde_json::from_slice(&claims).ok()?;
        Some(claims.get("sub")?.as_str()?.to_owned())
    }

    /// The user of HTTP Basic, encoded as in forms (RFC 6749 section 2.3.1).
    fn client_of_header(&self) -> Option<String> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
        // The name of a scheme has no case (RFC 9110 section 11.1).
        let (scheme, pair) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let pair = String::from_utf8(STANDARD.decode(pair).ok()?).ok()?;
        let (id, _) = pair.split_once(':')?;
        let decoded = form_urlencoded::parse(id.as_bytes()).next();
        decoded.map(|(id, _)| id.into_owned())
    }

    /// A parameter of the query or the body.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let in_body = match &self.payload {
            Payload::Form(parameters)
            | Payload::Json(parameters)
            | Payload::Multipart(parameters) => parameters.as_slice(),
            Payload::None | Payload::Text { .. } => &[],
        };
        let mut all = self.query.iter().chain(in_body);
        let found = all.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Party;

    fn form(parameters: &[(&str, &str)]) -> RequestSpec {
        let mut request = RequestSpec::new(Party::Org, "POST", "https://o.example/token");
        let parameters = parameters.iter();
        let parameters = parameters.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        request.payload = Payload::Form(parameters.collect());
        request
    }

    #[test]
    fn a_client_is_known_by_its_id_its_assertion_or_its_password() {
        // {"alg":"none"}, {"sub":"a"}
        let assertion = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";
        let mut in_query = form(&[]);
        in_query.query.push(("client_id".into(), "a".into()));
        for (request, client) in [
            (form(&[("client_id", "a")]), "a"),
            (in_query, "a"),
            (form(&[("client_assertion", assertion)]), "a"),
            // The credential decides.
            (
                form(&[("client_id", "b"), ("client_assertion", assertion)]),
                "a",
            ),
            (form(&[]).header("Authorization", "Basic YTpi"), "a"),
            (
                form(&[]).header("authorization", "basic MG9hd2ViOnNlY3JldA=="),
                "0oaweb",
            ),
            // a%3Ac:b
            (
                form(&[]).header("authorization", "Basic YSUzQWM6Yg=="),
                "a:c",
            ),
        ] {
            assert_eq!(request.client_id().as_deref(), Some(client), "{request:?}");
        }
        for nobody in [
            form(&[]),
            form(&[("client_assertion", "nonsense")]),
            form(&[]).header("authorization", "Bearer x"),
        ] {
            assert_eq!(nobody.client_id(), None);
        }
    }
}
