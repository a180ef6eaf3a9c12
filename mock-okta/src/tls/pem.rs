//! Writes and looks through PEM (RFC 7468).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Characters of a line.
const LINE: usize = 64;

/// DER as a PEM block with this label.
pub(super) fn encode(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = STANDARD.encode(der);
    while !rest.is_empty() {
        let tail = rest.split_off(rest.len().min(LINE));
        text.push_str(&rest);
        text.push('\n');
        rest = tail;
    }
    text + "-----END " + label + "-----\n"
}

/// The labels of the blocks in a text, in their order.
pub(super) fn labels(text: &str) -> Vec<&str> {
    let begins = text.lines().filter_map(|line| {
        let label = line.trim().strip_prefix("-----BEGIN ")?;
        label.strip_suffix("-----")
    });
    begins.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_lines_of_64_characters_and_a_label() {
        let text = encode("CERTIFICATE", &[7; 100]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[0], "-----BEGIN CERTIFICATE-----");
        assert_eq!(lines[1].len(), 64);
        assert_eq!(lines[4], "-----END CERTIFICATE-----");
        let decoded = STANDARD.decode(lines[1..4].concat()).expect("base64");
        assert_eq!(decoded, [7; 100]);
        let two = format!("{text}# a note\r\n{}", encode("X509 CRL", &[]));
        assert_eq!(labels(&two), ["CERTIFICATE", "X509 CRL"]);
    }
}
