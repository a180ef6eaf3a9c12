//! An entry of the org file while it is written.

use std::fmt;

use serde_json::{Map, Value};

/// Okta's ids are this long.
const ID_LENGTH: usize = 20;

/// The members of an entry. Passwords and vaulted values are among them, so `Debug` shows the id alone.
#[derive(Clone, Default)]
pub(super) struct Entry(Map<String, Value>);

impl Entry {
    pub(super) fn new(id: &str, name: &str) -> Self {
        let mut entry = Self::default();
        entry.set("id", id);
        entry.set("name", name);
        entry
    }

    /// Sets a member; null removes it.
    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        match value.into() {
            Value::Null => self.0.shift_remove(key),
            value => self.0.insert(key.to_owned(), value),
        };
    }

    /// Adds to a list, which is made where there is none.
    pub(super) fn push(&mut self, key: &str, item: impl Into<Value>) {
        let list = self.0.entry(key.to_owned());
        let list = list.or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(items) = list {
            items.push(item.into());
        }
    }

    /// Sets a member of the object `key`, which is made where there is none.
    pub(super) fn set_within(&mut self, key: &str, name: &str, value: impl Into<Value>) {
        let object = self.0.entry(key.to_owned());
        let object = object.or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(members) = object {
            members.insert(name.to_owned(), value.into());
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }
}

impl From<Entry> for Value {
    fn from(entry: Entry) -> Self {
        Self::Object(entry.0)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.0.get("id").and_then(Value::as_str);
        f.debug_struct("Entry")
            .field("id", &id)
            .finish_non_exhaustive()
    }
}

/// Methods that several kinds of entries have, each named once.
macro_rules! entry_methods {
    ($entry:ident: $($method:ident),+) => {
        impl $entry {
            $(entry_methods!(@$method);)+
        }
    };
    (@with) => {
        /// Sets a key of the entry in the org file; null removes it.
        #[must_use]
        pub fn with(mut self, key: &str, value: impl Into<serde_json::Value>) -> Self {
            self.0.set(key, value);
            self
        }
    };
    (@inactive) => {
        /// It exists, but cannot be used.
        #[must_use]
        pub fn inactive(self) -> Self {
            self.with("status", "INACTIVE")
        }
    };
    (@redirect_uri) => {
        /// Where users come back to after they have signed in.
        #[must_use]
        pub fn redirect_uri(self, uri: &str) -> Self {
            self.with("redirect_uris", texts([uri]))
        }
    };
    (@assigned_to) => {
        /// Only these users may use it; without, everyone may. They go by login or id.
        #[must_use]
        pub fn assigned_to<'u>(self, users: impl IntoIterator<Item = &'u str>) -> Self {
            self.with("assigned_users", texts(users.into_iter().map(user_id)))
        }
    };
    (@entitled) => {
        /// Only these users are entitled to it. They go by login or id.
        #[must_use]
        pub fn entitled<'u>(self, users: impl IntoIterator<Item = &'u str>) -> Self {
            self.with("entitled_users", texts(users.into_iter().map(user_id)))
        }
    };
}

pub(super) use entry_methods;

/// The id that goes with a name: the name itself when it is an id, otherwise its letters and digits in the shape of one.
pub(super) fn id(prefix: &str, name: &str) -> String {
    if name.starts_with(prefix) && name.len() == ID_LENGTH {
        return name.to_owned();
    }
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let mut id: String = prefix.chars().chain(letters).take(ID_LENGTH - 1).collect();
    while id.len() < ID_LENGTH - 1 {
        id.push('0');
    }
    id.push('1');
    id
}

/// The id of a user who goes by login or id.
pub(super) fn user_id(name: &str) -> String {
    id("00u", name.split('@').next().unwrap_or_default())
}

/// The id of a custom authorization server; that of the server `default` is `default`.
pub(super) fn server_id(name: &str) -> String {
    if name == "default" {
        return name.to_owned();
    }
    id("aus", name)
}

/// A list of texts.
pub(super) fn texts<S: Into<String>>(items: impl IntoIterator<Item = S>) -> Value {
    items
        .into_iter()
        .map(|item| Value::String(item.into()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids_and_ids_stay() {
        assert_eq!(id("wlp", "assistant"), "wlpassistant00000001");
        assert_eq!(id("wlp", "My assistant!"), "wlpMyassistant000001");
        assert_eq!(id("wlp", "wlpagentrsa000000001"), "wlpagentrsa000000001");
        assert_eq!(user_id("ada@example.com"), "00uada00000000000001");
        assert_eq!(server_id("default"), "default");
        assert_eq!(id("aus", &"x".repeat(40)).len(), ID_LENGTH);
    }
}
