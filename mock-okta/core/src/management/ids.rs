//! Names of things that the org file gives no id: they follow from what the thing is, so they stay the same from start to
//! start. And how times are written.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::org::{Client, Org};

/// Okta's ids are this long.
const LENGTH: usize = 20;

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// An id in Okta's shape that follows from these parts.
pub(super) fn derived(prefix: &str, parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\0"));
    let letters = digest
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]));
    prefix.chars().chain(letters).take(LENGTH).collect()
}

/// A UUID that follows from these parts.
pub(super) fn uuid(parts: &[&str]) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(parts.join("\0"));
    let mut hex = String::with_capacity(32);
    for byte in &digest[..16] {
        // Writing to a text does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    [0..8, 8..12, 12..16, 16..20, 20..32]
        .map(|group| &hex[group])
        .join("-")
}

/// The app to which the users of a client are assigned: the client itself, and of an agent the app that is bound to it.
pub(super) fn app_id(client: &Client) -> String {
    if client.is_agent() {
        derived("0oa", &["app", client.id.as_str()])
    } else {
        client.id.as_str().to_owned()
    }
}

/// An ORN of the org's identity engine.
pub(super) fn orn(org: &Org, kind: &str, id: &str) -> String {
    format!("orn:okta:idp:{}:{kind}:{id}", org.id)
}

/// The ORN of an agent.
pub(super) fn agent_orn(org: &Org, agent: &Client) -> String {
    let id = &agent.id;
    format!(
        "orn:okta:directory:{}:workload-principals:ai-agents:{id}",
        org.id
    )
}

/// The ORN of an OAuth app.
pub(super) fn app_orn(org: &Org, client: &Client) -> String {
    orn(org, "apps:oidc_client", client.id.as_str())
}

/// When everything was created: the org file has no such times.
pub(super) const CREATED_AT: &str = "2026-01-01T00:00:00.000Z";

/// A second as Okta's API writes it.
pub(crate) fn timestamp(second: i64) -> String {
    let instant = Timestamp::from_second(second).unwrap_or_default();
    format!("{instant:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_oktas_shape_and_follow_from_what_they_are_of() {
        let id = derived("00p", &["auschat", "Agents"]);
        assert_eq!((id.len(), &id[..3]), (20, "00p"));
        assert_eq!(id, derived("00p", &["auschat", "Agents"]));
        assert_ne!(id, derived("00p", &["auschatA", "gents"]));
    }

    #[test]
    fn a_uuid_has_its_groups() {
        let groups: Vec<usize> = uuid(&["1"]).split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
    }

    #[test]
    fn a_time_has_milliseconds() {
        assert_eq!(timestamp(1_800_000_000), "2027-01-15T08:00:00.000Z");
    }
}
