//! Records what the steps of a case do, or plays it back: the one place where a replay differs from a live run. See
//! `cassette` for the whole picture.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::conclude::Stop;
use super::patience::Waits;
use super::perform::Performed;
use super::vars::Vars;
use crate::cassette::{
    self, Cassette, KeptCase, LiveCase, Recorder, StepRecord, WhichOrg, is_same_text,
};
use crate::evidence::Redactor;
use crate::exchange::RequestSpec;
use crate::jwks::KeyRing;
use crate::jwt;
use crate::result::{Blame, Verdict};
use crate::scenario::case_step::CaseStep;
use crate::scenario::describe;
use crate::steps::{Prepared, Way};
use crate::targets::Target;

/// Whether a run is recorded, or is one that was recorded before.
#[derive(Debug, Clone, Default)]
pub enum Tape {
    /// Neither.
    #[default]
    Off,
    /// It is recorded.
    Record(Arc<Recorder>),
    /// It was recorded, and is judged again: nothing is sent.
    Replay(Arc<Cassette>),
}

impl Tape {
    /// When the run began, RFC 3339, UTC: now, or when it was recorded.
    pub(super) fn started_at(&self) -> String {
        match self {
            Self::Replay(cassette) => cassette.started_at.clone(),
            Self::Off | Self::Record(_) => Timestamp::now().to_string(),
        }
    }
}

/// Which case of which org a tape is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Label<'l> {
    pub(super) case: &'l str,
    pub(super) other_way: bool,
    pub(super) on: WhichOrg,
}

/// What a case is asked to note, or to play back.
pub(super) enum CaseTape {
    Off,
    Recording(Box<Mutex<Recording>>),
    Replaying(Replaying),
}

/// A case under way. Where it is broken off, what it did so far is kept.
pub(super) struct Recording {
    recorder: Arc<Recorder>,
    case: Option<LiveCase>,
    now: i64,
}

impl Drop for Recording {
    fn drop(&mut self) {
        if let Some(case) = self.case.take() {
            self.recorder.keep(case);
        }
    }
}

/// A case of a recording.
pub(super) struct Replaying {
    cassette: Arc<Cassette>,
    kept: Option<Arc<KeptCase>>,
    at: Mutex<At>,
}

/// How far a replay is.
#[derive(Default)]
struct At {
    /// Steps begun.
    begun: usize,
    now: Option<i64>,
    /// Tokens of this step that were signed so far.
    signed: usize,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl CaseTape {
    /// The tape of a case, and the names that the case begins with.
    pub(super) fn open(
        tape: &Tape,
        label: Label<'_>,
        names: Arc<BTreeMap<String, String>>,
        redactor: &Redactor,
    ) -> (Self, Vars) {
        match tape {
            Tape::Off => (Self::Off, Vars::new(names)),
            Tape::Record(recorder) => {
                let vars = Vars::new(names);
                let case = LiveCase {
                    id: label.case.to_owned(),
                    other_way: label.other_way,
                    on: label.on,
                    fresh: vars.fresh(),
                    verdict: None,
                    held: Duration::ZERO,
                    held_with_code: Duration::ZERO,
                    held_before_refusal: Duration::ZERO,
                    steps: Vec::new(),
                    redactor: redactor.clone(),
                };
                let recording = Recording {
                    recorder: recorder.clone(),
                    case: Some(case),
                    now: 0,
                };
                (Self::Recording(Box::new(Mutex::new(recording))), vars)
            }
            Tape::Replay(cassette) => {
                let kept = cassette.case(label.case, label.other_way);
                let vars = match &kept {
                    Some(kept) => Vars::restored(names, kept.fresh.clone()),
                    None => Vars::new(names),
                };
                let replaying = Replaying {
                    cassette: cassette.clone(),
                    kept,
                    at: Mutex::default(),
                };
                (Self::Replaying(replaying), vars)
            }
        }
    }

    /// Whether nothing is sent.
    pub(super) const fn is_replay(&self) -> bool {
        matches!(self, Self::Replaying(_))
    }

    /// A step begins.
    ///
    /// # Errors
    /// In a replay: why there is nothing to play back.
    pub(super) fn begin(&self, case_step: &CaseStep<'_>, target: &Target) -> Result<(), String> {
        match self {
            Self::Off => Ok(()),
            Self::Recording(recording) => {
                let mut recording = locked(recording);
                recording.now = target.now();
                let step = StepRecord {
                    step: case_step.step.id.clone(),
                    request_in_words: in_words(case_step),
                    prepared_at: recording.now,
                    reads_text: reads_text(case_step),
                    ..StepRecord::default()
                };
                if let Some(case) = &mut recording.case {
                    case.steps.push(step);
                }
                Ok(())
            }
            Self::Replaying(replaying) => replaying.begin(case_step),
        }
    }

    /// The target's now. It stands still while a step is prepared, and while it is judged, so that a replay sees the same.
    pub(super) fn now(&self, target: &Target) -> i64 {
        match self {
            Self::Off => target.now(),
            Self::Recording(recording) => locked(recording).now,
            Self::Replaying(replaying) => locked(&replaying.at).now.unwrap_or_else(|| target.now()),
        }
    }

    /// A step was performed.
    pub(super) fn performed(&self, performed: &Performed, target: &Target) {
        self.note(|recording| {
            recording.now = target.now();
            let now = recording.now;
            if let Some(step) = recording.step() {
                step.answered_at = Some(now);
                step.exchanges.clone_from(&performed.exchanges);
                step.answer.clone_from(&performed.answer);
                let trouble = performed.trouble.as_ref();
                step.trouble = trouble.map(|(_, trouble, _)| trouble.to_string());
                step.not_judged = performed.not_judged();
            }
        });
        self.advance(|step| step.answered_at);
    }

    /// A step was broken off while it was performed, because of something that a replay cannot see.
    pub(super) fn broken_off(&self, stop: &Stop) {
        if stop.skips || stop.blame == Blame::Harness {
            return;
        }
        self.note(|recording| {
            if let Some(step) = recording.step() {
                let lead = format!("step `{}`: ", step.step);
                let why = stop.reason.strip_prefix(&lead);
                let why = why.unwrap_or(&stop.reason).to_owned();
                step.not_judged = Some((why, stop.blame));
            }
        });
    }

    /// How long the requests of the case were held back: now, or in the recorded run.
    pub(super) fn held_back(&self, waits: Waits) -> Waits {
        self.note(|recording| {
            if let Some(case) = &mut recording.case {
                case.held = waits.total;
                case.held_with_code = waits.of_code;
                case.held_before_refusal = waits.before_refusal;
            }
        });
        match self {
            Self::Off | Self::Recording(_) => waits,
            Self::Replaying(replaying) => {
                let kept = replaying.kept.as_ref();
                kept.map_or_else(Waits::default, |kept| Waits {
                    total: kept.held,
                    of_code: kept.held_with_code,
                    before_refusal: kept.held_before_refusal,
                })
            }
        }
    }

    /// A step is about to be judged.
    pub(super) fn begin_judging(&self, target: &Target) {
        self.note(|recording| {
            recording.now = target.now();
            let now = recording.now;
            if let Some(step) = recording.step() {
                step.judged_at = Some(now);
            }
        });
        self.advance(|step| step.judged_at);
    }

    /// Notes the keys that a step was prepared with.
    pub(super) fn prepared_with(&self, ring: &KeyRing) {
        self.note(|recording| {
            if let Some(step) = recording.step() {
                step.prepared_with.clone_from(ring);
            }
        });
    }

    /// Notes the keys that a step was judged with.
    pub(super) fn judged_with(&self, ring: &KeyRing) {
        self.note(|recording| {
            if let Some(step) = recording.step() {
                step.judged_with.clone_from(ring);
            }
        });
    }

    /// The keys that the step under way was prepared with, in a replay.
    pub(super) fn keys_to_prepare(&self) -> Option<KeyRing> {
        self.played(|step| step.prepared_with.clone())
    }

    /// The keys that the step under way was judged with, in a replay.
    pub(super) fn keys_to_judge(&self) -> Option<KeyRing> {
        self.played(|step| step.judged_with.clone())
    }

    /// Has test control sign a JWT for the step under way.
    pub(super) async fn sign(&self, body: &str, target: &Target) -> Result<String, String> {
        if let Self::Replaying(replaying) = self {
            return replaying.signed();
        }
        let jwt = target.sign(body).await?;
        self.note(|recording| {
            if let Some(step) = recording.step() {
                step.signed.push(jwt.clone());
            }
        });
        Ok(jwt)
    }

    /// In a replay: what was recorded of the step under way, if its request is still the same.
    pub(super) fn play(
        &self,
        case_step: &CaseStep<'_>,
        first: &Prepared,
    ) -> Option<Result<Performed, String>> {
        let Self::Replaying(replaying) = self else {
            return None;
        };
        Some(replaying.play(case_step, first))
    }

    /// The case is over.
    pub(super) fn close(&self, verdict: Verdict, redactor: Redactor) {
        self.note(|recording| {
            if let Some(case) = &mut recording.case {
                case.verdict = Some(verdict);
                case.redactor = redactor;
            }
        });
    }

    fn note(&self, note: impl FnOnce(&mut Recording)) {
        if let Self::Recording(recording) = self {
            note(&mut locked(recording));
        }
    }

    fn advance(&self, instant: impl FnOnce(&StepRecord) -> Option<i64>) {
        if let Self::Replaying(replaying) = self {
            let now = self.played(instant).flatten();
            let mut at = locked(&replaying.at);
            at.now = now.or(at.now);
        }
    }

    fn played<T>(&self, read: impl FnOnce(&StepRecord) -> T) -> Option<T> {
        let Self::Replaying(replaying) = self else {
            return None;
        };
        let begun = locked(&replaying.at).begun;
        replaying.step(begun).map(read)
    }
}

impl Recording {
    /// The step under way.
    fn step(&mut self) -> Option<&mut StepRecord> {
        self.case.as_mut()?.steps.last_mut()
    }
}

impl Replaying {
    /// The step that was begun as the n-th.
    fn step(&self, begun: usize) -> Option<&StepRecord> {
        self.kept.as_ref()?.steps.get(begun.checked_sub(1)?)
    }

    fn begin(&self, case_step: &CaseStep<'_>) -> Result<(), String> {
        let Some(kept) = &self.kept else {
            return Err("not recorded".to_owned());
        };
        let mut at = locked(&self.at);
        at.begun += 1;
        at.signed = 0;
        let begun = at.begun;
        let Some(step) = kept.steps.get(begun - 1) else {
            return Err(match kept.verdict {
                Some(_) => format!(
                    "the scenario has changed since the recording: then it had no step {begun} that was taken"
                ),
                None => "not recorded: the case was broken off before this step".to_owned(),
            });
        };
        if step.step != case_step.step.id || !is_same_request(step, case_step) {
            return Err(changed(begun, None));
        }
        if let Some(why) = &step.not_kept {
            return Err(format!("not recorded: {why}"));
        }
        if step.is_cut && reads_text(case_step) {
            return Err("not recorded: of a page only a part is kept".to_owned());
        }
        at.now = Some(step.prepared_at);
        Ok(())
    }

    fn signed(&self) -> Result<String, String> {
        let mut at = locked(&self.at);
        let step = self.step(at.begun);
        let jwt = step.and_then(|step| step.signed.get(at.signed).cloned());
        at.signed += 1;
        jwt.ok_or_else(|| "that test control signs this was not recorded".to_owned())
    }

    fn play(&self, case_step: &CaseStep<'_>, first: &Prepared) -> Result<Performed, String> {
        let begun = locked(&self.at).begun;
        let Some(step) = self.step(begun) else {
            return Err("not recorded".to_owned());
        };
        // In a race the request that is prepared first is sent last.
        let recorded = if case_step.is_race() {
            step.exchanges.last()
        } else {
            step.exchanges.first()
        };
        let now = match first {
            Prepared::Send(request) => Some(request),
            Prepared::Walk(walk) => Some(&walk.start),
            Prepared::SignIn(sign_in) => match &sign_in.way {
                Way::Page { walk, .. } => Some(&walk.start),
                Way::Session { authn, .. } => Some(authn),
                Way::Given(_) | Way::Refresh(_) | Way::Stored => None,
            },
        };
        if let (Some(recorded), Some(now)) = (recorded, now)
            && let Some(what) = self.differs(&recorded.request, now)
        {
            return Err(changed(begun, Some(&what)));
        }
        let trouble = step.trouble.clone().map(|why| (why, Blame::Network));
        let not_judged = trouble.or_else(|| step.not_judged.clone());
        if step.exchanges.is_empty() && step.answer.is_none() && not_judged.is_none() {
            return Err("not recorded: the step was broken off before it was answered".to_owned());
        }
        Ok(Performed {
            exchanges: step.exchanges.clone(),
            answer: step.answer.clone(),
            recorded_stop: not_judged,
            ..Performed::default()
        })
    }

    fn differs(&self, recorded: &RequestSpec, now: &RequestSpec) -> Option<String> {
        cassette::differs(recorded, now, &|value| self.cassette.holds(value))
    }
}

/// Whether the scenario describes the same request as when it was recorded.
fn is_same_request(step: &StepRecord, case_step: &CaseStep<'_>) -> bool {
    let now = in_words(case_step);
    let mut rows = step.request_in_words.iter().zip(&now);
    step.request_in_words.len() == now.len() && rows.all(|(was, is)| is_same_text(was, is))
}

/// Whether the text of an answer is compared with something.
fn reads_text(case_step: &CaseStep<'_>) -> bool {
    let mut blocks = case_step.expect.iter();
    blocks.any(|block| block.text.is_some() || block.page.is_some())
}

/// Why a step cannot be judged by what was recorded.
fn changed(step: usize, what: Option<&str>) -> String {
    let what = what.map(|what| format!(" ({what})")).unwrap_or_default();
    format!("the scenario has changed since the recording: step {step} sends another request{what}")
}

/// The request of a step as the scenario describes it, and what is saved for later requests, in words.
fn in_words(case_step: &CaseStep<'_>) -> Vec<String> {
    let described = case_step.step.action.kind().describe();
    let changes = case_step.change.map(describe::change).unwrap_or_default();
    let rows = described.details.into_iter().chain(changes);
    std::iter::once(described.summary)
        .chain(rows.map(|(name, value)| format!("{name}: {value}")))
        .chain((case_step.save.iter()).map(|save| format!("save {}: {:?}", save.name, save.from)))
        .map(|row| without_tokens(&row))
        .collect()
}

/// A scenario may write a token out. It is named by its hash: a recording shows no token.
fn without_tokens(row: &str) -> String {
    let mut shown = String::with_capacity(row.len());
    let mut at = 0;
    for stretch in jwt::stretches(row) {
        shown.push_str(&row[at..stretch.start]);
        let hash = jwt::base64url(Sha256::digest(&row[stretch.clone()]));
        shown.push_str("JWT ");
        shown.push_str(&hash[..16]);
        at = stretch.end;
    }
    shown.push_str(&row[at..]);
    shown
}

impl fmt::Debug for CaseTape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "Off",
            Self::Recording(_) => "Recording",
            Self::Replaying(_) => "Replaying",
        })
    }
}
