//! The credentials of a case: what the agent was given and what the org gave it, so that each can be recognised wherever it
//! turns up in a request.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::form_post;
use crate::targets::Received;

/// The fewest characters of a value that is looked for inside other text.
const SHORTEST: usize = 8;

/// What a credential is. The names are those of scenarios.
pub(super) const ID_TOKEN: &str = "id-token";
pub(super) const ID_JAG: &str = "id-jag";
pub(super) const CODE: &str = "code";
const ACCESS_TOKEN: &str = "access-token";
/// That of the org itself, for `/userinfo`.
const ORG_ACCESS_TOKEN: &str = "org-access-token";
const REFRESH_TOKEN: &str = "refresh-token";
const BROKERED_TOKEN: &str = "brokered-token";
const VAULTED_SECRET: &str = "vaulted-secret";
const SERVICE_ACCOUNT: &str = "service-account";
const CLIENT_ASSERTION: &str = "client-assertion";

/// Credentials by value.
#[derive(Default)]
pub(super) struct Ledger(Vec<(&'static str, String)>);

impl Ledger {
    /// Begins with what the agent was given.
    pub(super) fn new(given: &[(&'static str, String)]) -> Self {
        Self(given.to_vec())
    }

    fn add(&mut self, kind: &'static str, value: &str) {
        let is_known = self.0.iter().any(|(_, known)| known == value);
        if !value.is_empty() && !is_known {
            self.0.push((kind, value.to_owned()));
        }
    }

    /// All, with what they are.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(kind, value)| (*kind, value.as_str()))
    }

    /// Takes in what a request presents and its answer gives.
    pub(super) fn learn(&mut self, received: &Received, form: &[(String, String)], is_org: bool) {
        let parameter = |name: &str| {
            let mut form = form.iter();
            form.find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
        };
        let query = received
            .target
            .split_once('?')
            .map_or("", |(_, query)| query);
        let in_query =
            form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "client_assertion");
        if let Some((_, assertion)) = in_query {
            self.add(CLIENT_ASSERTION, &assertion);
        }
        if let Some(assertion) = parameter("client_assertion") {
            self.add(CLIENT_ASSERTION, assertion);
        }
        let location = received
            .answer_headers
            .iter()
            .find(|(name, _)| name == "location")
            .map(|(_, location)| location.clone())
            .or_else(|| form_post::as_redirect(&received.answer_body));
        if let Some((_, query)) = location.as_deref().and_then(|to| to.split_once(['?', '#'])) {
            let code = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code");
            if let Some((_, code)) = code {
                self.add(CODE, &code);
            }
        }
        let Ok(Value::Object(answer)) = serde_json::from_str(&received.answer_body) else {
            return;
        };
        if received.endpoint != "token" {
            return;
        }
        let requested = parameter("requested_token_type").unwrap_or_default();
        let access = if requested.ends_with(":id-jag") {
            ID_JAG
        } else if requested.ends_with(":oauth-sts") {
            BROKERED_TOKEN
        } else if is_org {
            ORG_ACCESS_TOKEN
        } else {
            ACCESS_TOKEN
        };
        for (member, kind) in [
            ("id_token", ID_TOKEN),
            ("access_token", access),
            ("refresh_token", REFRESH_TOKEN),
        ] {
            if let Some(value) = answer.get(member).and_then(Value::as_str) {
                self.add(kind, value);
            }
        }
        if let Some(Value::Object(secret)) = answer.get("vaulted_secret") {
            for value in secret.values().filter_map(Value::as_str) {
                self.add(VAULTED_SECRET, value);
            }
        }
        if let Some(password) = answer
            .get("service_account")
            .and_then(|account| account["password"].as_str())
        {
            self.add(SERVICE_ACCOUNT, password);
        }
    }

    /// What a value is, if it is one of these.
    pub(super) fn kind_of(&self, value: &str) -> Option<&'static str> {
        let mut all = self.all();
        all.find(|(_, known)| *known == value).map(|(kind, _)| kind)
    }

    /// Which kinds stand in a text, as they are, percent-decoded or within Basic credentials.
    pub(super) fn within(&self, text: &str) -> Vec<&'static str> {
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        let basic = basic(text);
        let mut kinds: Vec<&'static str> = Vec::new();
        for (kind, value) in self.all().filter(|(_, value)| value.len() >= SHORTEST) {
            let stands = text.contains(value) || decoded.contains(value) || basic.contains(value);
            if stands && !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }
}

/// What Basic credentials are made of; empty where the text is none.
fn basic(text: &str) -> Cow<'_, str> {
    let decoded = text
        // The scheme has no case (RFC 9110 section 11.1).
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, rest)| STANDARD.decode(rest.trim()).ok());
    let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.map_or(Cow::Borrowed(""), |pair| {
        // RFC 6749 section 2.3.1: both are form-encoded; a service account's are not.
        let plain = form_urlencoded::parse(pair.as_bytes()).map(|(name, _)| name.into_owned());
        let plain: Vec<String> = plain.collect();
        Cow::Owned(format!("{pair} {}", plain.join(" ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_of_basic_credentials_has_no_case() {
        let ledger = Ledger(vec![(SERVICE_ACCOUNT, "a-long-password".to_owned())]);
        let pair = STANDARD.encode("user:a-long-password");
        for scheme in ["Basic", "basic", "BASIC"] {
            let kinds = ledger.within(&format!("{scheme} {pair}"));
            assert_eq!(kinds, [SERVICE_ACCOUNT], "{scheme}");
        }
        assert!(ledger.within(&format!("Other {pair}")).is_empty());
    }
}
