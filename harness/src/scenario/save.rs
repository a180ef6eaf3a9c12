//! `save`: values kept for later steps.

use serde_json::{Value, json};
use strict_yaml::{FromNode, Node, Place, Problem, Problems};

use super::form::{Defs, Described, Named};
use super::model::{Save, SaveSource};
use super::names;

/// The map under `save`: name to source.
#[derive(Debug, Clone, Default)]
pub(crate) struct SaveForm(pub(crate) Vec<Save>);

/// The forms of a source, for messages and the schema.
const FORMS: &str = "`body.<path>`, `header.<name>`, `query.<name>` (of the redirect), `challenge.<parameter>`, `claims.body.<path>#<claim>`, `jose.body.<path>#<member>` or `status`; with `?` at its end where an answer may lack it";

impl FromNode for SaveForm {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let named: Named<Node> = Named::from_node(node, problems)?;
        let mut saves = Vec::new();
        for (name, source) in named.0 {
            check_name(&name.value, name.place, problems);
            let Some(text) = source.as_str() else {
                problems.push(source.mismatch("a string").expected(FORMS));
                continue;
            };
            let required = text.strip_suffix('?');
            match parse(required.unwrap_or(text)) {
                Some(from) => saves.push(Save {
                    name: name.value,
                    from,
                    optional: required.is_some(),
                    place: name.place,
                }),
                None => problems.push(unknown_source(text, source.place)),
            }
        }
        Some(Self(saves))
    }
}

impl Described for SaveForm {
    fn schema(defs: &mut Defs) -> Value {
        defs.named("save", |_| {
            json!({
                "type": "object",
                "propertyNames": { "pattern": "^[a-z][a-z0-9_]*$" },
                "additionalProperties": {
                    "type": "string",
                    "pattern": "^(status|(body|header|query|challenge)\\..+|(claims|jose)\\.body\\..+#.+)$",
                },
                "description": format!("Name to source: {}.", FORMS.replace('`', "")),
            })
        })
    }
}

fn parse(text: &str) -> Option<SaveSource> {
    if text == "status" {
        return Some(SaveSource::Status);
    }
    let (head, rest) = text.split_once('.')?;
    if rest.is_empty() {
        return None;
    }
    Some(match head {
        "body" => SaveSource::Body(rest.to_owned()),
        "header" => SaveSource::Header(rest.to_ascii_lowercase()),
        "query" => SaveSource::Query(rest.to_owned()),
        "challenge" => SaveSource::Challenge(rest.to_ascii_lowercase()),
        "claims" => {
            let (token, claim) = of_token(rest)?;
            SaveSource::Claim { token, claim }
        }
        "jose" => {
            let (token, member) = of_token(rest)?;
            SaveSource::JoseHeader { token, member }
        }
        _ => return None,
    })
}

/// `body.<path>#<member>` of a JWT.
fn of_token(text: &str) -> Option<(String, String)> {
    let (token, member) = text.strip_prefix("body.")?.split_once('#')?;
    let both = !token.is_empty() && !member.is_empty();
    both.then(|| (token.to_owned(), member.to_owned()))
}

fn unknown_source(text: &str, place: Place) -> Problem {
    let head = text.split('.').next().unwrap_or_default();
    Problem::new(place, format!("`{text}` names nothing that can be saved"))
        .expected(FORMS)
        .did_you_mean(
            head,
            [
                "body",
                "header",
                "query",
                "challenge",
                "claims",
                "jose",
                "status",
            ],
        )
}

fn check_name(name: &str, place: Place, problems: &mut Problems) {
    let well_formed = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !well_formed {
        problems.push(
            Problem::new(
                place,
                format!("`{name}` cannot be the name of a saved value"),
            )
            .expected("lower-case letters, digits and `_`, a letter first"),
        );
    } else if names::is_root(name) {
        problems.push(
            Problem::new(
                place,
                format!("`{name}` is taken: it names a part of the target"),
            )
            .help("save it under another name"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources() {
        assert_eq!(parse("body.a.b"), Some(SaveSource::Body("a.b".into())));
        assert_eq!(
            parse("header.Location"),
            Some(SaveSource::Header("location".into()))
        );
        assert_eq!(parse("query.code"), Some(SaveSource::Query("code".into())));
        assert_eq!(
            parse("challenge.resource_metadata"),
            Some(SaveSource::Challenge("resource_metadata".into()))
        );
        assert_eq!(parse("status"), Some(SaveSource::Status));
        let claim = SaveSource::Claim {
            token: "id_token".into(),
            claim: "sub".into(),
        };
        assert_eq!(parse("claims.body.id_token#sub"), Some(claim));
        let member = SaveSource::JoseHeader {
            token: "id_token".into(),
            member: "kid".into(),
        };
        assert_eq!(parse("jose.body.id_token#kid"), Some(member));
        for text in [
            "",
            "body",
            "body.",
            "claims.id_token#sub",
            "claims.body.id_token",
            "claims.body.#sub",
            "jose.body.id_token",
            "boddy.x",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
