//! What a step of a case did: while a case runs with its secrets, read from a recording with pseudonyms for them.

use std::fmt;

use crate::exchange::Exchange;
use crate::jwks::KeyRing;
use crate::result::Blame;

/// What a step did.
#[derive(Default)]
pub struct StepRecord {
    /// Its id.
    pub step: String,
    /// The request as the scenario describes it, in words.
    pub request_in_words: Vec<String>,
    /// The target's now when it was prepared.
    pub prepared_at: i64,
    /// The same when the last answer was there.
    pub answered_at: Option<i64>,
    /// The same when it was judged.
    pub judged_at: Option<i64>,
    /// JWTs that test control signed for it.
    pub signed: Vec<String>,
    /// The keys it was prepared with.
    pub prepared_with: KeyRing,
    /// The keys it was judged with.
    pub judged_with: KeyRing,
    /// What went over the wire.
    pub exchanges: Vec<Exchange>,
    /// What was judged, where that is not the last exchange.
    pub answer: Option<Exchange>,
    /// Why a request was not answered.
    pub trouble: Option<String>,
    /// Why the answers were not judged, and who has to act, where that is not to be seen in them.
    pub not_judged: Option<(String, Blame)>,
    /// While it is recorded: whether the scenario compares the text of an answer, so that a page must be kept whole.
    pub reads_text: bool,
    /// Of a recording: why it cannot be judged again.
    pub not_kept: Option<String>,
    /// Of a recording: whether the text of an answer is less than the whole.
    pub is_cut: bool,
}

/// It may hold secrets.
impl fmt::Debug for StepRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StepRecord({})", self.step)
    }
}
