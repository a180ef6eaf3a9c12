//! Writes a recording: every secret as its pseudonym, every line searched once more.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::description::describe;
use super::keep::{HeadOf, LiveCase, NotRecorded, Written};
use super::key_sets::KeySets;
use super::model::{self, End, Fresh, Head, Line, NotJudged, VERSION};
use super::step::StepRecord;
use super::texts::marks;
use crate::evidence::{Pseudonyms, Redactor};
use crate::exchange::{Exchange, Payload, RequestSpec};
use crate::forge::fresh;

/// The most bytes of one answer. Of a page less is kept.
const LARGEST_ANSWER: usize = 512 * 1024;

/// The whole recording. `left_out` cases are left out already.
pub(super) fn write(
    head: &HeadOf,
    cases: Vec<LiveCase>,
    incomplete: Option<&str>,
    redactor: Redactor,
    mut left_out: usize,
) -> Result<Written, NotRecorded> {
    let mut writer = Writer {
        made: Pseudonyms::new(fresh().as_bytes(), redactor.clone()),
        keys: KeySets::default(),
    };
    let head = writer.head(head);
    let mut ids = BTreeSet::new();
    let mut lines = Vec::new();
    for case in cases {
        let case = writer.case(case);
        // Two ids may be one without what is secret of them.
        let is_new = ids.insert((case.id.to_string(), case.other_way));
        match writer.clean(&Line::Case(case)) {
            Ok(line) if is_new => lines.push(line),
            _ => left_out += 1,
        }
    }
    // From here on with what all cases regard as secret.
    writer.made.turn_to(redactor);
    let (tokens, missing) = writer.tokens();
    let written = lines.len();
    lines.retain(|line| !marks(line).any(|mark| missing.contains(mark)));
    left_out += written - lines.len();

    let leaks = |line: &str, at: String| NotRecorded::Leak {
        line: line.to_owned(),
        at,
    };
    let first = writer.clean(&Line::Cassette(Box::new(head)));
    let first = first.map_err(|at| leaks("the description of the target", at))?;
    if let Some(mark) = marks(&first).find(|mark| missing.contains(*mark)) {
        return Err(leaks("a token of the target", mark.to_owned()));
    }
    let mut all = vec![first];
    for set in writer.keys.lines() {
        let id = set.id.clone();
        let line = writer.clean(&Line::Keys(set));
        all.push(line.map_err(|at| leaks(&format!("the key set {id}"), at))?);
    }
    all.extend(tokens.into_values());
    let end = Line::End(End {
        cases: lines.len(),
        left_out,
        incomplete: incomplete.map(|why| writer.made.text(why)),
    });
    all.append(&mut lines);
    let end = writer.clean(&end);
    all.push(end.map_err(|at| leaks("the last line", at))?);
    let mut text = all.join("\n");
    text.push('\n');
    Ok(Written { text, left_out })
}

struct Writer {
    made: Pseudonyms,
    keys: KeySets,
}

impl Writer {
    /// A line as JSON, or where a secret stands in it: that would be a mistake of the pseudonyms, and is kept out.
    fn clean(&self, line: &Line) -> Result<String, String> {
        let document = serde_json::to_value(line).map_err(|error| error.to_string())?;
        match self.made.leak(&document) {
            Some(at) => Err(at),
            // The line itself and not the document: each has its members in its own order.
            None => serde_json::to_string(line).map_err(|error| error.to_string()),
        }
    }

    /// The lines of tokens, by fingerprint, and the fingerprints of those that cannot be shown.
    fn tokens(&self) -> (BTreeMap<String, String>, BTreeSet<String>) {
        let mut lines = BTreeMap::new();
        let mut missing = BTreeSet::new();
        for token in self.made.tokens() {
            let fingerprint = token.fingerprint.clone();
            match self.clean(&Line::Token(self.keys.token(token))) {
                Ok(line) => {
                    lines.insert(fingerprint, line);
                }
                Err(_) => {
                    missing.insert(fingerprint);
                }
            }
        }
        // A token is as good as missing where one is that stands in it.
        loop {
            let lacks = |line: &String| marks(line).any(|mark| missing.contains(mark));
            let found = lines.iter().find(|(_, line)| lacks(line));
            let Some(found) = found.map(|(fingerprint, _)| fingerprint.clone()) else {
                return (lines, missing);
            };
            lines.remove(&found);
            missing.insert(found);
        }
    }

    fn head(&mut self, head: &HeadOf) -> Head {
        let planned = head.run.planned.iter();
        Head {
            version: VERSION,
            written_by: concat!("atx ", env!("CARGO_PKG_VERSION")).to_owned(),
            started_at: head.run.started_at.clone(),
            edition: head.run.edition.to_string(),
            planned: planned.map(|id| self.made.hidden(id)).collect(),
            target: describe(&head.target, &mut self.made),
            spare: (head.spare.as_ref()).map(|spare| describe(spare, &mut self.made)),
        }
    }

    fn case(&mut self, case: LiveCase) -> model::Case {
        self.made.turn_to(case.redactor);
        let (state, nonce, pkce) = case.fresh;
        let steps = case.steps.into_iter();
        model::Case {
            id: self.made.hidden(&case.id),
            other_way: case.other_way,
            on: case.on,
            verdict: case.verdict,
            fresh: Fresh {
                state: self.made.text(&state),
                nonce: self.made.text(&nonce),
                verifier: self.made.field("code_verifier", &pkce.verifier),
                challenge: self.made.text(&pkce.challenge),
            },
            held_ms: milliseconds(case.held),
            held_with_code_ms: milliseconds(case.held_with_code),
            held_before_refusal_ms: milliseconds(case.held_before_refusal),
            steps: steps.map(|step| self.step(step)).collect(),
        }
    }

    fn step(&mut self, step: StepRecord) -> model::Step {
        let whole = step.reads_text;
        let too_large = |exchange: &Exchange| {
            let is_cut = exchange.response.media_type() == "text/html" && !whole;
            !is_cut && exchange.response.text.len() > LARGEST_ANSWER
        };
        let not_kept = step.exchanges.iter().any(too_large);
        let exchanges = if not_kept {
            &[]
        } else {
            step.exchanges.as_slice()
        };
        let in_words = step.request_in_words.iter();
        model::Step {
            step: step.step,
            request_in_words: in_words.map(|row| self.made.hidden(row)).collect(),
            prepared_at: step.prepared_at,
            answered_at: step.answered_at,
            judged_at: step.judged_at,
            exchanges: (exchanges.iter())
                .map(|one| self.exchange(one, whole))
                .collect(),
            answer: (step.answer.as_ref()).map(|one| self.exchange(one, whole)),
            signed: (step.signed.iter())
                .map(|jwt| self.made.credential(jwt))
                .collect(),
            prepared_with: self.keys.refer(&step.prepared_with, &mut self.made),
            judged_with: self.keys.refer(&step.judged_with, &mut self.made),
            trouble: step.trouble.as_ref().map(|why| self.made.text(why)),
            not_judged: step.not_judged.map(|(why, blame)| NotJudged {
                why: self.made.text(&why),
                blame,
            }),
            not_kept: not_kept.then(|| "an answer is longer than 512 KiB".to_owned()),
        }
    }

    fn exchange(&mut self, exchange: &Exchange, whole: bool) -> model::Exchange {
        let Exchange {
            request,
            response,
            elapsed,
        } = exchange;
        let request = self.request(request);
        let headers = response.headers.iter();
        let headers = headers
            .map(|(name, value)| (self.made.text(name), self.made.header(name, value)))
            .collect();
        let json = response.json.as_ref().map(|json| self.made.body(json));
        let (text, is_cut) = match json {
            None if !whole && response.media_type() == "text/html" => {
                let (text, is_cut) = self.made.page(response);
                (Some(text), is_cut)
            }
            None if !response.text.is_empty() => (Some(self.made.text(&response.text)), false),
            _ => (None, false),
        };
        model::Exchange {
            request,
            response: model::Response {
                status: response.status,
                headers,
                json,
                text,
                cut: is_cut,
                not_utf8: !response.is_utf8,
            },
            milliseconds: (elapsed.as_secs_f64() * 1_000_000.0).round() / 1000.0,
        }
    }

    fn request(&mut self, request: &RequestSpec) -> model::Request {
        let made = &mut self.made;
        let mut pairs = |pairs: &[(String, String)]| -> model::Pairs {
            let pairs = pairs.iter();
            pairs
                .map(|(name, value)| (made.text(name), made.field(name, value)))
                .collect()
        };
        let query = pairs(&request.query);
        let payload = match &request.payload {
            Payload::None => None,
            Payload::Form(fields) => Some(model::Payload::Form(pairs(fields))),
            Payload::Json(fields) => Some(model::Payload::Json(pairs(fields))),
            Payload::Multipart(fields) => Some(model::Payload::Multipart(pairs(fields))),
            Payload::Text { media_type, text } => Some(model::Payload::Text {
                media_type: made.text(media_type),
                text: made.text(text),
            }),
        };
        let headers = request.headers.iter();
        let headers = headers
            .map(|(name, value)| {
                let lower = name.to_ascii_lowercase();
                (made.text(name), made.header(&lower, value))
            })
            .collect();
        model::Request {
            party: request.party.into(),
            by_browser: request.by_browser,
            method: made.text(&request.method),
            url: made.address(&request.url),
            query,
            headers,
            payload,
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
