//! Keeps what the steps of a run did, and makes a cassette of it when the run is over: only then is every secret of the run
//! known.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use super::description::describe;
use super::model::{self, End, Fresh, Head, KeySet, Line, Token, VERSION, Whose};
use crate::evidence::{KeptToken, Pseudonyms, Redactor};
use crate::exchange::{Exchange, Payload, RequestSpec};
use crate::forge::{Pkce, fresh};
use crate::jwks::{Jwks, KeyRing};
use crate::result::Verdict;
use crate::scenario::model::Edition;
use crate::targets::Deployment;

/// The most bytes of requests and answers that a recording keeps. The whole suite has a quarter of it.
const LARGEST: usize = 64 * 1024 * 1024;

/// The most bytes of one answer.
const LARGEST_ANSWER: usize = 512 * 1024;

/// A case under way.
pub struct LiveCase {
    /// Its id.
    pub id: String,
    /// A base flow that is taken by another way.
    pub other_way: bool,
    /// Which org it asks.
    pub on: Whose,
    /// `state`, `nonce` and PKCE of the case.
    pub fresh: (String, String, Pkce),
    /// Its verdict, once it has one.
    pub verdict: Option<Verdict>,
    /// What its steps did, in order.
    pub steps: Vec<LiveStep>,
    /// Knows what the case regards as secret.
    pub redactor: Redactor,
}

/// What a step did.
#[derive(Default)]
pub struct LiveStep {
    /// Its id.
    pub step: String,
    /// The request as the scenario says it, in words.
    pub says: Vec<String>,
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
}

/// It holds secrets.
impl fmt::Debug for LiveCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LiveCase({}, {} steps)", self.id, self.steps.len())
    }
}

/// It holds secrets.
impl fmt::Debug for LiveStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LiveStep({})", self.step)
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

#[derive(Debug)]
struct HeadOf {
    run: RunOf,
    target: Deployment,
    spare: Option<Deployment>,
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

    /// The cassette. `None` when the run was never closed, or came to know more secrets than can be looked for.
    #[must_use]
    pub fn cassette(&self, incomplete: Option<&str>) -> Option<String> {
        let mut recording = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Closed { head, redactor } = recording.closed.take()?;
        if redactor.is_full() {
            return None;
        }
        let mut cases = std::mem::take(&mut recording.cases);
        cases.sort_by(|a, b| (&a.id, a.other_way).cmp(&(&b.id, b.other_way)));
        let mut writer = Writer::new(redactor);
        let head = writer.head(&head);
        let mut left_out = recording.left_out;
        let mut lines = Vec::new();
        for case in cases {
            let line = Line::Case(writer.case(case));
            match writer.clean(&line) {
                Some(line) => lines.push(line),
                None => left_out += 1,
            }
        }
        let mut text = String::new();
        let mut put = |line: &str| {
            text.push_str(line);
            text.push('\n');
        };
        put(&writer.clean(&Line::Cassette(Box::new(head)))?);
        for line in writer.keys.lines() {
            put(&writer.clean(&Line::Keys(line))?);
        }
        for token in writer.made.tokens() {
            if let Some(line) = writer.clean(&Line::Token(writer.keys.token(token))) {
                put(&line);
            }
        }
        for line in &lines {
            put(line);
        }
        let incomplete = incomplete.map(|why| writer.made.text(why));
        put(&writer.clean(&Line::End(End {
            cases: lines.len(),
            left_out,
            incomplete,
        }))?);
        Some(text)
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

struct Writer {
    redactor: Redactor,
    made: Pseudonyms,
    keys: KeySets,
}

impl Writer {
    fn new(redactor: Redactor) -> Self {
        Self {
            made: Pseudonyms::new(fresh().as_bytes(), redactor.clone()),
            redactor,
            keys: KeySets::default(),
        }
    }

    /// A line as JSON, unless a secret stands in it: that would be a mistake of the pseudonyms, and is kept out.
    fn clean(&self, line: &Line) -> Option<String> {
        let text = serde_json::to_string(line).ok()?;
        (!self.redactor.finds(&text)).then_some(text)
    }

    fn head(&mut self, head: &HeadOf) -> Head {
        Head {
            version: VERSION,
            written_by: concat!("atx ", env!("CARGO_PKG_VERSION")).to_owned(),
            started_at: head.run.started_at.clone(),
            edition: head.run.edition.to_string(),
            planned: head.run.planned.clone(),
            target: describe(&head.target, &mut self.made),
            spare: (head.spare.as_ref()).map(|spare| describe(spare, &mut self.made)),
        }
    }

    fn case(&mut self, case: LiveCase) -> model::Case {
        self.made.turn_to(case.redactor);
        let (state, nonce, pkce) = case.fresh;
        let steps = case.steps.into_iter();
        model::Case {
            id: case.id,
            other_way: case.other_way,
            on: case.on,
            verdict: case.verdict,
            fresh: Fresh {
                state: self.made.text(&state),
                nonce: self.made.text(&nonce),
                verifier: self.made.field("code_verifier", &pkce.verifier),
                challenge: self.made.text(&pkce.challenge),
            },
            steps: steps.map(|step| self.step(step)).collect(),
        }
    }

    fn step(&mut self, step: LiveStep) -> model::Step {
        let too_large = |exchange: &Exchange| exchange.response.text.len() > LARGEST_ANSWER;
        let not_kept = step.exchanges.iter().any(too_large);
        let exchanges = if not_kept {
            &[]
        } else {
            step.exchanges.as_slice()
        };
        model::Step {
            step: step.step,
            says: step.says,
            prepared_at: step.prepared_at,
            answered_at: step.answered_at,
            judged_at: step.judged_at,
            exchanges: exchanges.iter().map(|one| self.exchange(one)).collect(),
            answer: step.answer.as_ref().map(|one| self.exchange(one)),
            signed: (step.signed.iter())
                .map(|jwt| self.made.credential(jwt))
                .collect(),
            prepared_with: self.keys.refer(&step.prepared_with, &mut self.made),
            judged_with: self.keys.refer(&step.judged_with, &mut self.made),
            trouble: step.trouble.as_ref().map(|why| self.made.text(why)),
            not_kept: not_kept.then(|| "an answer is longer than 512 KiB".to_owned()),
        }
    }

    fn exchange(&mut self, exchange: &Exchange) -> model::Exchange {
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
        let text =
            (json.is_none() && !response.text.is_empty()).then(|| self.made.text(&response.text));
        model::Exchange {
            request,
            response: model::Response {
                status: response.status,
                headers,
                json,
                text,
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

/// The key sets of a recording, each once.
#[derive(Default)]
struct KeySets {
    /// By their text.
    ids: BTreeMap<String, String>,
    sets: Vec<(KeySet, Arc<Jwks>)>,
}

impl KeySets {
    fn refer(&mut self, ring: &KeyRing, made: &mut Pseudonyms) -> BTreeMap<String, model::Keys> {
        let sets = ring.sets().map(|(role, set)| {
            let keys = match set {
                Ok(jwks) => model::Keys::Set(self.id(jwks, made)),
                Err(why) => model::Keys::Missing(made.text(why)),
            };
            (role.as_str().to_owned(), keys)
        });
        sets.collect()
    }

    fn id(&mut self, jwks: &Arc<Jwks>, made: &mut Pseudonyms) -> String {
        let next = format!("k{}", self.ids.len() + 1);
        let text = jwks.document().to_string();
        if let Some(known) = self.ids.get(&text) {
            return known.clone();
        }
        let document = made.json(jwks.document());
        let set = KeySet {
            id: next.clone(),
            document,
        };
        self.sets.push((set, jwks.clone()));
        self.ids.insert(text, next.clone());
        next
    }

    fn lines(&self) -> impl Iterator<Item = KeySet> {
        self.sets.iter().map(|(set, _)| set.clone())
    }

    /// A token and which of these keys its signature fits.
    fn token(&self, token: &KeptToken) -> Token {
        let mut signed_by = Vec::new();
        let mut verdict = String::new();
        for (set, jwks) in &self.sets {
            let fitting = jwks.fitting(&token.live);
            if !fitting.is_empty() {
                let comma = if verdict.is_empty() {
                    "fits a key of "
                } else {
                    ", "
                };
                // Writing to a text cannot fail.
                let _ = write!(verdict, "{comma}{}", set.id);
            }
            for thumbprint in fitting {
                if !signed_by.contains(&thumbprint) {
                    signed_by.push(thumbprint);
                }
            }
        }
        if verdict.is_empty() {
            let why = match token.live.header_str("alg") {
                _ if token.live.signature.is_empty() => "not signed",
                Some("none") => "alg none",
                Some(alg) if alg.starts_with("HS") => "not signed with a key that is published",
                _ => "fits no key that the servers were seen to publish under its kid",
            };
            why.clone_into(&mut verdict);
        }
        Token {
            fingerprint: token.fingerprint.clone(),
            header: token.header.clone(),
            claims: token.claims.clone(),
            signature: token.signature.clone(),
            signed_by,
            verdict,
            at_hash_of: token.at_hash_of.clone(),
        }
    }
}
