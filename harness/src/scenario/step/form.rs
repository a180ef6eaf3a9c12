//! Steps as written: a map with one key that names the kind, and `id`, `expect`, `save` beside it.

use serde_json::{Value, json};
use strict_yaml::{FromNode, Map, MapReader, Node, Place, Problem, Problems, Spanned};

use super::Action;
use super::kinds::written;
use crate::scenario::expect::ExpectForm;
use crate::scenario::form::{Defs, Described, OneOrMany, Property, object};
use crate::scenario::save::SaveForm;

/// A step as written.
#[derive(Debug, Clone)]
pub(crate) struct StepForm {
    pub(crate) place: Place,
    pub(crate) id: Option<Spanned<String>>,
    /// What is done; `None` has been noted.
    pub(crate) action: Option<Action>,
    pub(crate) expect: Option<OneOrMany<ExpectForm>>,
    /// Whether `expect` was written, readable or not.
    pub(crate) expects: bool,
    pub(crate) save: SaveForm,
}

const BESIDE: [&str; 3] = ["id", "expect", "save"];

impl FromNode for StepForm {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let mut reader = MapReader::new(node, problems, "a step");
        node.as_map()?;
        let id = reader.optional_str("id");
        let expect = reader.optional("expect");
        let expects = reader.node("expect").is_some();
        let save = reader.optional("save").unwrap_or_default();
        let mut present = Vec::new();
        for kind in written() {
            present.extend(reader.node(kind.name).map(|node| (kind, node)));
        }
        let action = match present.as_slice() {
            [(kind, node)] => (kind.read)(node, reader.problems()),
            [] => {
                if let Some(problem) = no_kind(node) {
                    reader.problems().push(problem);
                }
                None
            }
            [(first, _), (second, node), ..] => {
                reader.problems().push(
                    Problem::new(
                        node.place,
                        format!(
                            "a step does one thing, this one does `{}` and `{}`",
                            first.name, second.name
                        ),
                    )
                    .help("make two steps of it: begin the second with a dash"),
                );
                None
            }
        };
        reader.finish();
        Some(Self {
            place: node.place,
            id,
            action,
            expect,
            expects,
            save,
        })
    }
}

/// No kind. If there is a key that is not known, that one is noted anyway and says all there is to say.
fn no_kind(node: &Node) -> Option<Problem> {
    let unknown = |map: &Map| {
        map.entries
            .iter()
            .any(|entry| !BESIDE.contains(&entry.key.value.as_str()))
    };
    let kinds = written()
        .map(|kind| kind.name)
        .collect::<Vec<_>>()
        .join(", ");
    (!node.as_map().is_some_and(unknown)).then(|| {
        Problem::new(node.place, "this step does nothing")
            .expected(format!("one of the keys {kinds}"))
    })
}

impl Described for StepForm {
    fn schema(defs: &mut Defs) -> Value {
        defs.named("step", |defs| {
            let mut properties = vec![
                Property {
                    key: BESIDE[0],
                    required: false,
                    doc: "Name of the step; its kind when left out.",
                    schema: String::schema(defs),
                },
                Property {
                    key: BESIDE[1],
                    required: false,
                    doc: "What must come back.",
                    schema: OneOrMany::<ExpectForm>::schema(defs),
                },
                Property {
                    key: BESIDE[2],
                    required: false,
                    doc: "Values kept for later steps.",
                    schema: SaveForm::schema(defs),
                },
            ];
            for kind in written() {
                properties.push(Property {
                    key: kind.name,
                    required: false,
                    doc: kind.doc,
                    schema: (kind.schema)(defs),
                });
            }
            let mut step = object(properties);
            if let Value::Object(step) = &mut step {
                let one_kind = written()
                    .map(|kind| json!({ "required": [kind.name] }))
                    .collect::<Vec<_>>();
                step.insert("oneOf".to_owned(), one_kind.into());
            }
            step
        })
    }
}
