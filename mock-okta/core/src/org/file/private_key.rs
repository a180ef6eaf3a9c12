//! A private key that an org file pins: PKCS#8 PEM, checked where it stands.

use strict_yaml::{MapReader, Problem};

use crate::keys;
use crate::org::{KeyAlg, KeyOrigin};
use crate::secret::Secret;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
const CONVERT: &str = "convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem";

/// A pinned private key that may be there, for one algorithm. Certificates and parameters may stand beside it.
pub(super) fn private_key(reader: &mut MapReader<'_, '_>, alg: Option<KeyAlg>) -> Option<Secret> {
    reader.guard("private_key_pem");
    let node = reader.node("private_key_pem")?;
    reader.problems().conceal(node.place);
    let text = reader.optional_str("private_key_pem")?;
    let problem = |message: &str| Problem::new(text.place, message);
    let Some(pem) = block(&text.value) else {
        let (message, help) = what_else(&text.value);
        reader.problems().push(
            problem(message)
                .expected(format!("a block that begins with {BEGIN}"))
                .help(help),
        );
        return Some(Secret::new(text.value));
    };
    let pem = Secret::new(pem);
    let checked = alg.map_or(Ok(()), |alg| {
        keys::check(alg, KeyOrigin::Private(pem.clone()))
    });
    if let Err(error) = checked {
        let message = format!("the key cannot be used: {}", error.reason);
        reader.problems().push(problem(&message).help(CONVERT));
    }
    Some(pem)
}

/// The one block of PKCS#8.
fn block(text: &str) -> Option<String> {
    let (_, begun) = text.split_once(BEGIN)?;
    let (body, _) = begun.split_once(END)?;
    let is_whole = !body.contains("\\n");
    is_whole.then(|| format!("{BEGIN}{body}{END}\n"))
}

/// What a text is that has no such block, and what to do about it.
fn what_else(text: &str) -> (&'static str, &'static str) {
    if text.trim().is_empty() {
        ("the key is empty", "remove it, and a key is made at start")
    } else if text.contains("-----BEGIN ") && text.contains("\\n") {
        (
            "the line breaks of the key are written as a backslash and an n",
            "write real line breaks: a block after `|`",
        )
    } else if text.contains("ENCRYPTED") {
        (
            "the private key is encrypted",
            "decrypt it: openssl pkcs8 -topk8 -nocrypt -in key.pem (asks for the passphrase)",
        )
    } else if text.contains("BEGIN OPENSSH PRIVATE KEY") {
        (
            "this is a private key in the format of OpenSSH",
            "convert a copy of it in place: ssh-keygen -p -N \"\" -m PKCS8 -f copy-of-key",
        )
    } else if text.contains("PUBLIC KEY-----") || text.starts_with("ssh-") {
        (
            "this is a public key",
            "give the private key that belongs to it, or `public_jwk`",
        )
    } else if text.contains("BEGIN CERTIFICATE") && !text.contains("PRIVATE KEY") {
        (
            "this is a certificate without its private key",
            "give the private key that belongs to it",
        )
    } else if text.contains(BEGIN) {
        (
            "the PEM block has no line -----END PRIVATE KEY-----",
            "copy the whole file, to the end of its last line",
        )
    } else {
        ("this is not a private key as PKCS#8 PEM", CONVERT)
    }
}
