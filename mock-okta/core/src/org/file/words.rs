//! Values that more than one section has: ids, sets of users, durations, addresses.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::{KnownNames, RecordKind};
use crate::org::{Status, UserId, Users, uri};
use crate::secret::Secret;
use jiff::SignedDuration;
use strict_yaml::{MapReader, Node, Problem, Problems, Spanned, Value, seconds};

/// Okta's ids are this long.
const ID_LENGTH: usize = 20;

/// Reads every map of a list, and keeps what could be read by its id.
pub(super) fn each<'n, K: Ord, V>(
    reader: &mut MapReader<'n, '_>,
    key: &'n str,
    what: &'n str,
    mut read: impl FnMut(&mut MapReader<'n, '_>) -> Option<(K, V)>,
) -> BTreeMap<K, V> {
    let mut all = BTreeMap::new();
    for item in items(reader, key) {
        let mut map = MapReader::new(item, reader.problems(), what);
        // That it is not a map is one mistake; its missing members are not reported as further ones.
        if item.as_map().is_some() {
            all.extend(read(&mut map));
        }
        map.finish();
    }
    all
}

/// The items of a list that may be there.
pub(super) fn items<'n>(reader: &mut MapReader<'n, '_>, key: &'n str) -> &'n [Node] {
    let Some(node) = reader.node(key) else {
        return &[];
    };
    let items = node.as_seq();
    if items.is_none() {
        reader.problems().push(node.mismatch("a list"));
    }
    items.unwrap_or_default()
}

/// An id that must be there: `prefix` and letters and digits, twenty characters in all. `other` is a word that may
/// stand in its place.
pub(super) fn id(
    reader: &mut MapReader<'_, '_>,
    prefix: &str,
    other: Option<&str>,
) -> Option<Spanned<String>> {
    let id = reader.required_str("id")?;
    let shaped = id.value.starts_with(prefix)
        && id.value.len() == ID_LENGTH
        && id.value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !shaped && other != Some(id.value.as_str()) {
        let or = other.map_or(String::new(), |word| format!("`{word}`, or "));
        reader.problems().push(
            Problem::new(
                id.place,
                format!("`{}` has not the shape of such an id", id.value),
            )
            .expected(format!(
                "{or}{ID_LENGTH} letters and digits that begin with `{prefix}`"
            ))
            .help(format!("for example `{}`", shape(&id.value, prefix))),
        );
    }
    Some(id)
}

/// What was written, as near to the shape as it can be.
fn shape(written: &str, prefix: &str) -> String {
    let rest = written.strip_prefix(prefix).unwrap_or(written);
    let rest = rest.chars().filter(char::is_ascii_alphanumeric);
    let mut id: String = prefix.chars().chain(rest).take(ID_LENGTH - 1).collect();
    while id.len() < ID_LENGTH - 1 {
        id.push('0');
    }
    id.push('1');
    id
}

/// A UUID that must be there.
pub(super) fn uuid(reader: &mut MapReader<'_, '_>) -> Option<Spanned<String>> {
    let id = reader.required_str("id")?;
    let groups: Vec<usize> = id.value.split('-').map(str::len).collect();
    let hex = |byte: u8| byte == b'-' || byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if groups != [8, 4, 4, 4, 12] || !id.value.bytes().all(hex) {
        reader.problems().push(
            Problem::new(id.place, format!("`{}` is no UUID", id.value))
                .expected("a UUID in lower case, such as 5a3c1f0e-0000-4000-8000-000000000001"),
        );
    }
    Some(id)
}

/// An ORN that must be there.
pub(super) fn orn(reader: &mut MapReader<'_, '_>) -> Option<Spanned<String>> {
    let orn = reader.required_str("orn")?;
    if !orn.value.starts_with("orn:") || uri::check(&orn.value).is_err() {
        reader.problems().push(
            Problem::new(orn.place, format!("`{}` is no ORN", uri::shown(&orn.value)))
                .expected("an Okta resource name, which begins with `orn:`"),
        );
    }
    Some(orn)
}

/// `everyone` or a list of user ids.
pub(super) fn users(node: &Node, known: &KnownNames, problems: &mut Problems) -> Users {
    match &node.value {
        Value::String(word) if word == "everyone" => Users::Everyone,
        Value::Seq(items) => {
            let names = strings(items, problems);
            let ids = known.find_all(&[RecordKind::User], &names, problems);
            Users::Only(ids.into_iter().map(UserId::new).collect())
        }
        _ => {
            problems.push(node.mismatch("`everyone` or a list of user ids"));
            Users::Everyone
        }
    }
}

/// A set of users that may be there; everyone otherwise.
pub(super) fn optional_users<'n>(
    reader: &mut MapReader<'n, '_>,
    key: &'n str,
    known: &KnownNames,
) -> Users {
    match reader.node(key) {
        Some(node) => users(node, known, reader.problems()),
        None => Users::Everyone,
    }
}

/// Strings of a list; what is none is noted and left out.
pub(super) fn strings(items: &[Node], problems: &mut Problems) -> Vec<Spanned<String>> {
    use strict_yaml::FromNode as _;
    items
        .iter()
        .filter_map(|item| Spanned::<String>::from_node(item, problems))
        .collect()
}

/// A list of scopes, each a word without blanks.
pub(super) fn scopes<'n>(reader: &mut MapReader<'n, '_>, key: &'n str) -> Vec<Spanned<String>> {
    let list = items(reader, key);
    let list = strings(list, reader.problems());
    for scope in &list {
        if scope.value.is_empty() || scope.value.contains(char::is_whitespace) {
            reader.problems().push(
                Problem::new(scope.place, format!("`{}` is no scope", scope.value))
                    .expected("one word an item: [chat.read, chat.history]"),
            );
        }
    }
    list
}

/// The values of a list as a set.
pub(super) fn set(list: &[Spanned<String>]) -> BTreeSet<String> {
    list.iter().map(|item| item.value.clone()).collect()
}

/// `ACTIVE` (the default) or `INACTIVE`.
pub(super) fn status(reader: &mut MapReader<'_, '_>) -> Status {
    const WORDS: [(&str, Status); 2] = [
        (Status::Active.as_str(), Status::Active),
        (Status::Inactive.as_str(), Status::Inactive),
    ];
    reader
        .optional_one_of("status", &WORDS)
        .map_or(Status::Active, |status| status.value)
}

/// A lifetime within bounds, such as `60m`; `default` where the file gives none.
pub(super) fn lifetime<'n>(
    reader: &mut MapReader<'n, '_>,
    key: &'n str,
    bounds: (&str, &str),
    default: SignedDuration,
) -> SignedDuration {
    lifetime_of(reader, key, bounds).unwrap_or(default)
}

/// A lifetime within bounds that may be there.
pub(super) fn lifetime_of<'n>(
    reader: &mut MapReader<'n, '_>,
    key: &'n str,
    (least, most): (&str, &str),
) -> Option<SignedDuration> {
    let text = reader.optional_str(key)?;
    let parsed = duration(&text.value);
    let (low, high) = (duration(least), duration(most));
    if let Some(value) = parsed
        && low.is_none_or(|low| value >= low)
        && high.is_none_or(|high| value <= high)
    {
        return Some(value);
    }
    let message = match parsed {
        Some(_) => format!("`{}` is out of bounds", text.value),
        None => format!("`{}` is no duration", text.value),
    };
    reader
        .problems()
        .push(Problem::new(text.place, message).expected(format!(
            "from {least} to {most}, written as 300s, 60m or 24h"
        )));
    None
}

/// `300s`, `60m`, `24h`.
fn duration(text: &str) -> Option<SignedDuration> {
    let seconds = seconds(text, &[('s', 1), ('m', 60), ('h', 3600)])?;
    // Nothing lives for a negative time, or for more than a century.
    let seconds = u32::try_from(seconds).ok()?;
    Some(SignedDuration::from_secs(seconds.into()))
}

/// Absolute addresses without a fragment, as RFC 6749 section 3.1.2 wants redirect URIs.
pub(super) fn addresses<'n>(reader: &mut MapReader<'n, '_>, key: &'n str) -> Vec<String> {
    let list = items(reader, key);
    let list = strings(list, reader.problems());
    for address in &list {
        if let Err(reason) = uri::check(&address.value) {
            let shown = uri::shown(&address.value);
            reader.problems().push(
                Problem::new(
                    address.place,
                    format!("`{shown}` is no address for `{key}`: {reason}"),
                )
                .expected(
                    "an absolute URI without a fragment, such as http://localhost:8787/callback or \
                         com.example.app:/callback",
                ),
            );
        }
    }
    list.into_iter().map(|address| address.value).collect()
}

/// The `audience` of a server, which must be there: any text on one line.
pub(super) fn audience(reader: &mut MapReader<'_, '_>) -> Option<String> {
    let audience = reader.required_str("audience")?;
    if audience.value.is_empty() || audience.value.contains(char::is_control) {
        let shown = uri::shown(&audience.value);
        reader.problems().push(
            Problem::new(audience.place, format!("`{shown}` is no `audience`"))
                .expected("a text on one line, such as api://chat"),
        );
    }
    Some(audience.value)
}

/// A secret string that must be there.
pub(super) fn secret<'n>(reader: &mut MapReader<'n, '_>, key: &'n str) -> Option<Secret> {
    reader.guard(key);
    if let Some(node) = reader.node(key) {
        reader.problems().conceal(node.place);
    }
    reader.required::<String>(key).map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("60m"), Some(SignedDuration::from_secs(3600)));
        assert_eq!(duration("24h"), Some(SignedDuration::from_secs(86_400)));
        for wrong in ["", "m", "-5m", "5", "5 m", "1d", "99999999999h", "5µ"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_example_has_the_shape_and_something_of_what_was_written() {
        assert_eq!(shape("ada", "00u"), "00uada00000000000001");
        assert_eq!(shape("wlp-my-agent", "wlp"), "wlpmyagent0000000001");
        assert_eq!(shape(&"x".repeat(40), "aus").len(), ID_LENGTH);
    }
}
