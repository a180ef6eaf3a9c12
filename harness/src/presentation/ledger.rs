//! What a run had issued, in words: one line for the console, rows for pages.

use std::collections::BTreeMap;

use super::text::count;
use crate::result::{End, Obtained, ObtainedKind};

/// What was issued by one endpoint, is of one kind and ended in one way.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row<'l> {
    /// What it is, in words.
    pub(crate) kind: &'static str,
    /// The endpoint.
    pub(crate) from: &'l str,
    /// How many.
    pub(crate) count: usize,
    /// What became of them, in words.
    pub(crate) end: String,
    /// When the last of them expires, where that is known.
    pub(crate) last: Option<&'l str>,
}

/// `12 access tokens, 3 ID-JAGs: 12 revoked, 3 expire by themselves, the last at …`; nothing where nothing was issued.
pub(crate) fn line(ledger: &[Obtained]) -> Option<String> {
    if ledger.is_empty() {
        return None;
    }
    let mut ends: BTreeMap<End, usize> = BTreeMap::new();
    for obtained in ledger {
        *ends.entry(obtained.end).or_default() += 1;
    }
    let parts: Vec<String> = ends
        .iter()
        .map(|(end, number)| format!("{number} {}", words(*end)))
        .collect();
    let left = ledger
        .iter()
        .filter(|one| matches!(one.end, End::Expires | End::NotRevoked));
    let last = left.filter_map(|one| one.expires_at.as_deref()).max();
    let last = last.map_or_else(String::new, |last| format!("; the last expires at {last}"));
    Some(format!(
        "obtained at the target: {}, {}{last}",
        count(ledger.len(), "token or secret").replace("token or secrets", "tokens and secrets"),
        parts.join(", ")
    ))
}

/// What belongs together, in the order of kinds, endpoints and ends.
pub(crate) fn rows(ledger: &[Obtained]) -> Vec<Row<'_>> {
    type Key<'l> = (ObtainedKind, &'l str, End, Option<&'l str>);
    let mut groups: BTreeMap<Key<'_>, (usize, Option<&str>)> = BTreeMap::new();
    for one in ledger {
        let key = (one.kind, one.from.as_str(), one.end, one.why.as_deref());
        let group = groups.entry(key).or_default();
        group.0 += 1;
        group.1 = group.1.max(one.expires_at.as_deref());
    }
    let rows = groups.into_iter();
    rows.map(|((of, from, end, why), (count, last))| Row {
        kind: kind(of),
        from,
        count,
        end: match why {
            Some(why) => format!("{}: {why}", words(end)),
            None => words(end).to_owned(),
        },
        last,
    })
    .collect()
}

const fn words(end: End) -> &'static str {
    match end {
        End::Revoked => "revoked",
        End::Replaced => "replaced by newer ones",
        End::Kept => "kept for the sign-in of the target file",
        End::Expires => "left to expire",
        End::NotRevoked => "not revoked",
    }
}

const fn kind(kind: ObtainedKind) -> &'static str {
    match kind {
        ObtainedKind::AccessToken => "access token",
        ObtainedKind::RefreshToken => "refresh token",
        ObtainedKind::IdToken => "ID token",
        ObtainedKind::IdJag => "ID-JAG",
        ObtainedKind::BrokeredToken => "token of a third party",
        ObtainedKind::VaultedSecret => "vaulted secret",
        ObtainedKind::ServiceAccount => "service account's password",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn obtained(kind: ObtainedKind, end: End, expires_at: Option<&str>) -> Obtained {
        Obtained {
            kind,
            fingerprint: "d430a1da30af".to_owned(),
            from: "https://o/token".to_owned(),
            expires_at: expires_at.map(str::to_owned),
            end,
            why: None,
        }
    }

    #[test]
    fn one_line_says_what_was_obtained_and_what_is_left() {
        assert_eq!(line(&[]), None);
        let ledger = [
            obtained(
                ObtainedKind::AccessToken,
                End::Revoked,
                Some("2026-11-30T20:00:00Z"),
            ),
            obtained(
                ObtainedKind::IdJag,
                End::Expires,
                Some("2026-11-30T19:05:00Z"),
            ),
            obtained(
                ObtainedKind::IdJag,
                End::Expires,
                Some("2026-11-30T19:06:00Z"),
            ),
        ];
        assert_eq!(
            line(&ledger).unwrap(),
            "obtained at the target: 3 tokens and secrets, 1 revoked, 2 left to expire; the last expires at 2026-11-30T19:06:00Z"
        );
        assert_eq!(
            line(&ledger[..1]).unwrap(),
            "obtained at the target: 1 token or secret, 1 revoked"
        );
    }

    #[test]
    fn what_is_alike_is_one_row() {
        let mut left = obtained(ObtainedKind::AccessToken, End::NotRevoked, None);
        left.why = Some("the time for it was up".to_owned());
        let ledger = [
            obtained(
                ObtainedKind::IdJag,
                End::Expires,
                Some("2026-11-30T19:05:00Z"),
            ),
            left,
            obtained(
                ObtainedKind::IdJag,
                End::Expires,
                Some("2026-11-30T19:06:00Z"),
            ),
        ];
        let rows = rows(&ledger);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].end, "not revoked: the time for it was up");
        assert_eq!(
            rows[1],
            Row {
                kind: "ID-JAG",
                from: "https://o/token",
                count: 2,
                end: "left to expire".to_owned(),
                last: Some("2026-11-30T19:06:00Z"),
            }
        );
    }
}
