//! A recording that is judged in place of a target.

use std::sync::Arc;

use super::options::RunOptions;
use super::tape::Tape;
use crate::cassette::Cassette;
use crate::result::{Incomplete, ReplayOf, RunResult, StopCause};
use crate::targets::{Target, Trouble};

/// A recording, and the targets that stand for those of the recorded run.
#[derive(Debug)]
pub struct Replay {
    /// What was recorded.
    pub cassette: Arc<Cassette>,
    /// The target as it was described; nothing is sent to it.
    pub target: Target,
    /// The second org, where there was one.
    pub spare: Option<Target>,
}

impl Replay {
    /// Prepares to judge a recording.
    ///
    /// # Errors
    /// When no HTTP client can be made, which a target has even if it sends nothing.
    pub fn open(cassette: Cassette) -> Result<Self, Trouble> {
        let target = Target::offline(cassette.target.clone())?;
        let spare = cassette.spare.clone().map(Target::offline).transpose()?;
        Ok(Self {
            cassette: Arc::new(cassette),
            target,
            spare,
        })
    }

    /// How it is run: by the edition of the recorded run.
    #[must_use]
    pub fn options(&self) -> RunOptions {
        let mut options = RunOptions::new(self.cassette.edition);
        options.spare.clone_from(&self.spare);
        options.tape = self.tape();
        options
    }

    /// What plays it back.
    #[must_use]
    pub fn tape(&self) -> Tape {
        Tape::Replay(self.cassette.clone())
    }

    /// Notes in a result what it is of, and that a recording which is not whole says nothing on the whole.
    pub fn conclude(&self, result: &mut RunResult, file: &str) {
        result.replay_of = Some(ReplayOf {
            file: file.to_owned(),
            recorded_at: self.cassette.started_at.clone(),
        });
        if let Some(why) = &self.cassette.incomplete
            && result.incomplete.is_none()
        {
            let reason = format!("the recording is not whole: {why}");
            result.incomplete = Some(Incomplete::new(StopCause::Recording, reason));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cassette::sample;
    use crate::result::sample::all_well;

    #[test]
    fn a_replay_says_what_it_is_of_and_is_no_more_whole_than_its_recording() {
        let judged = |incomplete| {
            let text = sample::recording(incomplete);
            let replay = Replay::open(Cassette::read(&text).unwrap()).unwrap();
            let mut result = all_well();
            replay.conclude(&mut result, "run.jsonl");
            result
        };
        let whole = judged(None);
        let of = whole.replay_of.as_ref().unwrap();
        assert_eq!(
            (of.file.as_str(), of.recorded_at.as_str()),
            ("run.jsonl", sample::STARTED_AT)
        );
        assert_eq!(whole.incomplete, None);
        let stop = judged(Some("interrupted")).incomplete.unwrap();
        assert_eq!(stop.cause, StopCause::Recording);
        assert!(stop.reason.ends_with(": interrupted"), "{}", stop.reason);
    }
}
