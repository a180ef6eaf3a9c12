//! An org in which everything that is secret is a canary.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::search::Secrets;

/// Its file, and what must not be seen of it.
#[derive(Debug)]
pub struct CanaryOrg {
    /// The default org's file with other secrets.
    pub yaml: String,
    /// Token of the test control.
    pub control_token: String,
    /// Everything secret that was put in.
    pub secrets: Secrets,
}

/// Secrets of the default org, each with a name for its canary.
const PLANTED: [(&str, &str); 10] = [
    ("ada-likes-engines", "ada"),
    ("grace-finds-moths", "grace"),
    ("mallory-waits-outside", "mallory"),
    (
        "client_secret: \"web-app+secret: 100 % für Tests only\"",
        "webapp",
    ),
    ("mock-vault-payments-key-7d1f", "payments"),
    ("mock-vault-reports-password-2b9c", "reports"),
    ("username: reports", "reportname"),
    ("mock-vault-dormant-key-91aa", "dormant"),
    ("mock-vault-warehouse-password-c04e", "warehouse"),
    ("mock-vault-archive-password-55d0", "archive"),
];

/// The same secrets as the default org has them: what is checked in was made with that org.
pub fn of_the_default_org() -> Secrets {
    let mut secrets = Secrets::default();
    for (original, name) in PLANTED {
        let value = original
            .split_once(": ")
            .map_or(original, |(_, value)| value);
        let value = value.trim_matches('"');
        // A name of seven letters is found in other words.
        if value.len() >= 15 {
            secrets.whole(name, value);
        }
    }
    secrets
}

impl CanaryOrg {
    /// With keys that nobody has seen before.
    pub fn new() -> Self {
        let mut org = Self {
            yaml: mock_okta::default_org().to_owned(),
            control_token: control_canary(),
            secrets: Secrets::default(),
        };
        org.secrets.text("the control token", &control_canary());
        for (original, name) in PLANTED {
            let canary = canary(name);
            let quoted = format!("'{}'", canary.replace('\'', "''"));
            let written = match original.split_once(": ") {
                Some((key, _)) => format!("{key}: {quoted}"),
                None => quoted,
            };
            org.replace(original, &written);
            org.secrets.text(&format!("the canary {name}"), &canary);
        }
        let server = org.rsa("the org's key");
        org.replace(
            "  name: Mock Okta\n",
            &format!("  name: Mock Okta\n{}", pem(2, &server)),
        );
        let chat = org.rsa("the chat server's key");
        org.replace(
            "    name: Chat\n",
            &format!("    name: Chat\n{}", pem(4, &chat)),
        );
        let agent = org.rsa("the agent's key");
        org.pin("agent-rsa-1, alg: RS256", &agent);
        let other = org.ec("the other agent's key");
        org.pin("agent-ec-1, alg: ES256", &other);
        let inactive = org.ec("the inactive agent's key");
        org.pin("agent-inactive-1, alg: ES256", &inactive);
        org
    }

    /// Puts a key in where the file has one made.
    fn pin(&mut self, key: &str, der: &[u8]) {
        let pinned = format!(
            "- kid: {}\n{}",
            key.replace(", ", "\n        "),
            pem(8, der)
        );
        self.replace(&format!("- {{ kid: {key} }}\n"), &pinned);
    }

    fn replace(&mut self, from: &str, to: &str) {
        assert!(self.yaml.contains(from), "the default org has no {from:?}");
        self.yaml = self.yaml.replace(from, to);
    }

    fn rsa(&mut self, label: &str) -> Vec<u8> {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("PKCS#8");
        let der = der.as_ref().to_vec();
        // Before it are the modulus and the exponent, which are published.
        self.key_bytes(label, &der[310..]);
        der
    }

    fn ec(&mut self, label: &str) -> Vec<u8> {
        let random = SystemRandom::new();
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
        let der = der.expect("a key").as_ref().to_vec();
        // Between two headers of fixed length; behind it is the public point.
        self.key_bytes(label, &der[36..68]);
        der
    }

    /// Pieces, so that a single number of a JWK is found as well as the whole.
    fn key_bytes(&mut self, label: &str, private: &[u8]) {
        for piece in private.chunks(24).filter(|piece| piece.len() >= 16) {
            self.secrets.bytes(label, piece);
        }
    }
}

/// A password that no encoding leaves as it is, and that every encoding leaves recognisable.
fn canary(name: &str) -> String {
    format!("canary{name:0<10}<&\"'+ %/>{name:0>10}yranac")
}

/// The same for the control token, which stands in a header field and has no blanks.
fn control_canary() -> String {
    canary("control").replace(' ', "~")
}

/// `private_key_pem` as it stands in a file at this indentation.
fn pem(indent: usize, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der).into_bytes();
    let lines = base64
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned());
    let indent = " ".repeat(indent);
    let mut text = vec![format!("{indent}private_key_pem: |")];
    text.push(format!("{indent}  -----BEGIN PRIVATE KEY-----"));
    text.extend(lines.map(|line| format!("{indent}  {line}")));
    text.push(format!("{indent}  -----END PRIVATE KEY-----\n"));
    text.join("\n")
}
