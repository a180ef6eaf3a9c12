//! What becomes of a member.

use serde_json::{Value, json};

/// Where an address leads in place of this org.
const ELSEWHERE: &str = "https://another.example.com";

/// What becomes of a member.
#[derive(Debug, Clone, Copy)]
pub(super) enum Edit {
    /// It is left out.
    Remove,
    /// It has this value, whether it was there or not.
    Set(Source),
    /// It has this value in place of its own.
    Replace(Source),
    /// It is a string: of a list its elements with spaces between them.
    AsText,
    /// It is a list of itself.
    AsList,
    /// A boolean is the other one.
    Negate,
    /// A number is so much higher.
    Add(i64),
    /// A text has this at its end.
    Append(&'static str),
    /// A text lacks this part.
    Cut(&'static str),
    /// A list has this JSON as one more element.
    Push(&'static str),
    /// A list lacks its last element.
    Pop,
    /// What reads like the first reads like the second.
    Swap(&'static str, &'static str),
    /// An address leads to another host.
    Elsewhere,
    /// An address has lost its scheme and host.
    Path,
    /// Anything else.
    With(fn(&mut Value)),
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// Written here, as JSON.
    Json(&'static str),
    /// A user whom the answer is not about.
    OtherUser(Of),
    /// A client that the member does not name.
    OtherClient,
    /// So many seconds from now.
    After(i64),
}

/// What of a user.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    /// The id.
    Id,
    /// The login.
    Login,
    /// A claim of the profile.
    Profile(&'static str),
}

impl Edit {
    /// The source that has to be asked for the new value, if there is one.
    pub(super) fn source(self) -> Option<Source> {
        match self {
            Self::Set(source) | Self::Replace(source) => Some(source),
            _ => None,
        }
    }

    /// Whether it makes a difference to a member. `found` is what its source gave.
    pub(super) fn touches(self, now: Option<&Value>, found: Option<&Value>) -> bool {
        match (self, now) {
            (Self::Set(_), now) => found.is_some() && found != now,
            (_, None) => false,
            (Self::Replace(_), now) => found.is_some() && found != now,
            (Self::Remove, _) => true,
            (Self::AsText, Some(now)) => !now.is_string(),
            (Self::AsList, Some(now)) => !now.is_array(),
            (Self::Negate, Some(now)) => now.is_boolean(),
            (Self::Add(_), Some(now)) => now.is_i64(),
            (Self::Append(_), Some(now)) => now.is_string(),
            (Self::Cut(part), Some(now)) => now.as_str().is_some_and(|text| text.contains(part)),
            (Self::Push(_), Some(now)) => now.is_array(),
            (Self::Pop, Some(now)) => now.as_array().is_some_and(|list| !list.is_empty()),
            (Self::Swap(from, _), Some(now)) => reads(now) == from,
            (Self::Elsewhere | Self::Path, Some(now)) => {
                now.as_str().is_some_and(|text| text.contains("://"))
            }
            (Self::With(edit), Some(now)) => {
                let mut edited = now.clone();
                edit(&mut edited);
                edited != *now
            }
        }
    }

    /// What a member becomes; `None` when it is left out.
    pub(super) fn edited(self, now: Option<Value>, found: Option<&Value>) -> Option<Value> {
        if !self.touches(now.as_ref(), found) {
            return now;
        }
        if let Self::Set(_) = self {
            return found.cloned();
        }
        let now = now?;
        Some(match (self, now) {
            (Self::Remove, _) => return None,
            (Self::Set(_) | Self::Replace(_), _) => return found.cloned(),
            (Self::AsText, Value::Array(items)) => {
                let texts: Vec<String> = items.iter().map(reads).collect();
                json!(texts.join(" "))
            }
            (Self::AsText, now) => json!(now.to_string()),
            (Self::AsList, now) => json!([now]),
            (Self::Negate, now) => json!(now != json!(true)),
            (Self::Add(more), now) => json!(now.as_i64().unwrap_or_default() + more),
            (Self::Append(more), now) => json!(format!("{}{more}", reads(&now))),
            (Self::Cut(part), now) => json!(reads(&now).replace(part, "")),
            (Self::Push(more), Value::Array(mut items)) => {
                items.push(parsed(more));
                Value::Array(items)
            }
            (Self::Pop, Value::Array(mut items)) => {
                items.pop();
                Value::Array(items)
            }
            (Self::Swap(_, to), Value::String(_)) => json!(to),
            (Self::Swap(_, to), _) => parsed(to),
            (Self::Elsewhere, now) => json!(moved(&reads(&now), ELSEWHERE)),
            (Self::Path, now) => json!(moved(&reads(&now), "")),
            (Self::With(edit), mut now) => {
                edit(&mut now);
                now
            }
            (Self::Push(_) | Self::Pop, now) => now,
        })
    }
}

/// JSON written in a table.
pub(super) fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

/// A value as text: a string without its quotes.
fn reads(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// A text with the scheme and host of the first address in it replaced.
fn moved(text: &str, to: &str) -> String {
    let Some(colon) = text.find("://") else {
        return text.to_owned();
    };
    let is_scheme = |c: char| c.is_ascii_alphanumeric();
    let start = text[..colon].trim_end_matches(is_scheme).len();
    let host = colon + "://".len();
    let is_end = |c: char| "/?#\" ".contains(c);
    let end = text[host..].find(is_end).map_or(text.len(), |at| host + at);
    format!("{}{to}{}", &text[..start], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_edit_does_what_it_says() {
        for (edit, now, then) in [
            (Edit::AsText, json!(["a", 1]), json!("a 1")),
            (Edit::AsText, json!(true), json!("true")),
            (Edit::AsList, json!("a"), json!(["a"])),
            (Edit::Negate, json!(true), json!(false)),
            (Edit::Add(-5), json!(7), json!(2)),
            (Edit::Append("/"), json!("a"), json!("a/")),
            (Edit::Cut("b"), json!("abc"), json!("ac")),
            (Edit::Push("1"), json!([]), json!([1])),
            (Edit::Pop, json!([1, 2]), json!([1])),
            (Edit::Swap("a", "b"), json!("a"), json!("b")),
            (Edit::Swap("400", "403"), json!(400), json!(403)),
            (
                Edit::Elsewhere,
                json!("Bearer x=\"http://a:1/b\""),
                json!("Bearer x=\"https://another.example.com/b\""),
            ),
            (Edit::Path, json!("https://a/b?c"), json!("/b?c")),
        ] {
            assert!(edit.touches(Some(&now), None), "{edit:?}");
            assert_eq!(edit.edited(Some(now), None), Some(then), "{edit:?}");
        }
    }

    #[test]
    fn what_is_of_another_kind_is_left_alone() {
        for (edit, now) in [
            (Edit::AsText, json!("a")),
            (Edit::Negate, json!("true")),
            (Edit::Add(1), json!("1")),
            (Edit::Append("/"), json!(1)),
            (Edit::Cut("x"), json!("abc")),
            (Edit::Push("1"), json!("a")),
            (Edit::Pop, json!([])),
            (Edit::Swap("a", "b"), json!("c")),
            (Edit::Elsewhere, json!("a")),
        ] {
            assert!(!edit.touches(Some(&now), None), "{edit:?}");
            assert_eq!(edit.edited(Some(now.clone()), None), Some(now), "{edit:?}");
        }
    }

    #[test]
    fn only_set_makes_a_member_that_was_not_there() {
        let value = json!(1);
        let json = Source::Json("1");
        assert_eq!(Edit::Set(json).edited(None, Some(&value)), Some(json!(1)));
        assert_eq!(Edit::Replace(json).edited(None, Some(&value)), None);
        assert!(!Edit::Set(json).touches(Some(&value), Some(&value)));
        assert_eq!(Edit::Remove.edited(Some(json!(1)), None), None);
    }
}
