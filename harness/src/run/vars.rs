//! The names a case can use: those of the target, fresh values of its own, and what its steps saved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use crate::fill::Names;
use crate::forge::{Pkce, fresh};
use crate::signing_key::weak;

/// Names of one case.
pub(super) struct Vars {
    of_target: Arc<BTreeMap<String, String>>,
    saved: BTreeMap<String, Value>,
    /// Saved values that were asked for since it was last emptied.
    read: Mutex<BTreeSet<String>>,
    pkce: Pkce,
    state: String,
    nonce: String,
}

impl Vars {
    /// A case's names before its first step.
    pub(super) fn new(of_target: Arc<BTreeMap<String, String>>) -> Self {
        Self {
            of_target,
            saved: BTreeMap::new(),
            read: Mutex::default(),
            pkce: Pkce::fresh(),
            state: fresh(),
            nonce: fresh(),
        }
    }

    /// The names of a case that was recorded.
    pub(super) fn restored(
        of_target: Arc<BTreeMap<String, String>>,
        (state, nonce, pkce): (String, String, Pkce),
    ) -> Self {
        Self {
            pkce,
            state,
            nonce,
            ..Self::new(of_target)
        }
    }

    /// What was made for this case: `state`, `nonce` and PKCE.
    pub(super) fn fresh(&self) -> (String, String, Pkce) {
        (self.state.clone(), self.nonce.clone(), self.pkce.clone())
    }

    /// Keeps a value for later steps.
    pub(super) fn save(&mut self, name: &str, value: Value) {
        self.saved.insert(name.to_owned(), value);
    }

    /// The saved values that were asked for since the last call.
    pub(super) fn take_read(&self) -> BTreeSet<String> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut read)
    }

    /// What would let somebody else go on with this case.
    pub(super) fn verifier(&self) -> &str {
        &self.pkce.verifier
    }
}

impl Names for Vars {
    fn value(&self, name: &str) -> Option<Value> {
        Some(match name {
            "random" => fresh().into(),
            "state" => self.state.as_str().into(),
            "nonce" => self.nonce.as_str().into(),
            "weak_key.n" => weak::modulus().into(),
            "weak_key.e" => weak::EXPONENT.into(),
            "pkce.verifier" => self.pkce.verifier.as_str().into(),
            "pkce.challenge" => self.pkce.challenge.as_str().into(),
            name => match self.saved.get(name) {
                Some(value) => {
                    let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
                    read.insert(name.to_owned());
                    value.clone()
                }
                None => self.of_target.get(name)?.as_str().into(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_values_stay_within_a_case_and_random_ones_never() {
        let of_target = BTreeMap::from([("org.issuer".to_owned(), "https://o".to_owned())]);
        let mut vars = Vars::new(Arc::new(of_target));
        assert_eq!(vars.value("state"), vars.value("state"));
        assert_ne!(vars.value("random"), vars.value("random"));
        assert_eq!(vars.value("org.issuer"), Some("https://o".into()));
        assert_eq!(vars.value("id_token"), None);
        vars.save("id_token", 7.into());
        assert!(vars.take_read().is_empty());
        assert_eq!(vars.value("id_token"), Some(7.into()));
        assert_eq!(vars.take_read(), BTreeSet::from(["id_token".to_owned()]));
        assert!(vars.take_read().is_empty());
    }
}
