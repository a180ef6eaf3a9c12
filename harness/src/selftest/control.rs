//! Defects over test control: which there are, and which are on.

use serde::Deserialize;
use serde_json::{Value, json};
use thiserror::Error;

use crate::target::Target;

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
        self.id.strip_prefix("mute/")
    }

    /// Whether it is a bent output.
    #[must_use]
    pub fn is_bend(&self) -> bool {
        self.mutes().is_none()
    }
}

/// Test control does not do what is asked.
#[derive(Debug, Error)]
pub enum ControlError {
    /// There is none.
    #[error("the target has no test control, so no defect can be switched on")]
    Missing,
    /// It knows no defects.
    #[error("test control answers {0} when it is asked for its defects")]
    Refused(u16),
    /// It did not switch on what was asked for.
    #[error("test control does not switch `{0}`")]
    NotSwitched(String),
    /// It was not reached, or something after that went wrong; in words.
    #[error("{0}")]
    Trouble(String),
}

#[derive(Deserialize)]
struct Answer {
    defects: Vec<Defect>,
    on: Vec<String>,
}

/// Every defect the target can have, ordered by id.
pub(super) async fn list(target: &Target) -> Result<Vec<Defect>, ControlError> {
    let mut defects = ask(target, "GET", None).await?.defects;
    defects.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(defects)
}

/// Leaves one defect on, or none.
pub(super) async fn switch(target: &Target, on: Option<&str>) -> Result<(), ControlError> {
    let wanted: Vec<&str> = on.into_iter().collect();
    let answer = ask(target, "PUT", Some(&json!({ "on": wanted }))).await?;
    if answer.on == wanted {
        return Ok(());
    }
    let what = on.map_or_else(|| "all defects off".to_owned(), ToOwned::to_owned);
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

async fn ask(target: &Target, method: &str, body: Option<&Value>) -> Result<Answer, ControlError> {
    let request = target.control_request(method, "defects", body);
    let exchange = target.send(request.ok_or(ControlError::Missing)?).await;
    let exchange = exchange.map_err(|trouble| ControlError::Trouble(trouble.to_string()))?;
    let status = exchange.response.status;
    let answer = exchange.response.json.filter(|_| status < 300);
    let answer = answer.and_then(|json| serde_json::from_value(json).ok());
    answer.ok_or(ControlError::Refused(status))
}
