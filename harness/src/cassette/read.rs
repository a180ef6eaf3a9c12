//! Reads a cassette. Every mistake in it is reported with the number of its line.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::description::{edition, restore};
use super::model::{self, Head, KeySet, Line, VERSION};
use super::restore::Reader;
use super::same::{is_same_text, is_short_pseudonym};
use super::step::StepRecord;
use super::texts::{Texts, TokenLine, marks};
use crate::evidence::{HIDDEN, Redacted};
use crate::forge::Pkce;
use crate::jwks::{Fitting, Jwks};
use crate::result::Verdict;
use crate::scenario::model::Edition;
use crate::targets::Deployment;

/// Why a cassette cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CassetteError {
    /// Not a cassette at all.
    #[error("this is no cassette: its first line is not {{\"cassette\": …}}")]
    NoCassette,
    /// One of another version.
    #[error("the cassette has version {0}, and this program reads version {VERSION}; record anew")]
    Version(u32),
    /// A line that is not as it should be.
    #[error("line {line}: {why}")]
    Line {
        /// Its number.
        line: usize,
        /// In words.
        why: String,
    },
    /// A word that this program does not know.
    #[error("the cassette names a {what} that is not known here: `{name}`")]
    Unknown {
        /// What it should be.
        what: &'static str,
        /// As it is written.
        name: String,
    },
}

/// A recording, ready to be judged.
#[derive(Debug)]
pub struct Cassette {
    /// When the run began.
    pub started_at: String,
    /// The edition it followed.
    pub edition: Edition,
    planned: BTreeSet<String>,
    /// What was asked.
    pub target: Deployment,
    /// The second org.
    pub spare: Option<Deployment>,
    /// Why the recorded run ended early, or that the file is cut; nothing where it is whole.
    pub incomplete: Option<String>,
    /// How many cases of the run are not in it.
    pub left_out: usize,
    cases: BTreeMap<(String, bool), Arc<KeptCase>>,
    /// Values that may be pseudonyms too short to say so.
    short: BTreeSet<String>,
}

/// A case of a recording.
#[derive(Debug)]
pub struct KeptCase {
    /// `state`, `nonce` and PKCE.
    pub fresh: (String, String, Pkce),
    /// What the run said of it.
    pub verdict: Option<Verdict>,
    /// How long its requests were held back by limits of the target.
    pub held: Duration,
    /// The longest that one was which redeems a code.
    pub held_with_code: Duration,
    /// The longest that one was whose refusal the case expects, where that may be due to it.
    pub held_before_refusal: Duration,
    /// Its steps in order, with pseudonyms for their secrets.
    pub steps: Vec<StepRecord>,
}

/// Whether a text begins as a cassette does.
#[must_use]
pub fn is_cassette(text: &str) -> bool {
    text.trim_start().starts_with("{\"cassette\":")
}

impl Cassette {
    /// Reads a cassette.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn read(text: &str) -> Result<Self, CassetteError> {
        if !is_cassette(text) {
            return Err(CassetteError::NoCassette);
        }
        let mut parts = Parts::default();
        let mut lines = text.lines().enumerate().peekable();
        while let Some((at, line)) = lines.next() {
            if line.trim().is_empty() {
                continue;
            }
            let number = at + 1;
            match serde_json::from_str::<Line>(line) {
                Ok(parsed) => parts.take(number, parsed, line)?,
                // What was cut off in the middle of a line is as good as its whole lines.
                Err(_) if lines.peek().is_none() && parts.may_be_cut(text) => break,
                Err(error) => return Err(unreadable(number, line, &error)),
            }
        }
        parts.put_together()
    }

    /// Whether the recorded run was about a case or a rule.
    #[must_use]
    pub fn is_planned(&self, id: &str) -> bool {
        let mut hidden = self.planned.iter().filter(|one| one.contains(HIDDEN));
        self.planned.contains(id) || hidden.any(|one| is_same_text(one, id))
    }

    /// Whether a value is a pseudonym that is too short to say so: one that stands in the recording as it is.
    #[must_use]
    pub fn holds(&self, value: &str) -> bool {
        self.short.contains(value)
    }

    /// What was recorded of a case, or of a base flow taken by another way.
    #[must_use]
    pub fn case(&self, id: &str, other_way: bool) -> Option<Arc<KeptCase>> {
        let named = self.cases.get(&(id.to_owned(), other_way));
        let hidden = || {
            let mut hidden = (self.cases.iter()).filter(|((one, _), _)| one.contains(HIDDEN));
            let is_it = |one: &(String, bool)| one.1 == other_way && is_same_text(&one.0, id);
            hidden.find(|(one, _)| is_it(one)).map(|(_, case)| case)
        };
        named.or_else(hidden).cloned()
    }

    /// How many cases and base flows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Every case of which the run had a verdict, with it.
    pub fn verdicts(&self) -> impl Iterator<Item = (&str, Verdict)> {
        let cases = self.cases.iter().filter(|((_, other_way), _)| !other_way);
        cases.filter_map(|((id, _), case)| Some((id.as_str(), case.verdict?)))
    }
}

/// What is wrong with a line that cannot be read.
fn unreadable(number: usize, line: &str, error: &serde_json::Error) -> CassetteError {
    // A later version may have another form altogether.
    let version = serde_json::from_str::<Value>(line).ok();
    let version = version.and_then(|line| line["cassette"]["version"].as_u64());
    match version.and_then(|version| u32::try_from(version).ok()) {
        Some(version) if version != VERSION => CassetteError::Version(version),
        _ => CassetteError::Line {
            line: number,
            why: error.to_string(),
        },
    }
}

/// The lines of a cassette, those with the numbers of which something may be wrong that shows only later.
#[derive(Default)]
struct Parts {
    head: Option<(Head, String)>,
    keys: BTreeMap<String, (usize, KeySet)>,
    tokens: BTreeMap<String, TokenLine>,
    cases: BTreeMap<(String, bool), (usize, model::Case)>,
    end: Option<model::End>,
}

impl Parts {
    /// Whether a last line that cannot be read may be the beginning of one.
    fn may_be_cut(&self, text: &str) -> bool {
        self.head.is_some() && self.end.is_none() && !text.ends_with('\n')
    }

    fn take(&mut self, number: usize, parsed: Line, line: &str) -> Result<(), CassetteError> {
        let wrong = |why: String| CassetteError::Line { line: number, why };
        match parsed {
            Line::Cassette(head) if head.version != VERSION => {
                return Err(CassetteError::Version(head.version));
            }
            Line::Cassette(_) if self.head.is_some() => {
                return Err(wrong("a second cassette begins here".to_owned()));
            }
            Line::Cassette(head) => self.head = Some((*head, line.to_owned())),
            Line::Keys(set) => {
                let id = set.id.clone();
                if self.keys.insert(id.clone(), (number, set)).is_some() {
                    return Err(wrong(format!("a second key set `{id}`")));
                }
            }
            Line::Token(token) => {
                let name = token.fingerprint.clone();
                let kept = (number, token, line.to_owned());
                if self.tokens.insert(name.clone(), kept).is_some() {
                    return Err(wrong(format!("a second token `{name}`")));
                }
            }
            Line::Case(mut case) => {
                if marks(line).any(|mark| !self.tokens.contains_key(mark)) {
                    self.give_up_steps(&mut case);
                }
                let key = (case.id.to_string(), case.other_way);
                if self.cases.insert(key, (number, case)).is_some() {
                    return Err(wrong("a second time the same case".to_owned()));
                }
            }
            Line::End(_) if self.end.is_some() => {
                return Err(wrong("a second end".to_owned()));
            }
            Line::End(end) => self.end = Some(end),
        }
        Ok(())
    }

    /// Nothing can be judged by a step that refers to a token which is not there.
    fn give_up_steps(&self, case: &mut model::Case) {
        for step in &mut case.steps {
            let written = serde_json::to_string(step).unwrap_or_default();
            let missing = marks(&written).find(|mark| !self.tokens.contains_key(*mark));
            if let Some(mark) = missing {
                step.not_kept = Some(format!("the token {mark} is missing"));
                step.exchanges.clear();
                step.answer = None;
                step.signed.clear();
            }
        }
    }

    fn put_together(self) -> Result<Cassette, CassetteError> {
        let (head, written) = self.head.ok_or(CassetteError::NoCassette)?;
        let in_first = |why: String| CassetteError::Line { line: 1, why };
        if let Some(mark) = marks(&written).find(|mark| !self.tokens.contains_key(*mark)) {
            return Err(in_first(format!("the token {mark} is missing")));
        }
        let texts = Texts::of(&self.tokens)?;
        let fitting = self.tokens.values().map(|(_, token, _)| {
            let text = texts.token(&token.fingerprint).cloned();
            (text.unwrap_or_default(), token.signed_by.clone())
        });
        let fitting = Arc::new(Fitting::new(fitting));
        let mut sets = BTreeMap::new();
        for (line, set) in self.keys.into_values() {
            let parsed = Jwks::parse(&set.document).ok_or_else(|| CassetteError::Line {
                line,
                why: format!("`{}` is no key set: it has no list `keys`", set.id),
            })?;
            sets.insert(set.id, Arc::new(parsed.of_recording(fitting.clone())));
        }
        let plain = |text: &str| texts.plain(text);
        let target = restore(&head.target, &plain)?;
        let spare = head.spare.as_ref();
        let spare = spare.map(|spare| restore(spare, &plain)).transpose()?;
        texts.check(1)?;
        let reader = Reader {
            texts: &texts,
            sets,
            short: RefCell::default(),
        };
        let written = self.cases.len();
        let mut cases = BTreeMap::new();
        for (key, (line, case)) in self.cases {
            cases.insert(key, Arc::new(reader.case(line, case)?));
        }
        let (incomplete, left_out) = match self.end {
            Some(end) => (incomplete(&end, written), end.left_out),
            None => (Some("the file of the recording is cut".to_owned()), 0),
        };
        let mut short = reader.short.into_inner();
        let credentials = target.credentials();
        let credentials = credentials.into_iter();
        short.extend(
            credentials
                .map(|secret| secret.expose().to_owned())
                .filter(|secret| is_short_pseudonym(secret)),
        );
        Ok(Cassette {
            started_at: head.started_at,
            edition: edition(&head.edition)?,
            planned: (head.planned.iter().map(Redacted::to_string)).collect(),
            target,
            spare,
            incomplete,
            left_out,
            cases,
            short,
        })
    }
}

/// Why the recorded run, or its recording, is not whole.
fn incomplete(end: &model::End, cases: usize) -> Option<String> {
    if let Some(why) = &end.incomplete {
        return Some(why.to_string());
    }
    (end.cases != cases).then(|| {
        format!(
            "its file has {cases} of the {} cases that were recorded",
            end.cases
        )
    })
}
