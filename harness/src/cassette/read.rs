//! Reads a cassette. Whatever is wrong with it is said with the number of the line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::{Captures, Regex};
use serde_json::{Map, Value};

use super::description::{edition, restore};
use super::model::{self, Head, KeySet, Keys, Line, Token, VERSION};
use crate::evidence::half_hash;
use crate::exchange::{Exchange, Payload, RequestSpec, Response};
use crate::forge::Pkce;
use crate::jwks::{Fitting, Jwks, KeyRing};
use crate::jwt::Jwt;
use crate::result::Verdict;
use crate::scenario::model::{Edition, ServerRole};
use crate::targets::Deployment;

/// How deep tokens may stand in claims of tokens.
const DEEPEST: usize = 4;

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
    /// Ids of the cases and rules that the run was about.
    pub planned: BTreeSet<String>,
    /// What was asked.
    pub target: Deployment,
    /// The second org.
    pub spare: Option<Deployment>,
    /// Why the recorded run ended early, or that the file is cut; nothing where it is whole.
    pub incomplete: Option<String>,
    cases: BTreeMap<(String, bool), Arc<KeptCase>>,
}

/// A case of a recording.
#[derive(Debug)]
pub struct KeptCase {
    /// `state`, `nonce` and PKCE.
    pub fresh: (String, String, Pkce),
    /// What the run said of it.
    pub verdict: Option<Verdict>,
    /// Its steps in order.
    pub steps: Vec<KeptStep>,
}

/// A step of a recording, with pseudonyms for its secrets.
#[derive(Debug)]
pub struct KeptStep {
    /// Its id.
    pub step: String,
    /// The request as the scenario said it.
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
    /// Why it cannot be judged again.
    pub not_kept: Option<String>,
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
            match parts.take(line) {
                Ok(()) => {}
                Err(CassetteError::Line { why, .. }) => {
                    // What was cut off in the middle of a line is as good as its whole lines.
                    if lines.peek().is_none() && parts.head.is_some() && parts.end.is_none() {
                        break;
                    }
                    return Err(CassetteError::Line { line: at + 1, why });
                }
                Err(other) => return Err(other),
            }
        }
        parts.put_together()
    }

    /// What was recorded of a case, or of a base flow taken by another way.
    #[must_use]
    pub fn case(&self, id: &str, other_way: bool) -> Option<Arc<KeptCase>> {
        self.cases.get(&(id.to_owned(), other_way)).cloned()
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

/// The lines of a cassette.
#[derive(Default)]
struct Parts {
    head: Option<Head>,
    keys: BTreeMap<String, KeySet>,
    tokens: BTreeMap<String, Token>,
    cases: Vec<model::Case>,
    end: Option<model::End>,
}

impl Parts {
    fn take(&mut self, line: &str) -> Result<(), CassetteError> {
        let wrong = |why: String| CassetteError::Line { line: 0, why };
        let parsed: Line = match serde_json::from_str(line) {
            Ok(parsed) => parsed,
            Err(error) => {
                // A later version may have another form altogether.
                let version = serde_json::from_str::<Value>(line).ok();
                let version = version.and_then(|line| line["cassette"]["version"].as_u64());
                return Err(
                    match version.and_then(|version| u32::try_from(version).ok()) {
                        Some(version) if version != VERSION => CassetteError::Version(version),
                        _ => wrong(error.to_string()),
                    },
                );
            }
        };
        match parsed {
            Line::Cassette(head) if head.version != VERSION => {
                return Err(CassetteError::Version(head.version));
            }
            Line::Cassette(_) if self.head.is_some() => {
                return Err(wrong("a second cassette begins here".to_owned()));
            }
            Line::Cassette(head) => self.head = Some(*head),
            Line::Keys(set) => {
                self.keys.insert(set.id.clone(), set);
            }
            Line::Token(token) => {
                self.tokens.insert(token.fingerprint.clone(), token);
            }
            // Of a case that refers to a token which is not there nothing can be judged.
            Line::Case(case) if self.lacks_a_token(line) => {
                let case = model::Case {
                    steps: Vec::new(),
                    ..case
                };
                self.cases.push(case);
            }
            Line::Case(case) => self.cases.push(case),
            Line::End(end) => self.end = Some(end),
        }
        Ok(())
    }

    fn lacks_a_token(&self, line: &str) -> bool {
        let mut marks = TOKEN.captures_iter(line);
        marks.any(|mark| !self.tokens.contains_key(&mark[1]))
    }

    fn put_together(self) -> Result<Cassette, CassetteError> {
        let head = self.head.ok_or(CassetteError::NoCassette)?;
        let texts = Texts::of(&self.tokens);
        let fitting = self.tokens.values().map(|token| {
            let text = texts.0.get(&token.fingerprint).cloned();
            (text.unwrap_or_default(), token.signed_by.clone())
        });
        let fitting = Arc::new(Fitting::new(fitting));
        let mut sets = BTreeMap::new();
        for set in self.keys.into_values() {
            let parsed = Jwks::parse(&set.document).map(|jwks| jwks.of_recording(fitting.clone()));
            sets.insert(set.id, Arc::new(parsed.unwrap_or_default()));
        }
        let plain = |text: &str| texts.plain(text);
        let reader = Reader {
            texts: &texts,
            sets,
        };
        let mut cases = BTreeMap::new();
        for case in self.cases {
            let key = (case.id.clone(), case.other_way);
            cases.insert(key, Arc::new(reader.case(case)?));
        }
        let incomplete = match self.end {
            Some(end) => end.incomplete.map(|why| why.as_str().to_owned()),
            None => Some("the file of the recording is cut".to_owned()),
        };
        Ok(Cassette {
            started_at: head.started_at,
            edition: edition(&head.edition)?,
            planned: head.planned.into_iter().collect(),
            target: restore(&head.target, &plain)?,
            spare: (head.spare.as_ref())
                .map(|spare| restore(spare, &plain))
                .transpose()?,
            incomplete,
            cases,
        })
    }
}

/// What stands for a token.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, and a test uses it")]
    Regex::new("<jwt ([0-9a-f]{16})>").expect("a regular expression")
});

/// What stands for the base64 of a name and a password.
static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, and a test uses it")]
    Regex::new("<basic ([^>]*)>").expect("a regular expression")
});

/// The texts of all tokens, by fingerprint.
struct Texts(BTreeMap<String, String>);

impl Texts {
    fn of(tokens: &BTreeMap<String, Token>) -> Self {
        let mut texts = Self(BTreeMap::new());
        for token in tokens.values() {
            texts.add(token, tokens, DEEPEST);
        }
        texts
    }

    /// Puts a token together, and those that stand in its claims before it.
    fn add(&mut self, token: &Token, tokens: &BTreeMap<String, Token>, depth: usize) {
        if depth == 0 || self.0.contains_key(&token.fingerprint) {
            return;
        }
        let (mut header, mut claims) = (Map::clone(&token.header), Map::clone(&token.claims));
        let mut inside = BTreeSet::new();
        let written = [
            Value::Object(header.clone()).to_string(),
            Value::Object(claims.clone()).to_string(),
            token.at_hash_of.as_deref().unwrap_or_default().to_owned(),
        ];
        for text in &written {
            inside.extend(TOKEN.captures_iter(text).map(|mark| mark[1].to_owned()));
        }
        for other in inside.iter().filter_map(|name| tokens.get(name)) {
            self.add(other, tokens, depth - 1);
        }
        self.members(&mut header);
        self.members(&mut claims);
        let algorithm = header.get("alg").and_then(Value::as_str);
        if let Some(of) = &token.at_hash_of
            && let Some(hash) = half_hash(algorithm.unwrap_or_default(), &self.plain(of))
        {
            claims.insert("at_hash".to_owned(), hash.into());
        }
        let mut jwt = Jwt::new(header, claims);
        token.signature.as_str().clone_into(&mut jwt.signature);
        self.0.insert(token.fingerprint.clone(), jwt.encode());
    }

    /// A text with tokens in place of their marks.
    fn plain(&self, text: &str) -> String {
        let shown = TOKEN.replace_all(text, |mark: &Captures<'_>| {
            let token = self.0.get(&mark[1]);
            token.map_or_else(|| mark[0].to_owned(), Clone::clone)
        });
        if !shown.contains("<basic ") {
            return shown.into_owned();
        }
        let pairs = PAIR.replace_all(&shown, |pair: &Captures<'_>| STANDARD.encode(&pair[1]));
        pairs.into_owned()
    }

    fn json(&self, value: &mut Value) {
        match value {
            Value::String(text) if text.contains('<') => *text = self.plain(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Value::Object(members) => self.members(members),
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn members(&self, members: &mut Map<String, Value>) {
        members.values_mut().for_each(|member| self.json(member));
    }
}

struct Reader<'r> {
    texts: &'r Texts,
    sets: BTreeMap<String, Arc<Jwks>>,
}

impl Reader<'_> {
    fn case(&self, case: model::Case) -> Result<KeptCase, CassetteError> {
        let fresh = &case.fresh;
        let mut steps = Vec::with_capacity(case.steps.len());
        for step in case.steps {
            steps.push(self.step(step)?);
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
            steps,
        })
    }

    fn step(&self, step: model::Step) -> Result<KeptStep, CassetteError> {
        let signed = step.signed.iter().map(|jwt| self.texts.plain(jwt));
        let exchanges = step.exchanges.into_iter();
        Ok(KeptStep {
            step: step.step,
            says: step.says,
            prepared_at: step.prepared_at,
            answered_at: step.answered_at,
            judged_at: step.judged_at,
            signed: signed.collect(),
            prepared_with: self.ring(step.prepared_with)?,
            judged_with: self.ring(step.judged_with)?,
            exchanges: exchanges.map(|one| self.exchange(one)).collect(),
            answer: step.answer.map(|one| self.exchange(one)),
            trouble: step.trouble.map(|why| why.as_str().to_owned()),
            not_kept: step.not_kept,
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
                json.to_string()
            }
            (None, Some(text)) => self.texts.plain(&text),
            (None, None) => String::new(),
        };
        Exchange {
            request: self.request(request),
            response: Response::new(
                response.status,
                self.pairs(&response.headers),
                body.as_bytes(),
            ),
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
        pairs
            .map(|(name, value)| (name.as_str().to_owned(), self.texts.plain(value)))
            .collect()
    }
}
