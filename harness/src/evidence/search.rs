//! The last look at what is about to be written: whether a secret stands in it in spite of all pseudonyms.

use serde_json::Value;

use super::Pseudonyms;
use super::redact::json_within;

impl Pseudonyms {
    /// Where in a document a secret stands that is known at present, as a dotted path. Each text is searched on its own, and
    /// each name: what stands in two neighbouring texts is no secret, even if the two read together would be.
    #[must_use]
    pub fn leak(&self, document: &Value) -> Option<String> {
        let mut path = Vec::new();
        self.is_in(document, &mut path).then(|| path.join("."))
    }

    fn is_in(&self, value: &Value, path: &mut Vec<String>) -> bool {
        match value {
            Value::String(text) => self.shows(text),
            Value::Number(number) => self.redactor().finds(&number.to_string()),
            Value::Array(items) => items.iter().enumerate().any(|(index, item)| {
                path.push(index.to_string());
                let found = self.is_in(item, path);
                if !found {
                    path.pop();
                }
                found
            }),
            Value::Object(members) => members.iter().any(|(name, member)| {
                // The path must not show what it leads to.
                if self.redactor().finds(name) {
                    path.push("…".to_owned());
                    return true;
                }
                path.push(name.clone());
                let found = self.is_in(member, path);
                if !found {
                    path.pop();
                }
                found
            }),
            Value::Bool(_) | Value::Null => false,
        }
    }

    fn shows(&self, text: &str) -> bool {
        match json_within(text) {
            Some(document) => self.leak(&document).is_some(),
            None => !self.is_made(text) && self.redactor().finds(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::evidence::{Public, Redactor};
    use crate::secret::Salt;

    #[test]
    fn a_secret_is_found_in_one_text_and_not_across_two() {
        let mut redactor =
            Redactor::new(Salt::new(*b"salt"), Public::default(), "http://o.example");
        redactor.know("mock-vault-warehouse-password-c04e");
        redactor.know("1234567890123");
        let made = Pseudonyms::new(b"key", redactor);
        let answer = json!({"username": "svc-warehouse", "password": "redacted-0123"});
        assert_eq!(made.leak(&answer), None);
        // The same as text within a text.
        assert_eq!(made.leak(&json!([answer.to_string()])), None);
        for (document, path) in [
            (
                json!({"a": ["x", "the mock-vault-warehouse-password-c04e"]}),
                "a.1",
            ),
            (json!({"a": {"MockVaultWarehousePasswordC04e": 1}}), "a.…"),
            (json!({"n": 1_234_567_890_123_u64}), "n"),
            (
                json!({"a": "{\"b\":\"mock-vault-warehouse-password-c04e\"}"}),
                "a",
            ),
        ] {
            assert_eq!(made.leak(&document).as_deref(), Some(path), "{document}");
        }
    }
}
