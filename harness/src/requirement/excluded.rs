//! Requirements left untested on purpose: `scenarios/excluded.yaml`, read strictly.
//!
//! What is neither tested nor excluded is untested, and nobody should have to guess which of the two was meant.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use strict_yaml::{Document, FromNode, MapReader, Node, Place, Problem, Problems, Spanned};

use super::catalogue::Catalogue;
use super::model::RequirementId;

/// The list that ships in the binary.
const EMBEDDED: &str = include_str!("../../../scenarios/excluded.yaml");
/// What messages call it.
const EMBEDDED_NAME: &str = "scenarios/excluded.yaml";

/// Which requirements are left untested, and why.
#[derive(Debug, Clone, Default)]
pub struct Excluded {
    by_id: BTreeMap<RequirementId, Entry>,
    /// The file, so that a stale line can be shown.
    source: Option<(String, Arc<str>)>,
}

/// Why one requirement is excluded.
#[derive(Debug, Clone)]
struct Entry {
    reason: Arc<str>,
    place: Place,
}

impl Excluded {
    /// The list inside the binary, read once.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EXCLUDED: LazyLock<Excluded> = LazyLock::new(|| {
            #[expect(
                clippy::expect_used,
                reason = "the file is part of the binary and a test reads it"
            )]
            Excluded::parse(EMBEDDED_NAME, EMBEDDED, Catalogue::embedded())
                .expect("the embedded exclusions are in order")
        });
        &EXCLUDED
    }

    /// Reads a list of reasons, each with the ids it is the reason for.
    ///
    /// # Errors
    /// All mistakes of the file: unknown ids, ids listed twice, reasons that say nothing.
    pub fn parse(name: &str, text: &str, catalogue: &Catalogue) -> Result<Self, Problems> {
        let document = Document::parse(name, text)?;
        let mut problems = document.problems();
        let groups: Vec<Group> =
            FromNode::from_node(&document.root, &mut problems).unwrap_or_default();
        let mut by_id = BTreeMap::new();
        for group in groups {
            for id in &group.ids {
                let Some(requirement) = catalogue.cite(id, &mut problems) else {
                    continue;
                };
                let entry = Entry {
                    reason: group.reason.clone(),
                    place: id.place,
                };
                if by_id.insert(requirement, entry).is_some() {
                    problems.push(
                        Problem::new(id.place, format!("`{}` is excluded twice", id.value))
                            .help("remove one"),
                    );
                }
            }
        }
        let source = Some((name.to_owned(), document.text.clone()));
        problems.into_result(Self { by_id, source })
    }

    /// Why a requirement is left untested, if it is.
    #[must_use]
    pub fn reason(&self, id: &str) -> Option<&str> {
        self.by_id.get(id).map(|entry| &*entry.reason)
    }

    /// All, ordered by id, with their reasons.
    pub fn iter(&self) -> impl Iterator<Item = (&RequirementId, &str)> {
        self.by_id.iter().map(|(id, entry)| (id, &*entry.reason))
    }

    /// The lines that scenarios have overtaken: what is cited is tested, so it cannot be excluded. `citations` are ids
    /// with the scenario that cites each.
    ///
    /// # Errors
    /// Every such line.
    pub fn check<'c>(
        &self,
        citations: impl IntoIterator<Item = (&'c RequirementId, &'c str)>,
    ) -> Result<(), Problems> {
        let Some((name, text)) = &self.source else {
            return Ok(());
        };
        let mut stale = BTreeMap::new();
        for (id, scenario) in citations {
            if let Some(entry) = self.by_id.get(id) {
                stale.entry(id).or_insert((entry.place, scenario));
            }
        }
        let mut problems = Problems::new(name.as_str(), text.clone());
        for (id, (place, scenario)) in stale {
            problems.push(
                Problem::new(
                    place,
                    format!("`{id}` is excluded, and `{scenario}` tests it"),
                )
                .help("remove it here, or there"),
            );
        }
        problems.into_result(())
    }
}

/// One reason and what it is the reason for.
struct Group {
    reason: Arc<str>,
    ids: Vec<Spanned<String>>,
}

impl FromNode for Group {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let mut entry = MapReader::new(node, problems, "an exclusion");
        let reason = entry.required_str("reason");
        let ids = entry.required::<Spanned<Vec<Spanned<String>>>>("ids");
        entry.finish();
        let (reason, ids) = (reason?, ids?);
        if reason.value.trim().is_empty() {
            problems.push(
                Problem::new(reason.place, "this reason says nothing")
                    .help("say why nothing tests these"),
            );
        }
        if ids.value.is_empty() {
            problems.push(
                Problem::new(ids.place, "this reason excludes nothing")
                    .help("name at least one id of requirements.yaml, or remove the entry"),
            );
        }
        Some(Self {
            reason: reason.value.trim().into(),
            ids: ids.value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> Problems {
        Excluded::parse("excluded.yaml", text, Catalogue::embedded()).unwrap_err()
    }

    #[test]
    fn the_embedded_list_is_in_order() {
        if let Err(problems) = Excluded::parse(EMBEDDED_NAME, EMBEDDED, Catalogue::embedded()) {
            panic!("{problems}");
        }
        let excluded = Excluded::embedded();
        assert!(excluded.reason("dpop.bad-proof").unwrap().contains("DPoP"));
        assert_eq!(excluded.reason("idjag.typ"), None);
        assert!(excluded.iter().count() > 20);
    }

    #[test]
    fn mistakes_in_a_list() {
        let of_shape = mistakes(
            "- reason: ' '\n  ids: []\n\
             - why: Later.\n  ids: [rs.dpop]\n",
        );
        let of_ids = mistakes("- reason: Not built.\n  ids: [dpop.bad-prof, rs.dpop, rs.dpop]\n");
        insta::assert_snapshot!(format!("{of_shape}\n{of_ids}"));
    }

    #[test]
    fn what_a_scenario_cites_is_not_excluded() {
        let text = "- reason: Not built.\n  ids: [dpop.bad-proof, rs.dpop]\n";
        let excluded = Excluded::parse("excluded.yaml", text, Catalogue::embedded()).unwrap();
        let (cited, other) = (
            RequirementId::new("rs.dpop"),
            RequirementId::new("idjag.typ"),
        );
        assert!(excluded.check([(&other, "a/b")]).is_ok());
        let stale = excluded.check([(&other, "a/b"), (&cited, "a/b"), (&cited, "a/c")]);
        insta::assert_snapshot!(stale.unwrap_err());
    }
}
