//! Values that are known to be secret, found wherever and however they are echoed.

use std::collections::BTreeMap;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use crate::secret::Secret;

/// Characters of the shortest value that is looked for inside other text: a shorter one would be found where it is not.
pub const SHORTEST_SECRET: usize = 5;

/// Ways to write a set of secrets, ready to be looked for. Making it takes longer than a case of a few requests, so
/// whoever runs many cases keeps it.
#[derive(Debug, Default)]
pub struct SecretSet {
    secrets: Vec<Secret>,
    /// All ways at once; `None` when there is none.
    written: Option<AhoCorasick>,
    /// By the number of the way: the position of its secret.
    secret_of: Vec<usize>,
}

impl SecretSet {
    /// Looks for these secrets.
    #[must_use]
    pub fn new(secrets: Vec<Secret>) -> Self {
        let mut written = BTreeMap::new();
        for (index, secret) in secrets.iter().enumerate() {
            for form in forms(secret.expose()) {
                written.entry(form).or_insert(index);
            }
        }
        // A secret that begins like another is replaced whole.
        let longest = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(written.keys());
        Self {
            written: longest.ok().filter(|_| !written.is_empty()),
            secret_of: written.into_values().collect(),
            secrets,
        }
    }
}

/// A set of secrets, each with its fingerprint.
#[derive(Clone, Default)]
pub(super) struct Known {
    set: Arc<SecretSet>,
    /// By the position of the secret.
    fingerprints: Vec<String>,
}

impl Known {
    /// Names each secret by what `fingerprint` makes of it.
    pub(super) fn new(set: Arc<SecretSet>, fingerprint: impl Fn(&str) -> String) -> Self {
        let secrets = set.secrets.iter();
        let fingerprints = secrets.map(|secret| fingerprint(secret.expose())).collect();
        Self { set, fingerprints }
    }

    /// Replaces every secret by what `name` makes of its fingerprint.
    pub(super) fn replace(&self, text: &str, name: impl Fn(&str) -> String) -> Option<String> {
        let written = (self.set.written)
            .as_ref()
            .filter(|written| written.is_match(text))?;
        let mut replaced = String::with_capacity(text.len());
        written.replace_all_with(text, &mut replaced, |found, _, shown| {
            let secret = self.set.secret_of.get(found.pattern().as_usize());
            let fingerprint = secret.and_then(|secret| self.fingerprints.get(*secret));
            shown.push_str(&fingerprint.map_or_else(String::new, |one| name(one)));
            true
        });
        Some(replaced)
    }
}

/// Secrets that turn up while a case runs: few, so that looking for one after the other is cheaper than making one
/// pattern of them each time.
#[derive(Clone, Default)]
pub(super) struct Learnt(Vec<(String, String)>);

impl Learnt {
    /// Knows another secret.
    pub(super) fn add(&mut self, secret: &str, fingerprint: &str) {
        for form in forms(secret) {
            if !self.0.iter().any(|(known, _)| *known == form) {
                self.0.push((form, fingerprint.to_owned()));
            }
        }
        self.0
            .sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
    }

    /// Replaces every secret by what `name` makes of its fingerprint.
    pub(super) fn replace(&self, text: &mut String, name: impl Fn(&str) -> String) {
        for (form, fingerprint) in &self.0 {
            if text.contains(form.as_str()) {
                *text = text.replace(form.as_str(), &name(fingerprint));
            }
        }
    }
}

/// How a secret may be written inside other text.
fn forms(secret: &str) -> Vec<String> {
    if secret.chars().count() < SHORTEST_SECRET {
        return Vec::new();
    }
    let mut forms = vec![secret.to_owned()];
    forms.push(form_urlencoded::byte_serialize(secret.as_bytes()).collect());
    let percent = percent_encoded(secret);
    forms.push(
        percent
            .replace("%2E", ".")
            .replace("%2D", "-")
            .replace("%5F", "_"),
    );
    forms.push(percent.to_ascii_lowercase_escapes());
    forms.push(percent);
    let json = serde_json::Value::from(secret).to_string();
    forms.push(json.trim_matches('"').to_owned());
    forms.extend(html_encoded(secret));
    for shift in 0..3 {
        forms.extend(base64_within(secret.as_bytes(), shift));
    }
    forms.sort();
    forms.dedup();
    forms
}

/// As pages write it. There are several ways to write a quotation mark, and `>` may stay as it is.
fn html_encoded(text: &str) -> Vec<String> {
    let lesser = text.replace('&', "&amp;").replace('<', "&lt;");
    let quotes = [
        ("&quot;", "&#39;"),
        ("&#34;", "&#39;"),
        ("&quot;", "&#x27;"),
        ("&quot;", "'"),
    ];
    [lesser.clone(), lesser.replace('>', "&gt;")]
        .iter()
        .flat_map(|text| {
            quotes.map(|(double, single)| text.replace('"', double).replace('\'', single))
        })
        .chain([lesser.replace('>', "&gt;")])
        .collect()
}

/// Everything but letters and digits as `%XX`.
fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    encoded.collect()
}

trait LowercaseEscapes {
    fn to_ascii_lowercase_escapes(&self) -> String;
}

impl LowercaseEscapes for str {
    /// `%2F` becomes `%2f`; what is not escaped stays.
    fn to_ascii_lowercase_escapes(&self) -> String {
        let mut lower = String::with_capacity(self.len());
        let mut escaped = 0;
        for c in self.chars() {
            escaped = if c == '%' { 2 } else { escaped };
            lower.push(if escaped > 0 {
                c.to_ascii_lowercase()
            } else {
                c
            });
            if c != '%' && escaped > 0 {
                escaped -= 1;
            }
        }
        lower
    }
}

/// The part of a base64 text that depends on the secret alone when `shift` bytes stand before it.
fn base64_within(secret: &[u8], shift: usize) -> Vec<String> {
    let mut bytes = vec![0; shift];
    bytes.extend_from_slice(secret);
    let from = [0, 2, 3][shift];
    let to = bytes.len() * 8 / 6;
    [STANDARD.encode(&bytes), URL_SAFE.encode(&bytes)]
        .into_iter()
        .filter_map(|text| text.get(from..to).map(str::to_owned))
        .filter(|text| text.len() >= 8)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Secrets, each with what stands for it.
    fn known(named: &[(&str, &str)]) -> Known {
        let secrets = named.iter().map(|(secret, _)| Secret::new(*secret));
        let set = Arc::new(SecretSet::new(secrets.collect()));
        let name = |secret: &str| named.iter().find(|(known, _)| *known == secret);
        Known::new(set, |secret| name(secret).unwrap().1.to_owned())
    }

    fn shown(secret: &str, text: &str) -> String {
        let known = known(&[(secret, "f")]);
        known
            .replace(text, |f| format!("<{f}>"))
            .unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn a_secret_is_found_as_it_is_and_encoded() {
        let secret = "p+ss/w ö\"rd";
        assert_eq!(shown(secret, "a p+ss/w ö\"rd b"), "a <f> b");
        let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        assert_eq!(shown(secret, &format!("x={form}&y")), "x=<f>&y");
        assert_eq!(shown(secret, "%70p%2Bss%2Fw%20%C3%B6%22rd."), "%70<f>.");
        assert_eq!(shown(secret, "p%2bss%2fw%20%c3%b6%22rd"), "<f>");
        assert_eq!(
            shown(secret, &serde_json::json!([secret]).to_string()),
            "[\"<f>\"]"
        );
    }

    #[test]
    fn a_secret_is_found_in_a_page() {
        let secret = "<p&ss'w\"rd>";
        for written in [
            "&lt;p&amp;ss&#39;w&quot;rd&gt;",
            "&lt;p&amp;ss&#x27;w&quot;rd&gt;",
            "&lt;p&amp;ss'w\"rd&gt;",
            "&lt;p&amp;ss&#39;w&#34;rd>",
        ] {
            assert_eq!(shown(secret, &format!("a {written} b")), "a <f> b");
        }
    }

    #[test]
    fn a_secret_is_found_inside_base64_at_every_alignment() {
        let secret = "correct horse battery";
        for before in ["", "u", "us", "user:"] {
            for encoded in [
                STANDARD.encode(format!("{before}{secret}:x")),
                URL_SAFE.encode(format!("{before}{secret}?")),
            ] {
                let shown = shown(secret, &encoded);
                assert!(shown.contains("<f>"), "{before:?}: {encoded} {shown}");
                assert!(shown.len() < 20, "{before:?}: {shown}");
            }
        }
    }

    #[test]
    fn short_values_are_not_looked_for_and_longer_secrets_go_first() {
        assert_eq!(shown("abc", "abcd"), "abcd");
        let known = known(&[("secret", "1"), ("secret-longer", "2")]);
        let shown = known.replace("secret-longer secret", str::to_owned);
        assert_eq!(shown.as_deref(), Some("2 1"));
        assert_eq!(Known::default().replace("x", str::to_owned), None);
        let mut learnt = Learnt::default();
        learnt.add("secret", "1");
        learnt.add("secret-longer", "2");
        let mut text = "secret-longer secret".to_owned();
        learnt.replace(&mut text, str::to_owned);
        assert_eq!(text, "2 1");
    }
}
