//! `shared.yaml`: named blocks of expectations that scenarios `use`.

use strict_yaml::{Document, Entry, FromNode, Map, Node, Place, Problem, Problems, Spanned, Value};

use super::expect::{self, ExpectForm, Sources};
use super::form::OneOrMany;
use super::names::{self, Scope};
use super::visit;
use crate::requirement::Catalogue;

/// The blocks, by name, as written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shared {
    blocks: Vec<(String, Node)>,
    /// The file has mistakes: nothing more is said about names that are not in it.
    broken: bool,
}

impl Shared {
    /// Stands for a file that could not be read, so that scenarios are not blamed for it.
    pub(crate) fn broken() -> Self {
        Self {
            blocks: Vec::new(),
            broken: true,
        }
    }

    /// Reads the file: a map of names to a block, or to a list of them. Blocks may not use others, nor refer to saved values.
    pub(crate) fn parse(name: &str, text: &str, catalogue: &Catalogue) -> Result<Self, Problems> {
        let document = Document::parse(name, text)?;
        let mut problems = document.problems();
        let mut blocks = Vec::new();
        match &document.root.value {
            Value::Null => {}
            Value::Map(map) => {
                for entry in &map.entries {
                    for block in items(&entry.value) {
                        check(block, catalogue, &mut problems);
                    }
                    blocks.push((entry.key.value.clone(), entry.value.clone()));
                }
            }
            _ => problems.push(document.root.mismatch("a map of names to expectations")),
        }
        problems.into_result(Self {
            blocks,
            broken: false,
        })
    }

    /// The blocks of a name, as if written where it is used; an unknown name is noted.
    pub(crate) fn blocks(
        &self,
        name: &Spanned<String>,
        problems: &mut Problems,
    ) -> Vec<ExpectForm> {
        if let Some((_, node)) = self.blocks.iter().find(|(known, _)| *known == name.value) {
            let blocks = items(node).iter();
            return blocks
                .filter_map(|block| ExpectForm::from_node(&moved(block, name.place), problems))
                .collect();
        }
        if !self.broken {
            let names = self.blocks.iter().map(|(known, _)| known.as_str());
            problems.push(strict_yaml::unknown(
                name.place,
                "block of shared.yaml",
                &name.value,
                names,
            ));
        }
        Vec::new()
    }
}

/// The blocks that a name stands for: the items of a list, or the one that is there.
fn items(node: &Node) -> &[Node] {
    node.as_seq().unwrap_or(std::slice::from_ref(node))
}

/// Notes what is wrong with a block wherever it may be used.
fn check(node: &Node, catalogue: &Catalogue, problems: &mut Problems) {
    let Some(mut form) = ExpectForm::from_node(node, problems) else {
        return;
    };
    if let Some(name) = form.use_.take() {
        problems.push(
            Problem::new(name.place, "a shared block cannot use another")
                .help("write its checks out"),
        );
        return;
    }
    let sources = Sources {
        catalogue,
        shared: &Shared::default(),
    };
    let blocks = expect::resolve(OneOrMany(vec![form]), &[], &sources, problems);
    let scope = Scope::default();
    for template in visit::of_expectations(&blocks) {
        names::check(template, &scope, problems);
    }
}

/// The same values, all at one place.
fn moved(node: &Node, place: Place) -> Node {
    let value = match &node.value {
        Value::Seq(items) => Value::Seq(items.iter().map(|item| moved(item, place)).collect()),
        Value::Map(map) => Value::Map(Map {
            entries: map
                .entries
                .iter()
                .map(|entry| Entry {
                    key: Spanned::new(place, entry.key.value.clone()),
                    value: moved(&entry.value, place),
                })
                .collect(),
        }),
        other => other.clone(),
    };
    Node { place, value }
}
