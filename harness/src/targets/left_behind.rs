//! What a run leaves at a target that has no test control to undo it.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::Target;
use super::refresh::RefreshTokenLeft;
use crate::scenario::model::UserRole;

/// Users whose sessions are left.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<BTreeSet<UserRole>>);

impl Target {
    /// Notes that a user signed in at the sign-in page, which opens a session.
    pub fn note_session(&self, user: UserRole) {
        let mut users = self.sessions().0.lock();
        users
            .as_mut()
            .unwrap_or_else(PoisonError::get_mut)
            .insert(user);
    }

    /// What is left, one entry a thing; nothing where test control puts the target back to how it started.
    pub async fn left_behind(&self) -> Vec<String> {
        if self.deployment().control.is_some() {
            return Vec::new();
        }
        let mut left = Vec::new();
        {
            let users = self.sessions().0.lock();
            let users = users.unwrap_or_else(PoisonError::into_inner);
            if !users.is_empty() {
                let names: Vec<_> = users.iter().map(|user| user.as_str()).collect();
                left.push(format!(
                    "sessions of {} at the sign-in page, which end by themselves",
                    names.join(", ")
                ));
            }
        }
        let refresh_token = self.refresh_token_used_up().await;
        left.extend(refresh_token.map(|left| describe(&left)));
        left
    }
}

/// What became of a refresh token that was used up, and what to do about it.
fn describe(left: &RefreshTokenLeft) -> String {
    match left {
        RefreshTokenLeft::Written => {
            "a new refresh token, which stands in the file of `sign_in.refresh_token` now".to_owned()
        }
        RefreshTokenLeft::Unwritten(why) => format!(
            "the refresh token of the target file is used up, and the new one could not be written to its file ({why}): sign in again"
        ),
        RefreshTokenLeft::Lost => {
            "the refresh token of the target file is used up: sign in again, and give the token as `{file: PATH}`, where each run writes the new one".to_owned()
        }
    }
}
