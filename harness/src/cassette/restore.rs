//! What was recorded, as live values: requests and answers with tokens in the place of their marks.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::model::{self, Keys};
use super::read::{CassetteError, KeptCase};
use super::same::is_short_pseudonym;
use super::step::StepRecord;
use super::texts::Texts;
use crate::exchange::{Exchange, Payload, RequestSpec, Response};
use crate::forge::Pkce;
use crate::jwks::{Jwks, KeyRing};
use crate::scenario::model::ServerRole;

pub(super) struct Reader<'r> {
    pub(super) texts: &'r Texts,
    pub(super) sets: BTreeMap<String, Arc<Jwks>>,
    /// Values that may be pseudonyms too short to say so.
    pub(super) short: RefCell<BTreeSet<String>>,
}

impl Reader<'_> {
    pub(super) fn case(&self, line: usize, case: model::Case) -> Result<KeptCase, CassetteError> {
        let fresh = &case.fresh;
        let mut steps = Vec::with_capacity(case.steps.len());
        for step in case.steps {
            steps.push(self.step(line, step)?);
            self.texts.check(line)?;
        }
        let pkce = Pkce {
            verifier: fresh.verifier.as_str().to_owned(),
            challenge: fresh.challenge.as_str().to_owned(),
        };
        Ok(KeptCase {
            fresh: (
                fresh.state.as_str().to_owned(),
                fresh.nonce.as_str().to_owned(),
                pkce,
            ),
            verdict: case.verdict,
            held: Duration::from_millis(case.held_ms),
            held_with_code: Duration::from_millis(case.held_with_code_ms),
            held_before_refusal: Duration::from_millis(case.held_before_refusal_ms),
            steps,
        })
    }

    fn step(&self, line: usize, step: model::Step) -> Result<StepRecord, CassetteError> {
        let instants = [Some(step.prepared_at), step.answered_at, step.judged_at];
        if let Some(instant) =
            (instants.iter().flatten()).find(|instant| Timestamp::from_second(**instant).is_err())
        {
            return Err(CassetteError::Line {
                line,
                why: format!("{instant} is no instant, in seconds since the epoch"),
            });
        }
        let signed = step.signed.iter().map(|jwt| self.texts.plain(jwt));
        let is_cut = (step.exchanges.iter().chain(&step.answer)).any(|one| one.response.cut);
        let exchanges = step.exchanges.into_iter();
        let in_words = step.request_in_words.iter();
        Ok(StepRecord {
            step: step.step,
            request_in_words: in_words.map(|row| row.as_str().to_owned()).collect(),
            prepared_at: step.prepared_at,
            answered_at: step.answered_at,
            judged_at: step.judged_at,
            signed: signed.collect(),
            prepared_with: self.ring(step.prepared_with)?,
            judged_with: self.ring(step.judged_with)?,
            exchanges: exchanges.map(|one| self.exchange(one)).collect(),
            answer: step.answer.map(|one| self.exchange(one)),
            trouble: step.trouble.map(|why| why.as_str().to_owned()),
            not_judged: (step.not_judged).map(|one| (one.why.as_str().to_owned(), one.blame)),
            reads_text: false,
            not_kept: step.not_kept,
            is_cut,
        })
    }

    fn ring(&self, keys: BTreeMap<String, Keys>) -> Result<KeyRing, CassetteError> {
        let unknown = |what, name: &str| CassetteError::Unknown {
            what,
            name: name.to_owned(),
        };
        let mut ring = KeyRing::default();
        for (name, keys) in keys {
            let role = ServerRole::ALL.iter().find(|(known, _)| *known == name);
            let (_, role) = role.ok_or_else(|| unknown("server", &name))?;
            let set = match keys {
                Keys::Set(id) => {
                    let set = self.sets.get(&id);
                    Ok(set.ok_or_else(|| unknown("key set", &id))?.clone())
                }
                Keys::Missing(why) => Err(why.as_str().to_owned()),
            };
            ring.insert(*role, set);
        }
        Ok(ring)
    }

    fn exchange(&self, exchange: model::Exchange) -> Exchange {
        let model::Exchange {
            request,
            response,
            milliseconds,
        } = exchange;
        let body = match (response.json, response.text) {
            (Some(json), _) => {
                let mut json = Value::clone(&json);
                self.texts.json(&mut json);
                self.note_all(&json);
                json.to_string()
            }
            (None, Some(text)) => self.texts.plain(&text),
            (None, None) => String::new(),
        };
        let headers = self.pairs(&response.headers);
        let mut restored = Response::new(response.status, headers, body.as_bytes());
        if response.not_utf8 {
            // Characters took the place of its bytes, and what is JSON with them was none.
            restored.is_utf8 = false;
            restored.json = None;
        }
        for (_, value) in restored.redirect_parameters() {
            self.note(&value);
        }
        Exchange {
            request: self.request(request),
            response: restored,
            elapsed: Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or_default(),
        }
    }

    fn request(&self, request: model::Request) -> RequestSpec {
        RequestSpec {
            party: request.party.into(),
            by_browser: request.by_browser,
            method: request.method.as_str().to_owned(),
            url: self.texts.plain(&request.url),
            query: self.pairs(&request.query),
            headers: self.pairs(&request.headers),
            payload: match request.payload {
                None => Payload::None,
                Some(model::Payload::Form(pairs)) => Payload::Form(self.pairs(&pairs)),
                Some(model::Payload::Json(pairs)) => Payload::Json(self.pairs(&pairs)),
                Some(model::Payload::Multipart(pairs)) => Payload::Multipart(self.pairs(&pairs)),
                Some(model::Payload::Text { media_type, text }) => Payload::Text {
                    media_type: media_type.as_str().to_owned(),
                    text: self.texts.plain(&text),
                },
            },
        }
    }

    fn pairs(&self, pairs: &model::Pairs) -> Vec<(String, String)> {
        let pairs = pairs.iter();
        let plain = pairs.map(|(name, value)| {
            let value = self.texts.plain(value);
            self.note(&value);
            (name.as_str().to_owned(), value)
        });
        plain.collect()
    }

    fn note(&self, value: &str) {
        if is_short_pseudonym(value) {
            self.short.borrow_mut().insert(value.to_owned());
        }
    }

    fn note_all(&self, value: &Value) {
        match value {
            Value::String(text) => self.note(text),
            Value::Array(items) => items.iter().for_each(|item| self.note_all(item)),
            Value::Object(members) => members.values().for_each(|one| self.note_all(one)),
            Value::Number(_) | Value::Bool(_) | Value::Null => {}
        }
    }
}
