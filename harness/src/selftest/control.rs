//! Defects and variations over test control: which there are, and which are on.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};
use thiserror::Error;

use crate::targets::Target;

/// Something that an org can do wrong on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Defect {
    /// `mute/<internal code>` or `bend/<name>`.
    pub id: String,
    /// What goes wrong, in one sentence.
    pub summary: String,
}

impl Defect {
    /// The internal code of the refusal that is not made, if it is a muted refusal.
    #[must_use]
    pub fn mutes(&self) -> Option<&str> {
        muted_refusal(&self.id)
    }

    /// Whether it is a changed answer.
    #[must_use]
    pub fn is_bend(&self) -> bool {
        self.mutes().is_none()
    }
}

/// The internal code of the refusal that a defect of this id does not make; `None` for a changed answer.
pub(super) fn muted_refusal(id: &str) -> Option<&str> {
    id.strip_prefix("mute/")
}

/// Another lawful way to answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Variation {
    /// `vary/<name>`.
    pub id: String,
    /// What is different, in one sentence.
    pub summary: String,
    /// The document and section that allow it.
    pub source: String,
    /// Why they allow it, in one sentence.
    pub reason: String,
    /// The profiles under which it is lawful.
    pub profiles: BTreeSet<String>,
    /// What it varies: two variations of one aspect exclude each other.
    pub aspect: String,
}

/// Test control does not do what is asked.
#[derive(Debug, Error)]
pub enum ControlError {
    /// There is none.
    #[error("the target has no test control, so no defect or variation can be switched on")]
    Missing,
    /// It knows none.
    #[error("test control answers {status} when it is asked for its {what}")]
    Refused {
        /// `defects` or `variations`.
        what: &'static str,
        /// Its answer.
        status: u16,
    },
    /// It did not switch on what was asked for.
    #[error("test control does not switch `{0}`")]
    NotSwitched(String),
    /// It was not reached, or something after that went wrong; in words.
    #[error("{0}")]
    Trouble(String),
}

const DEFECTS: &str = "defects";
const VARIATIONS: &str = "variations";

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    defects: Vec<Defect>,
    #[serde(default)]
    variations: Vec<Variation>,
    on: Vec<String>,
}

/// Every defect the target can have, ordered by id.
pub(super) async fn list(target: &Target) -> Result<Vec<Defect>, ControlError> {
    let mut defects = ask(target, DEFECTS, "GET", None).await?.defects;
    defects.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(defects)
}

/// Leaves one defect on, or none.
pub(super) async fn switch(target: &Target, on: Option<&str>) -> Result<(), ControlError> {
    let wanted: Vec<&str> = on.into_iter().collect();
    let answer = ask(target, DEFECTS, "PUT", Some(&json!({ "on": wanted }))).await?;
    if answer.on == wanted {
        return Ok(());
    }
    let what = on.map_or_else(|| "all defects off".to_owned(), ToOwned::to_owned);
    Err(ControlError::NotSwitched(what))
}

/// Every variation the target can have, ordered by id.
pub(super) async fn variations(target: &Target) -> Result<Vec<Variation>, ControlError> {
    let mut variations = ask(target, VARIATIONS, "GET", None).await?.variations;
    variations.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(variations)
}

/// Leaves these variations on, and no other.
pub(super) async fn vary(target: &Target, on: &BTreeSet<&str>) -> Result<(), ControlError> {
    let answer = ask(target, VARIATIONS, "PUT", Some(&json!({ "on": on }))).await?;
    let now: BTreeSet<&str> = answer.on.iter().map(String::as_str).collect();
    if now == *on {
        return Ok(());
    }
    let missing = on.difference(&now).next();
    let what = missing.map_or_else(|| "all variations off".to_owned(), ToString::to_string);
    Err(ControlError::NotSwitched(what))
}

/// Lets every server have changed its key once. A rotation outlives a reset, so cases that rotate would make orgs that
/// have run them unlike those that have not.
pub(super) async fn rotate(target: &Target) -> Result<(), ControlError> {
    for server in target.deployment().servers.values() {
        let body = json!({ "issuer": server.issuer });
        let request = target.control_request("POST", "keys/rotate", Some(&body));
        let exchange = target.send(request.ok_or(ControlError::Missing)?).await;
        let exchange = exchange.map_err(|trouble| ControlError::Trouble(trouble.to_string()))?;
        let status = exchange.response.status;
        if status >= 300 {
            let issuer = &server.issuer;
            let trouble =
                format!("test control answers {status} when the key of {issuer} is rotated");
            return Err(ControlError::Trouble(trouble));
        }
    }
    target.forget_keys().await;
    Ok(())
}

async fn ask(
    target: &Target,
    what: &'static str,
    method: &str,
    body: Option<&Value>,
) -> Result<Answer, ControlError> {
    let request = target.control_request(method, what, body);
    let exchange = target.send(request.ok_or(ControlError::Missing)?).await;
    let exchange = exchange.map_err(|trouble| ControlError::Trouble(trouble.to_string()))?;
    let status = exchange.response.status;
    let answer = exchange.response.json.filter(|_| status < 300);
    let answer = answer.and_then(|json| serde_json::from_value(json).ok());
    answer.ok_or(ControlError::Refused { what, status })
}
