//! Finds the private key in a PEM file (RFC 7468), which may hold certificates and parameters beside it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::KeyProblem;

/// Labels of unencrypted private keys: PKCS#8, PKCS#1 and SEC 1.
const PRIVATE: [&str; 3] = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

/// The bytes of the one private key in a text.
pub(super) fn private_key(text: &str) -> Result<Vec<u8>, KeyProblem> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(KeyProblem::Empty);
    }
    if text.starts_with('{') {
        return Err(KeyProblem::JwkAsPem);
    }
    if text.starts_with("ssh-") || text.starts_with("ecdsa-sha2-") {
        return Err(KeyProblem::Public);
    }
    if text.contains("-----BEGIN ") && text.contains("\\n") {
        return Err(KeyProblem::EscapedLineBreaks);
    }
    let blocks = blocks(text)?;
    let keys: Vec<&Block<'_>> = blocks.iter().filter(|block| block.is_private()).collect();
    let body = match keys.as_slice() {
        [only] => only.body,
        [] => return Err(without_key(&blocks)),
        several => return Err(KeyProblem::Several(several.len())),
    };
    // RFC 1421 §4.6: an encrypted key of the older formats begins with headers.
    if body.contains("ENCRYPTED") {
        return Err(KeyProblem::Encrypted);
    }
    let base64: String = body.chars().filter(|one| !one.is_whitespace()).collect();
    STANDARD.decode(base64).map_err(|_| KeyProblem::NotBase64)
}

struct Block<'t> {
    label: &'t str,
    body: &'t str,
}

impl Block<'_> {
    fn is_private(&self) -> bool {
        PRIVATE.contains(&self.label)
    }
}

fn blocks(text: &str) -> Result<Vec<Block<'_>>, KeyProblem> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, begun)) = rest.split_once("-----BEGIN ") {
        let (label, after) = begun.split_once("-----").ok_or(KeyProblem::NotPem)?;
        let end = format!("-----END {label}-----");
        let (body, left) = after
            .split_once(end.as_str())
            .ok_or(KeyProblem::Unfinished)?;
        blocks.push(Block { label, body });
        rest = left;
    }
    Ok(blocks)
}

/// What the blocks are that do not hold a private key.
fn without_key(blocks: &[Block<'_>]) -> KeyProblem {
    let has = |named: &dyn Fn(&str) -> bool| blocks.iter().any(|block| named(block.label));
    if has(&|label| label == "ENCRYPTED PRIVATE KEY") {
        KeyProblem::Encrypted
    } else if has(&|label| label == "OPENSSH PRIVATE KEY") {
        KeyProblem::OpenSsh
    } else if has(&|label| label.ends_with("PUBLIC KEY")) {
        KeyProblem::Public
    } else if has(&|label| label.ends_with("CERTIFICATE")) {
        KeyProblem::Certificate
    } else {
        KeyProblem::NotPem
    }
}
