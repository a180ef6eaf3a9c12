//! Keeps what the steps of a run did. A recording is made of it when the run is over: only then is every secret of the run
//! known.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::model::WhichOrg;
use super::step::StepRecord;
use super::writer;
use crate::evidence::Redactor;
use crate::exchange::{Exchange, Payload};
use crate::forge::Pkce;
use crate::result::Verdict;
use crate::scenario::model::Edition;
use crate::targets::Deployment;

/// The most bytes of requests and answers that a recording keeps. The whole suite has a quarter of it.
const LARGEST: usize = 64 * 1024 * 1024;

/// A case under way.
pub struct LiveCase {
    /// Its id.
    pub id: String,
    /// A base flow that is taken by another way.
    pub other_way: bool,
    /// Which org it asks.
    pub on: WhichOrg,
    /// `state`, `nonce` and PKCE of the case.
    pub fresh: (String, String, Pkce),
    /// Its verdict, once it has one.
    pub verdict: Option<Verdict>,
    /// How long its requests were held back by limits of the target.
    pub held: Duration,
    /// The longest that one was which redeems a code.
    pub held_with_code: Duration,
    /// The longest that one was whose refusal the case expects, where that may be due to it.
    pub held_before_refusal: Duration,
    /// What its steps did, in order.
    pub steps: Vec<StepRecord>,
    /// Knows what the case regards as secret.
    pub redactor: Redactor,
}

/// It holds secrets.
impl fmt::Debug for LiveCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LiveCase({}, {} steps)", self.id, self.steps.len())
    }
}

/// Records a run. Shared by its cases.
#[derive(Debug, Default)]
pub struct Recorder(Mutex<Recording>);

#[derive(Debug, Default)]
struct Recording {
    cases: Vec<LiveCase>,
    bytes: usize,
    left_out: usize,
    closed: Option<Closed>,
}

/// What a recorded run was.
#[derive(Debug)]
pub struct RunOf {
    /// RFC 3339, UTC.
    pub started_at: String,
    /// The edition it followed.
    pub edition: Edition,
    /// Ids of the cases and rules that it was about.
    pub planned: Vec<String>,
}

#[derive(Debug)]
struct Closed {
    head: HeadOf,
    redactor: Redactor,
}

/// What the first line is made of.
#[derive(Debug)]
pub(super) struct HeadOf {
    pub(super) run: RunOf,
    pub(super) target: Deployment,
    pub(super) spare: Option<Deployment>,
}

/// A recording.
#[derive(Debug)]
pub struct Written {
    /// All lines.
    pub text: String,
    /// How many cases are not in it.
    pub left_out: usize,
}

/// Why there is no recording of a run.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotRecorded {
    /// The run was broken off.
    #[error("the run ended before all of its secrets were known")]
    NotClosed,
    /// More than can be looked for.
    #[error("the run saw more credentials than can be looked for")]
    TooManySecrets,
    /// A line without which there is no recording would show a secret.
    #[error("{line} would show a value that must be hidden, at `{at}`")]
    Leak {
        /// Which line.
        line: String,
        /// The place in it.
        at: String,
    },
}

impl Recorder {
    /// Keeps a case, whole or as far as it came.
    pub fn keep(&self, case: LiveCase) {
        let mut recording = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = weight(&case);
        if recording.bytes + bytes > LARGEST {
            recording.left_out += 1;
        } else {
            recording.bytes += bytes;
            recording.cases.push(case);
        }
    }

    /// Notes that the run is over, what it asked, and what is secret of it.
    pub fn close(
        &self,
        run: RunOf,
        target: &Deployment,
        spare: Option<&Deployment>,
        redactor: Redactor,
    ) {
        let head = HeadOf {
            run,
            target: target.clone(),
            spare: spare.cloned(),
        };
        let mut recording = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recording.closed = Some(Closed { head, redactor });
    }

    /// The recording.
    ///
    /// # Errors
    /// When it cannot be said to hold no secret.
    pub fn cassette(&self, incomplete: Option<&str>) -> Result<Written, NotRecorded> {
        let mut recording = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Closed { head, redactor } = recording.closed.take().ok_or(NotRecorded::NotClosed)?;
        if redactor.is_full() {
            return Err(NotRecorded::TooManySecrets);
        }
        let mut cases = std::mem::take(&mut recording.cases);
        cases.sort_by(|a, b| (&a.id, a.other_way).cmp(&(&b.id, b.other_way)));
        writer::write(&head, cases, incomplete, redactor, recording.left_out)
    }
}

/// About the bytes of a case.
fn weight(case: &LiveCase) -> usize {
    let of_pairs = |pairs: &[(String, String)]| -> usize {
        pairs
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum()
    };
    let exchanges = case.steps.iter().flat_map(|step| &step.exchanges);
    let of = |exchange: &Exchange| {
        let payload = match &exchange.request.payload {
            Payload::None => 0,
            Payload::Form(pairs) | Payload::Json(pairs) | Payload::Multipart(pairs) => {
                of_pairs(pairs)
            }
            Payload::Text { text, .. } => text.len(),
        };
        payload
            + of_pairs(&exchange.request.headers)
            + of_pairs(&exchange.response.headers)
            + exchange.response.text.len()
    };
    exchanges.map(of).sum()
}
