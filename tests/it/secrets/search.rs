//! Looks for secrets in what the kit shows, whole or in part, as they are and encoded.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// So many characters of a secret, from its beginning or its end, are a leak. Encodings that leave letters and digits
/// as they are (percent, HTML, JSON) are found by this, if the secret begins or ends so.
const TELLING: usize = 16;

/// Knows secrets and finds them.
#[derive(Debug)]
pub struct Searcher {
    automaton: AhoCorasick,
    /// What each pattern is a part of.
    labels: Vec<String>,
}

/// Collects what shall be looked for.
#[derive(Debug, Default)]
pub struct Secrets(BTreeMap<String, String>);

impl Secrets {
    /// A secret text. One shorter than [`TELLING`] would be found where it is not.
    pub fn text(&mut self, label: &str, secret: &str) {
        assert!(secret.len() >= TELLING, "{label} is too short to be found");
        self.bytes(label, secret.as_bytes());
        self.ends(label, secret);
    }

    /// A secret text that may be shorter: found whole, as it is.
    pub fn whole(&mut self, label: &str, secret: &str) {
        self.0.insert(secret.to_owned(), label.to_owned());
    }

    /// Secret bytes, found in hexadecimal, as a list of numbers, and in base64 at every alignment.
    pub fn bytes(&mut self, label: &str, secret: &[u8]) {
        let hex = hex(secret);
        self.ends(label, &hex);
        self.ends(label, &hex.to_uppercase());
        self.ends(label, format!("{secret:?}").trim_matches(['[', ']']));
        for shift in 0..3 {
            for alphabet in [STANDARD, URL_SAFE] {
                let mut bytes = vec![0; shift];
                bytes.extend_from_slice(secret);
                let encoded = alphabet.encode(&bytes);
                // The first and last characters hold bits of what stands before and behind.
                let inner = [0, 2, 3][shift]..bytes.len() * 8 / 6;
                self.ends(label, &encoded[inner]);
            }
        }
    }

    /// How many have a label that begins so.
    pub fn count(&self, label: &str) -> usize {
        let labels = self.0.values().filter(|known| known.starts_with(label));
        labels.collect::<std::collections::BTreeSet<_>>().len()
    }

    /// Ready to search.
    pub fn searcher(&self) -> Searcher {
        Searcher {
            automaton: AhoCorasick::new(self.0.keys()).expect("patterns"),
            labels: self.0.values().cloned().collect(),
        }
    }

    fn ends(&mut self, label: &str, form: &str) {
        if form.len() < TELLING {
            return;
        }
        for end in [&form[..TELLING], &form[form.len() - TELLING..]] {
            self.0.insert(end.to_owned(), label.to_owned());
        }
    }
}

impl Searcher {
    /// Every secret in a text, once, with what stands around it.
    pub fn find(&self, place: &str, text: &str) -> Vec<String> {
        let mut found = BTreeMap::new();
        for hit in self.automaton.find_iter(text) {
            let around = text.as_bytes();
            let from = hit.start().saturating_sub(60);
            let to = (hit.end() + 40).min(text.len());
            let around = String::from_utf8_lossy(&around[from..to]);
            found
                .entry(&self.labels[hit.pattern().as_usize()])
                .or_insert_with(|| format!("…{}…", around.escape_debug()));
        }
        let found = found.into_iter();
        found
            .map(|(label, around)| format!("{place} shows {label}: {around}"))
            .collect()
    }

    /// Panics with every leak there is.
    pub fn assert_clean(&self, outputs: &[(String, String)]) {
        let leaks: Vec<_> = outputs
            .iter()
            .flat_map(|(place, text)| self.find(place, text))
            .collect();
        let first = leaks.iter().take(40).cloned().collect::<Vec<_>>();
        assert!(
            leaks.is_empty(),
            "{} leaks\n{}",
            leaks.len(),
            first.join("\n")
        );
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect()
}

#[test]
fn a_secret_is_found_however_it_is_written() {
    let secret = "canary0000search<&\"'+ %/>search0000yranac";
    let mut secrets = Secrets::default();
    secrets.text("a password", secret);
    let searcher = secrets.searcher();
    let percent: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let html = secret.replace('&', "&amp;").replace('<', "&lt;");
    let mut written = vec![
        secret.to_owned(),
        percent.clone(),
        percent.to_lowercase(),
        html.replace('"', "&quot;"),
        serde_json::json!({ "shown": [secret] }).to_string(),
        format!("{secret:?}"),
        secret[..20].to_owned(),
        secret[20..].to_owned(),
        hex(secret.as_bytes()).to_uppercase(),
        format!("{:?}", secret.as_bytes()),
    ];
    for before in ["", "u", "us", "user:"] {
        for alphabet in [STANDARD, URL_SAFE] {
            written.push(alphabet.encode(format!("{before}{secret}")));
            written.push(alphabet.encode(format!("{before}{secret}:and more")));
        }
    }
    for text in written {
        let found = searcher.find("a page", &format!("before {text} behind"));
        assert_eq!(found.len(), 1, "{text}");
        assert!(
            found[0].starts_with("a page shows a password: …"),
            "{found:?}"
        );
    }
}

#[test]
fn what_is_no_secret_is_not_found() {
    let mut secrets = Secrets::default();
    secrets.text("a code", "q3cZ5vY0uVnQmI1Jr0gS8pXhT2kLw7aB");
    secrets.bytes("a key", &[7; 32]);
    let searcher = secrets.searcher();
    for text in [
        "",
        "q3cZ5vY0uVnQmI",
        "<secret 0123456789ab> code=#q3cZ5vY0 eyJhbGciOiJSUzI1NiJ9",
        "canary0000search",
    ] {
        assert_eq!(searcher.find("a page", text), [""; 0], "{text}");
    }
}

#[test]
#[should_panic(expected = "1 leaks\nreport.md shows a code: …the code is q3cZ5vY0uVnQmI1J")]
fn a_leak_fails_the_test() {
    let mut secrets = Secrets::default();
    secrets.text("a code", "q3cZ5vY0uVnQmI1Jr0gS8pXhT2kLw7aB");
    let shown = "the code is q3cZ5vY0uVnQmI1Jr0gS8pXhT2kLw7aB".to_owned();
    let outputs = [
        ("report.json".to_owned(), "{}".to_owned()),
        ("report.md".to_owned(), shown),
    ];
    secrets.searcher().assert_clean(&outputs);
}
