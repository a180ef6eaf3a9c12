//! `scenarios/defects.yaml`: which requirements a defect breaks, which defects nobody can notice, and for which a
//! warning is enough.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use strict_yaml::{Document, FromNode, MapReader, Node, Problem, Problems, Spanned};

use super::control::Defect;
use crate::files;
use crate::requirement::{Catalogue, RequirementId};
use crate::scenario::load::{DEFECTS, REQUIREMENTS};

/// The file in the binary.
const EMBEDDED: &str = include_str!("../../../scenarios/defects.yaml");
/// What messages call it.
const EMBEDDED_NAME: &str = "scenarios/defects.yaml";

/// Why something is so, by defect.
type Reasons = BTreeMap<String, Spanned<String>>;

/// What is known of defects beside what the mock says.
#[derive(Debug, Clone)]
pub struct Registry {
    breaks: BTreeMap<String, Spanned<Vec<RequirementId>>>,
    equivalent: Reasons,
    warned: Reasons,
    name: Arc<str>,
    text: Arc<str>,
}

impl Registry {
    /// The file in the binary.
    ///
    /// # Errors
    /// Its mistakes; a test sees to it that there are none.
    pub fn embedded() -> Result<Self, Problems> {
        Self::parse(EMBEDDED_NAME, EMBEDDED, Catalogue::embedded())
    }

    /// The `defects.yaml` of a folder of scenarios. A folder that has neither that nor requirements of its own has what
    /// is in the binary.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn of(folder: &Path, catalogue: &Catalogue) -> Result<Self, Problems> {
        let file = folder.join(DEFECTS);
        let name = file.display().to_string();
        if file.try_exists().unwrap_or(true) {
            Self::parse(&name, &files::written(&file)?, catalogue)
        } else if folder.join(REQUIREMENTS).exists() {
            Self::parse(&name, "breaks: {}\nequivalent: {}\n", catalogue)
        } else {
            Self::embedded()
        }
    }

    /// Reads a file of this name and text. Requirements are looked up in `catalogue`.
    ///
    /// # Errors
    /// All its mistakes.
    pub fn parse(name: &str, text: &str, catalogue: &Catalogue) -> Result<Self, Problems> {
        let document = Document::parse(name, text)?;
        let mut problems = document.problems();
        let mut file = MapReader::new(&document.root, &mut problems, "the file of defects");
        let breaks = file.required_node("breaks");
        let equivalent = file.required_node("equivalent");
        let warned = file.node("warned");
        file.finish();
        let mut registry = Self {
            breaks: BTreeMap::new(),
            equivalent: BTreeMap::new(),
            warned: reasons(
                warned,
                "the defects that a warning is enough for",
                &mut problems,
            ),
            name: name.into(),
            text: text.into(),
        };
        for (id, node) in entries(breaks, "what defects break", &mut problems) {
            if let Some(cited) = cited(node, catalogue, &mut problems) {
                registry.breaks.insert(id, Spanned::new(node.place, cited));
            }
        }
        registry.equivalent = reasons(equivalent, "the equivalent defects", &mut problems);
        for (id, reason) in &registry.equivalent {
            for (known, why) in [
                (registry.breaks.contains_key(id), "breaks requirements"),
                (registry.warned.contains_key(id), "is warned of"),
            ] {
                if known {
                    let message = format!("`{id}` {why}, so it is not equivalent");
                    problems.push(Problem::new(reason.place, message));
                }
            }
        }
        problems.into_result(registry)
    }

    /// The requirements that the file says a defect breaks; none where it says nothing.
    #[must_use]
    pub fn breaks(&self, id: &str) -> &[RequirementId] {
        self.breaks.get(id).map_or(&[], |cited| &cited.value)
    }

    /// Why nobody can notice a defect, if so.
    #[must_use]
    pub fn equivalent(&self, id: &str) -> Option<&str> {
        self.equivalent.get(id).map(|reason| reason.value.as_str())
    }

    /// Why a warning is enough for a defect, if so.
    #[must_use]
    pub fn warned(&self, id: &str) -> Option<&str> {
        self.warned.get(id).map(|reason| reason.value.as_str())
    }

    /// Checks the ids of the file against what the mock can do.
    ///
    /// # Errors
    /// All ids that the mock does not know.
    pub fn check(&self, defects: &[Defect]) -> Result<(), Problems> {
        let mut problems = Problems::new(self.name.clone(), self.text.clone());
        let known: BTreeSet<&str> = defects.iter().map(|defect| defect.id.as_str()).collect();
        let written = (self.breaks.iter().map(|(id, at)| (id, at.place)))
            .chain(self.equivalent.iter().map(|(id, at)| (id, at.place)))
            .chain(self.warned.iter().map(|(id, at)| (id, at.place)));
        for (id, place) in written {
            if !known.contains(id.as_str()) {
                let problem = Problem::new(place, format!("the mock has no defect `{id}`"));
                problems.push(problem.did_you_mean(id, known.iter().copied()));
            }
        }
        problems.into_result(())
    }
}

/// A reason for each defect of a map; none may be empty.
fn reasons(node: Option<&Node>, what: &str, problems: &mut Problems) -> Reasons {
    let mut found = Reasons::new();
    for (id, node) in entries(node, what, problems) {
        match String::from_node(node, problems) {
            Some(reason) if reason.trim().is_empty() => {
                problems.push(Problem::new(node.place, format!("`{id}` has no reason")));
            }
            Some(reason) => {
                let reason = Spanned::new(node.place, reason.trim().to_owned());
                found.insert(id, reason);
            }
            None => {}
        }
    }
    found
}

/// The entries of a map, by key.
fn entries<'n>(
    node: Option<&'n Node>,
    what: &str,
    problems: &mut Problems,
) -> Vec<(String, &'n Node)> {
    let Some(node) = node else {
        return Vec::new();
    };
    let Some(map) = node.as_map() else {
        let message = format!("{what} are a map, found {}", node.kind());
        problems.push(Problem::new(node.place, message));
        return Vec::new();
    };
    let entries = map.entries.iter();
    entries
        .map(|entry| (entry.key.value.clone(), &entry.value))
        .collect()
}

fn cited(
    node: &Node,
    catalogue: &Catalogue,
    problems: &mut Problems,
) -> Option<Vec<RequirementId>> {
    let names: Vec<Spanned<String>> = FromNode::from_node(node, problems)?;
    if names.is_empty() {
        problems.push(Problem::new(node.place, "a defect that breaks nothing"));
    }
    let cited: Vec<_> = names
        .iter()
        .map(|name| catalogue.cite(name, problems))
        .collect();
    cited.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Registry, Problems> {
        Registry::parse("defects.yaml", text, Catalogue::embedded())
    }

    fn defect(id: &str) -> Defect {
        Defect {
            id: id.to_owned(),
            summary: "Something is wrong.".to_owned(),
        }
    }

    #[test]
    fn the_file_in_the_binary_is_in_order() {
        if let Err(problems) = Registry::embedded() {
            panic!("{problems}");
        }
    }

    #[test]
    fn mistakes() {
        let text = "breaks:\n  bend/a: [idjag.typo]\n  bend/b: []\n  bend/c: [idjag.typ]\nequivalent:\n  bend/c: x\n  mute/d: ''\nmore: 1\n";
        insta::assert_snapshot!(parsed(text).unwrap_err());
    }

    #[test]
    fn a_folder_has_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let of = || Registry::of(folder.path(), Catalogue::embedded());
        let taken_over = of().unwrap();
        assert_eq!(taken_over.breaks, Registry::embedded().unwrap().breaks);
        let text = "breaks:\n  bend/a: [idjag.typ]\nequivalent: {}\n";
        std::fs::write(folder.path().join(DEFECTS), text).unwrap();
        assert_eq!(
            of().unwrap().breaks("bend/a"),
            [RequirementId::new("idjag.typ")]
        );
        std::fs::remove_file(folder.path().join(DEFECTS)).unwrap();
        std::fs::write(folder.path().join(REQUIREMENTS), "").unwrap();
        assert!(of().unwrap().breaks.is_empty());
    }

    #[test]
    fn ids_are_those_of_the_mock() {
        let text = "breaks:\n  bend/a: [idjag.typ]\nequivalent:\n  mute/x: nobody sees it\nwarned:\n  bend/a: it is a SHOULD\n";
        let registry = parsed(text).unwrap();
        assert_eq!(registry.warned("bend/a"), Some("it is a SHOULD"));
        assert_eq!(registry.warned("mute/x"), None);
        assert_eq!(registry.breaks("bend/a"), [RequirementId::new("idjag.typ")]);
        assert_eq!(registry.equivalent("mute/x"), Some("nobody sees it"));
        assert!(registry.breaks("mute/x").is_empty());
        let known = [defect("bend/a"), defect("mute/x"), defect("mute/y")];
        assert!(registry.check(&known).is_ok());
        let others = [defect("bend/a"), defect("mute/xx")];
        let problems = registry.check(&others).unwrap_err().to_string();
        assert!(
            problems.contains("the mock has no defect `mute/x`"),
            "{problems}"
        );
    }
}
