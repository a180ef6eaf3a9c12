//! What an accepted exchange implies inside Okta. No harness sees it, so it is drawn dashed and says so.

use super::lane::Lane;
use crate::evidence::{RecordedStep, RecordedValue};

/// One such thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unseen {
    /// Whom the server turned to.
    pub(super) to: Lane,
    /// What for.
    pub(super) label: String,
}

/// What happened behind this exchange, where the token it asked for and got tells.
pub(super) fn behind(step: &RecordedStep) -> Option<Unseen> {
    let accepted = step
        .response
        .as_ref()
        .is_some_and(|response| (200..300).contains(&response.status));
    if !accepted {
        return None;
    }
    let requested = step
        .request
        .parameters
        .iter()
        .find(|field| field.name == "requested_token_type")?;
    let RecordedValue::Plain { text } = &requested.value else {
        return None;
    };
    let (to, label) = match text.as_str() {
        "urn:okta:params:oauth:token-type:vaulted-secret" => (Lane::Vault, "looks up the secret"),
        "urn:okta:params:oauth:token-type:service-account" => {
            (Lane::Vault, "looks up the service account")
        }
        "urn:okta:params:oauth:token-type:oauth-sts" => {
            (Lane::ThirdParty, "gets the third party's token")
        }
        _ => return None,
    };
    Some(Unseen {
        to,
        label: format!("{label} (not seen)"),
    })
}
