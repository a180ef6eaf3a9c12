//! A target that remembers every credential it hands out or is sent, and shows it again in every field that a server can
//! fill, in other cases, encoded in every way of [`WAYS`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::{Arc, Mutex};

use aho_corasick::AhoCorasick;
use serde_json::{Value, json};

use super::server::{Answer, Asked, Hostile};
use super::written::WAYS;
use crate::secrets::programs::{self, scenario_texts};

/// So many characters of what was planted are a leak, from its beginning or its end.
const TELLING: usize = 24;

/// Members and parameters that are worth stealing.
const NAMES: [&str; 11] = [
    "access_token",
    "apikey",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "dataHandle",
    "id_token",
    "password",
    "refresh_token",
    "stateToken",
];

/// What the target has seen and what it has planted.
#[derive(Default)]
struct Loot {
    /// By the name under which they went over the wire.
    secrets: Vec<(String, String)>,
    known: BTreeSet<String>,
    /// What the last of them was answered to.
    at: String,
    planted: usize,
    /// What was planted, with where and how.
    leaks: BTreeMap<String, String>,
    places: BTreeMap<String, usize>,
}

impl Loot {
    fn take(&mut self, name: &str, value: &str, published: &str) {
        // Of a JWT the signature makes it a credential; claims may be read.
        let value = value.rsplit('.').next().unwrap_or(value);
        let is_long = value.bytes().filter(u8::is_ascii_alphanumeric).count() >= 20;
        if NAMES.contains(&name) && is_long && !published.contains(value) {
            self.add(name, value);
        }
    }

    fn add(&mut self, name: &str, value: &str) {
        // Garbage that a scenario signs with is no credential.
        let characters: BTreeSet<char> = value.chars().collect();
        let is_text = characters.iter().all(char::is_ascii_graphic);
        let is_secret = is_text && value.len() >= 20 && characters.len() >= 8;
        if is_secret && self.known.insert(value.to_owned()) {
            let name = format!("{name} of {}", self.at);
            self.secrets.push((name, value.to_owned()));
        }
    }

    fn pairs(&mut self, text: &str, published: &str) {
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            self.take(&name, &value, published);
        }
    }

    fn json(&mut self, value: &Value, published: &str) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        Value::String(text) if name == "interaction_uri" => {
                            let query = text.split_once('?').map_or("", |(_, query)| query);
                            self.pairs(query, published);
                        }
                        Value::String(text) => self.take(name, text, published),
                        member => self.json(member, published),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.json(item, published)),
            _ => {}
        }
    }

    /// The next secret in the next way, for a place.
    fn next(&mut self, place: &str) -> Option<String> {
        // Not one that is still on its way in an answer: those come last.
        let old = self.secrets.len().checked_sub(200)?;
        let number = self.planted;
        self.planted += 1;
        let (name, secret) = self.secrets.get(number.wrapping_mul(7919) % (old + 1))?;
        let (way, write) = WAYS[number / 14 % WAYS.len()];
        let written = write(secret);
        let label = format!("{place}, {way}");
        *self.places.entry(label.clone()).or_default() += 1;
        self.leaks
            .insert(written.clone(), format!("{name} in {label}"));
        Some(written)
    }
}

/// What the exchange shows to whoever steals.
fn steal(loot: &mut Loot, asked: &Asked, answer: &Answer, published: &str) {
    let (head, body) = asked.text.rsplit_once("\r\n").unwrap_or_default();
    loot.at = format!("{} {}", asked.path, answer.status);
    loot.pairs(body, published);
    for line in head.lines() {
        if let Some(cookies) = line.strip_prefix("cookie: ") {
            for (_, value) in cookies.split("; ").filter_map(|pair| pair.split_once('=')) {
                loot.add("cookie", value);
            }
        }
    }
    for (name, value) in &answer.headers {
        match name.as_str() {
            "set-cookie" => {
                let pair = value.split(';').next().unwrap_or_default();
                let value = pair.split_once('=').map_or("", |(_, value)| value);
                if value.len() >= 20 {
                    loot.add("cookie", value);
                }
            }
            "location" => loot.pairs(
                value.split_once('?').map_or("", |(_, query)| query),
                published,
            ),
            _ => {}
        }
    }
    if let Ok(value) = serde_json::from_slice::<Value>(&answer.body) {
        loot.json(&value, published);
    }
}

/// Shows something stolen in every field.
fn plant(loot: &mut Loot, asked: &Asked, answer: &mut Answer) -> Option<()> {
    let in_header = |text: String| text.replace('\u{200B}', "%E2%80%8B");
    let code = loot.next("the internal code")?;
    answer
        .headers
        .retain(|(name, _)| name != "x-mock-okta-code");
    answer.add("x-mock-okta-code", &in_header(code));
    let is_token = |c: char| c.is_ascii_alphanumeric() || "-_%".contains(c);
    let name = loot.next("the name of a header field")?;
    if name.chars().all(is_token) {
        answer.add(&name, "x");
    }
    let value = loot.next("the value of a header field")?;
    answer.add("x-served-by", &in_header(value));
    let value = loot.next("a cookie")?;
    let value = in_header(value);
    answer.add("set-cookie", &format!("tracker=1; Comment=\"{value}\""));
    let value = loot.next("a challenge")?;
    answer.add(
        "www-authenticate",
        &format!("Other realm=\"{}\"", in_header(value)),
    );
    let (member, name) = (
        loot.next("an unknown member")?,
        loot.next("the name of a member")?,
    );
    let (description, nested) = (
        loot.next("error_description")?,
        loot.next("deep in a member")?,
    );
    let (listed, beside) = (
        loot.next("an item of a list")?,
        loot.next("amid other text")?,
    );
    let page = loot.next("a page")?;
    let (claim, second) = (loot.next("a claim")?, loot.next("a name of a JWT")?);
    if asked.path.contains("/v1/keys") {
        let number = loot
            .secrets
            .first()
            .map_or(String::new(), |(_, value)| value.clone());
        answer.members(|members| {
            let keys = members.get_mut("keys").and_then(Value::as_array_mut);
            for key in keys.into_iter().flatten().filter_map(Value::as_object_mut) {
                for private in ["d", "p", "q", "dp", "dq", "qi"] {
                    key.insert(private.to_owned(), json!(format!("{number}{private}")));
                }
            }
        });
        return Some(());
    }
    let unsigned = |claims: &Value| {
        use base64::Engine as _;
        let encode = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        format!(
            "{}.{}.",
            encode(r#"{"alg":"none"}"#),
            encode(&claims.to_string())
        )
    };
    answer.members(|members| {
        members.insert("x_seen".to_owned(), json!(member));
        members.insert(name, json!(1));
        members.insert(
            "x_deep".to_owned(),
            json!({"a": [{"b": nested}], "c": [listed]}),
        );
        members.insert(
            "x_text".to_owned(),
            json!(format!("seen before: {beside}, and again")),
        );
        members.insert(
            "x_jwt".to_owned(),
            json!(unsigned(&json!({"claim": claim, "list": [second]}))),
        );
        if members.contains_key("error") {
            members.insert("error_description".to_owned(), json!(description));
        }
    });
    if answer.body.starts_with(b"<") {
        answer
            .body
            .extend_from_slice(format!("<p>{page}</p>").as_bytes());
    }
    Some(())
}

/// As it stands in a text, in JSON, in a page, in a header field, and on the console.
fn as_shown(planted: &str) -> Vec<String> {
    let json = Value::from(planted).to_string();
    vec![
        planted.to_owned(),
        json.trim_matches('"').to_owned(),
        planted.replace('&', "&amp;"),
        planted.replace('\u{200B}', "%E2%80%8B"),
        planted.replace('\u{200B}', "\\u{200b}"),
        planted.replace('\u{200B}', ""),
    ]
}

/// A whole run against such a target, with everything that `atx` says and writes.
#[test]
fn nothing_that_a_target_has_ever_seen_is_shown_whatever_it_is_turned_into() {
    let published = scenario_texts("scenarios");
    let loot = Arc::new(Mutex::new(Loot::default()));
    let hostile = {
        let loot = Arc::clone(&loot);
        Hostile::start(Box::new(move |asked, answer| {
            let mut loot = loot.lock().expect("no attack panics");
            steal(&mut loot, asked, answer, &published);
            let _ = plant(&mut loot, asked, answer);
            true
        }))
    };
    let shown = programs::atx_run(&hostile.target(), &hostile.out(), &["-vv"]);
    let loot = loot.lock().expect("no attack panics");
    let (exit, outputs) = shown;
    assert_eq!(exit, Some(1), "what was planted breaks requirements");
    // Otherwise there was nothing to be found.
    assert!(loot.secrets.len() > 1000, "{} secrets", loot.secrets.len());
    for (way, _) in WAYS {
        let planted = loot.places.keys().filter(|label| label.ends_with(way));
        assert!(planted.count() >= 12, "{way}: {:?}", loot.places);
    }

    let mut patterns = BTreeMap::new();
    for (planted, label) in &loot.leaks {
        for shown in as_shown(planted) {
            let characters: Vec<char> = shown.chars().collect();
            let ends = [
                &characters[..TELLING.min(characters.len())],
                &characters[characters.len().saturating_sub(TELLING)..],
            ];
            for end in ends {
                patterns.insert(end.iter().collect::<String>(), label);
            }
        }
    }
    let automaton = AhoCorasick::new(patterns.keys()).expect("patterns");
    let labels: Vec<_> = patterns.values().collect();
    let mut hits: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (place, text) in &outputs {
        for found in automaton.find_iter(text) {
            let label = format!("{place}: {}", labels[found.pattern().as_usize()]);
            let from = found.start().saturating_sub(80);
            let around = text.as_bytes()[from..(found.end() + 20).min(text.len())].escape_ascii();
            hits.entry(label)
                .or_insert_with(|| (0, around.to_string()))
                .0 += 1;
        }
    }
    let keep = std::env::var_os("HOSTILE_KEEP");
    if let Some(folder) = keep {
        for (place, text) in &outputs {
            fs::write(
                std::path::Path::new(&folder).join(place.replace(' ', "-")),
                text,
            )
            .expect("a file");
        }
    }
    let output: Vec<_> = hits
        .iter()
        .take(60)
        .map(|(label, (count, around))| format!("{count} × {label}: {around}"))
        .collect();
    assert!(
        hits.is_empty(),
        "{} kinds of leaks\n{}",
        hits.len(),
        output.join("\n")
    );
}
