//! Matchers: a literal, or a map of words all of which must hold.

mod challenge;
mod status;
mod wording;
mod words;

use serde_json::json;
use strict_yaml::{FromNode, Map, Node, Problem, Problems, Value, did_you_mean};

use super::form::{Defs, Described, Property, object};
use super::model::{Matcher, ValueTemplate};
use words::{OF, WORDS, names};

pub(crate) use status::StatusMatcher;
pub(crate) use wording::Values;

impl FromNode for Matcher {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        match &node.value {
            Value::Map(map) if looks_like_matcher(map) => read_map(node, map, problems),
            _ => {
                refuse_hidden(node, problems);
                ValueTemplate::from_node(node, problems).map(Self::Equals)
            }
        }
    }
}

impl Described for Matcher {
    fn schema(defs: &mut Defs) -> serde_json::Value {
        defs.named("matcher", |defs| {
            let words: Vec<_> = WORDS
                .iter()
                .map(|word| Property {
                    key: word.name,
                    required: false,
                    doc: word.doc,
                    schema: (word.schema)(defs),
                })
                .collect();
            let of = Property {
                key: OF,
                required: false,
                doc: "The sibling `within` measures from, or `now`.",
                schema: json!({ "type": "string" }),
            };
            let mut words = object(words.into_iter().chain([of]));
            if let serde_json::Value::Object(words) = &mut words {
                // A map without any of the words is a literal.
                words.insert("additionalProperties".into(), true.into());
                words.insert(
                    "dependentRequired".into(),
                    json!({ "within": [OF], OF: ["within"] }),
                );
                words.insert(
                    "type".into(),
                    json!(["object", "array", "string", "number", "boolean", "null"]),
                );
                words.insert(
                    "description".into(),
                    "A literal, or a map of words that must all hold.".into(),
                );
            }
            words
        })
    }
}

fn is_word(key: &str) -> bool {
    names().any(|name| name == key)
}

/// A map is a matcher when one of its keys is a word, or is so near to one that it is probably meant to be.
fn looks_like_matcher(map: &Map) -> bool {
    map.entries.is_empty()
        || map.entries.iter().any(|entry| {
            is_word(&entry.key.value) || did_you_mean(&entry.key.value, names()).is_some()
        })
}

fn read_map(node: &Node, map: &Map, problems: &mut Problems) -> Option<Matcher> {
    if map.entries.is_empty() {
        problems.push(
            Problem::new(node.place, "an empty matcher holds for everything")
                .expected(format!(
                    "one or more of {}",
                    names().collect::<Vec<_>>().join(", ")
                ))
                .help("write `{ present: true }`, or `{ equals: {} }` for an empty object"),
        );
        return None;
    }
    let mut all = Vec::new();
    for entry in &map.entries {
        let key = entry.key.value.as_str();
        if key == OF {
            if map.get("within").is_none() {
                problems.push(
                    Problem::new(entry.key.place, "`of` belongs to `within`")
                        .help("add `within: 300s`"),
                );
            }
        } else if let Some(word) = WORDS.iter().find(|word| word.name == key) {
            let read = (word.read)(&entry.value, problems);
            all.extend(match read {
                Some(Matcher::Within { seconds, .. }) => {
                    within_of(node, map, problems).map(|of| Matcher::Within { seconds, of })
                }
                other => other,
            });
        } else {
            let problem = strict_yaml::unknown(entry.key.place, "word of a matcher", key, names());
            problems.push(match problem.help {
                Some(_) => problem,
                None => problem.help("to compare with a map write `{ equals: { … } }`"),
            });
        }
    }
    match all.len() {
        0 => None,
        1 => all.pop(),
        _ => Some(Matcher::All(all)),
    }
}

fn within_of(node: &Node, map: &Map, problems: &mut Problems) -> Option<String> {
    if let Some(of) = map.get(OF) {
        String::from_node(of, problems)
    } else {
        problems.push(
            Problem::new(node.place, "`within` needs `of`")
                .help("add `of: iat` (a sibling), or `of: now`"),
        );
        None
    }
}

/// A matcher deep inside a literal would be compared as a map and never hold, or always under `not`.
fn refuse_hidden(node: &Node, problems: &mut Problems) {
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| refuse_hidden(item, problems)),
        Value::Map(map) => {
            if !map.entries.is_empty() && map.entries.iter().all(|entry| is_word(&entry.key.value))
            {
                problems.push(
                    Problem::new(node.place, "a matcher inside a literal is not looked at")
                        .help("name the member by its path, `outer.inner: { … }`; or, if this is the value, write `{ equals: … }` around the whole"),
                );
                return;
            }
            map.entries
                .iter()
                .for_each(|entry| refuse_hidden(&entry.value, problems));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use strict_yaml::Document;

    use super::*;

    fn read(text: &str) -> Result<Matcher, Problems> {
        let document = Document::parse("m.yaml", text).unwrap();
        let mut problems = document.problems();
        let matcher = Matcher::from_node(&document.root, &mut problems);
        problems.into_result(()).map(|()| matcher.unwrap())
    }

    #[test]
    fn every_form() {
        let shown = |text: &str| read(text).unwrap().to_string();
        assert_eq!(shown("N_A"), "\"N_A\"");
        assert_eq!(shown("300"), "300");
        assert_eq!(shown("[a, 1]"), "[\"a\",1]");
        assert_eq!(
            shown("{ sub: '${agent.client_id}' }"),
            "{\"sub\":\"${agent.client_id}\"}"
        );
        assert_eq!(shown("{ equals: { present: true } }"), "{\"present\":true}");
        assert_eq!(
            shown("{ at_least: 1, at_most: 300 }"),
            "at least 1 and at most 300"
        );
        assert_eq!(shown("{ within: 5m, of: iat }"), "within 300 s of iat");
        assert_eq!(shown("{ not: { contains: x } }"), "not (contains x)");
        assert_eq!(
            shown("{ absent_or: { at_most: 1 } }"),
            "absent, or at most 1"
        );
        assert_eq!(shown("{ one_of: [a, null] }"), "one of \"a\", null");
        assert_eq!(shown("{ type: integer }"), "of type integer");
        assert_eq!(shown("{ matches: '^a$' }"), "matches /^a$/");
        assert_eq!(shown("{ includes: [a, b] }"), "includes a, b");
        assert_eq!(
            shown("{ any_of: [{ type: string }, { absent: true }] }"),
            "(of type string) or (absent)"
        );
        assert_eq!(shown("{ subset_of: a b }"), "no other scopes than a b");
        assert_eq!(
            shown("{ origin: '${org.issuer}' }"),
            "a URL with the origin of ${org.issuer}"
        );
        assert_eq!(
            shown("{ media_type: [application/json, application/jwt] }"),
            "of media type application/json or application/jwt"
        );
        assert_eq!(
            shown("{ directive: no-store }"),
            "with the directive no-store"
        );
        assert_eq!(
            shown(
                "{ challenge: { scheme: bearer, error: invalid_token, realm: { present: true } } }"
            ),
            "a bearer challenge with error \"invalid_token\" and realm present"
        );
        assert_eq!(shown("{ length_at_least: 16 }"), "of length 16 or more");
    }

    #[test]
    fn mistakes() {
        for text in [
            "{ at_mots: 300 }",
            "{ within: 300s }",
            "{ of: iat }",
            "{ present: false }",
            "{ matches: '(' }",
            "{}",
            "{ act: { sub: { present: true } } }",
            "{ at_most: '300' }",
            "{ present: true, colour: red }",
            "{ challenge: { error: invalid_token } }",
            "{ challenge: bearer }",
            "{ any_of: { type: string } }",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        insta::assert_snapshot!(read("{ act: { sub: { present: true } } }").unwrap_err());
    }
}
