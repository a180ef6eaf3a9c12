//! The catalogue: `scenarios/requirements.yaml`, read strictly and indexed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use strict_yaml::{Document, FromNode, MapReader, Node, Place, Problem, Problems, Spanned};

use super::demands::Demands;
use super::model::{Kind, Level, Profile, Requirement, RequirementId, Role, Tier, Yields};
use super::profiles::Profiles;
use super::source::Source;

/// The catalogue that ships in the binary.
const EMBEDDED: &str = include_str!("../../../scenarios/requirements.yaml");
/// What messages call it.
const EMBEDDED_NAME: &str = "scenarios/requirements.yaml";

/// All requirements, in the order written and by id.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    all: Vec<Requirement>,
    by_id: BTreeMap<RequirementId, usize>,
}

impl Catalogue {
    /// The catalogue inside the binary, read once.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
            #[expect(
                clippy::expect_used,
                reason = "the file is part of the binary and a test reads it"
            )]
            Catalogue::parse(EMBEDDED_NAME, EMBEDDED).expect("the embedded catalogue is in order")
        });
        &CATALOGUE
    }

    /// Reads a catalogue: a list of requirements.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn parse(name: &str, text: &str) -> Result<Self, Problems> {
        let document = Document::parse(name, text)?;
        let mut problems = document.problems();
        let entries: Vec<Entry> =
            FromNode::from_node(&document.root, &mut problems).unwrap_or_default();
        let (mut all, mut yielding) = (Vec::with_capacity(entries.len()), Vec::new());
        for (index, Entry { requirement, other }) in entries.into_iter().enumerate() {
            all.push(requirement);
            yielding.extend(other.map(|other| (index, other)));
        }
        let mut by_id = BTreeMap::new();
        for (index, requirement) in all.iter().enumerate() {
            if by_id.insert(requirement.id.clone(), index).is_some() {
                problems.push(Problem::new(
                    requirement.place,
                    format!("the id `{}` is taken", requirement.id),
                ));
            }
        }
        let mut catalogue = Self { all, by_id };
        for (index, other) in yielding {
            catalogue.yields(index, &other, &mut problems);
        }
        problems.into_result(catalogue.under(&Profiles::default()))
    }

    /// Lets a requirement yield to another one, which must not judge everywhere.
    fn yields(&mut self, index: usize, other: &Spanned<String>, problems: &mut Problems) {
        let Some(id) = self.cite(other, problems) else {
            return;
        };
        let levels = self.get(id.as_str()).map(|other| &other.levels[..]);
        let under: Vec<Profile> = levels
            .into_iter()
            .flatten()
            .map(|one| one.profile)
            .collect();
        if under.contains(&Profile::Base) {
            problems.push(
                Problem::new(
                    other.place,
                    format!("`{id}` has a level under base, so this one would never judge"),
                )
                .help("name a requirement without a level under base"),
            );
        }
        if let Some(own) = self.all.get_mut(index) {
            own.yields_to = Some(Yields { to: id, under });
        }
    }

    /// The same, with the demand of each requirement that is the strictest under these profiles.
    #[must_use]
    pub fn under(mut self, profiles: &Profiles) -> Self {
        for requirement in &mut self.all {
            let strictest = requirement.strictest(profiles);
            let demand = strictest.or(requirement.levels.first()).cloned();
            if let Some(demand) = demand {
                requirement.demand = demand;
            }
        }
        self
    }

    /// The requirement of an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Requirement> {
        self.by_id.get(id).and_then(|&index| self.all.get(index))
    }

    /// All, in the order written.
    pub fn iter(&self) -> std::slice::Iter<'_, Requirement> {
        self.all.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The first source that is written as one sentence, and how many are. That form is read for one more version.
    #[must_use]
    pub fn sentences(&self) -> Option<(Place, usize)> {
        let demands = self.all.iter().flat_map(|requirement| &requirement.levels);
        let mut places: Vec<Place> = demands.filter_map(|one| one.source.sentence).collect();
        // Levels without a source of their own have that of their requirement.
        places.sort_unstable();
        places.dedup();
        Some((*places.first()?, places.len()))
    }

    /// The most binding level among requirements, each as its demand says; unknown ids do not count. `None` for none.
    pub fn level_of<'r>(&self, ids: impl IntoIterator<Item = &'r RequirementId>) -> Option<Level> {
        ids.into_iter()
            .filter_map(|id| self.get(id.as_str()))
            .map(|requirement| requirement.demand.level)
            .max()
    }

    /// Looks up cited requirements; those that are unknown and those cited twice are noted.
    pub(crate) fn cite_all(
        &self,
        names: &[Spanned<String>],
        problems: &mut Problems,
    ) -> Vec<RequirementId> {
        let mut cited: Vec<RequirementId> = Vec::new();
        for name in names {
            let Some(id) = self.cite(name, problems) else {
                continue;
            };
            if cited.contains(&id) {
                let problem = Problem::new(name.place, format!("`{id}` is cited twice"));
                problems.push(problem.help("remove one"));
            } else {
                cited.push(id);
            }
        }
        cited
    }

    /// Reads an id that a file cites; an unknown one is noted, with the nearest or those of the same group.
    pub fn cite(&self, name: &Spanned<String>, problems: &mut Problems) -> Option<RequirementId> {
        if let Some(requirement) = self.get(&name.value) {
            return Some(requirement.id.clone());
        }
        let names = || self.by_id.keys().map(RequirementId::as_str);
        let problem = Problem::new(name.place, format!("unknown requirement `{}`", name.value));
        let mut problem = problem.did_you_mean(&name.value, names());
        let group = name.value.split('.').next().unwrap_or_default();
        let same: Vec<_> = names()
            .filter(|known| known.split('.').next() == Some(group))
            .collect();
        problem = if same.is_empty() {
            problem.expected("an id of requirements.yaml")
        } else {
            problem.expected(format!(
                "an id of requirements.yaml; those of `{group}` are {}",
                same.join(", ")
            ))
        };
        problems.push(problem);
        None
    }
}

impl<'c> IntoIterator for &'c Catalogue {
    type Item = &'c Requirement;
    type IntoIter = std::slice::Iter<'c, Requirement>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A requirement as written: whom it yields to is a name until all are read.
struct Entry {
    requirement: Requirement,
    other: Option<Spanned<String>>,
}

impl FromNode for Entry {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let mut entry = MapReader::new(node, problems, "a requirement");
        let id = entry.required_str("id");
        let source = entry.required::<Source>("source");
        let role = entry.required_one_of("role", Role::ALL);
        let levels = entry.required::<Demands>("levels");
        let kind = entry.required_one_of("kind", Kind::ALL);
        let tier = entry.required_one_of("tier", Tier::ALL);
        let wording = entry.required::<String>("text");
        let test = entry.required::<String>("test");
        let other = entry.optional_str("yields_to");
        entry.finish();
        let (id, levels) = (id?, levels?.resolve(&source?, &wording?));
        let requirement = Requirement {
            id: RequirementId::new(&id.value),
            role: role?.value,
            demand: levels.first()?.clone(),
            levels,
            kind: kind?.value,
            tier: tier?.value,
            test: test?,
            yields_to: None,
            place: id.place,
        };
        Some(Self { requirement, other })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Demand;
    use super::*;

    #[test]
    fn the_embedded_catalogue_is_in_order() {
        if let Err(problems) = Catalogue::parse(EMBEDDED_NAME, EMBEDDED) {
            panic!("{problems}");
        }
        let typ = Catalogue::embedded().get("idjag.typ").unwrap();
        assert_eq!((typ.demand.level, typ.role), (Level::Must, Role::IdpAs));
        assert!(Catalogue::embedded().len() > 200);
    }

    #[test]
    fn the_most_binding_level_counts() {
        let catalogue = Catalogue::embedded();
        let first = |level| {
            catalogue
                .iter()
                .find(|one| one.demand.level == level)
                .unwrap()
                .id
                .clone()
        };
        let (must, should, may) = (first(Level::Must), first(Level::Should), first(Level::May));
        assert_eq!(
            catalogue.level_of([&may, &must, &should]),
            Some(Level::Must)
        );
        assert_eq!(catalogue.level_of([&may, &should]), Some(Level::Should));
        assert_eq!(catalogue.level_of([&RequirementId::new("no.such")]), None);
    }

    #[test]
    fn mistakes_in_a_catalogue() {
        let text = "- id: a.b\n  source: RFC 1\n  role: idp\n  levels: { base: must, oktaa: MUST, okta: { level: MAY, sauce: x } }\n  kind: positive\n  tier: core\n  text: t\n- id: a.c\n  source: RFC 1\n  role: client\n  levels: MUST\n  kind: positive\n  tier: core\n  text: t\n  test: t\n";
        insta::assert_snapshot!(Catalogue::parse("requirements.yaml", text).unwrap_err());
    }

    fn entry(id: &str, levels: &str, more: &str) -> String {
        format!(
            "- id: {id}\n  source: RFC 1\n  role: client\n  levels: {levels}\n  kind: positive\n  tier: core\n  text: t\n  test: t\n{more}"
        )
    }

    #[test]
    fn a_requirement_yields_only_to_one_that_base_does_not_demand() {
        let parsed = |other: &str| {
            let text = entry("a.b", "{ base: MAY }", &format!("  yields_to: {other}\n"))
                + &entry("a.c", "{ okta: MAY, mcp-ema: MUST }", "")
                + &entry("a.d", "{ base: MAY, okta: MUST }", "");
            Catalogue::parse("requirements.yaml", &text)
        };
        let catalogue = parsed("a.c").unwrap();
        let yields = catalogue.get("a.b").unwrap().yields_to.clone().unwrap();
        assert_eq!(yields.to, RequirementId::new("a.c"));
        assert_eq!(yields.under, [Profile::Okta, Profile::McpEma]);
        for (other, message) in [
            ("a.d", "has a level under base"),
            ("a.x", "unknown requirement `a.x`"),
        ] {
            let problems = parsed(other).unwrap_err().to_string();
            assert!(problems.contains(message), "{problems}");
        }
    }

    #[test]
    fn of_the_chosen_profiles_the_strictest_judges() {
        let levels =
            "{ base: SHOULD, okta: { level: MUST, source: RFC 2, text: of Okta }, mcp-ema: MAY }";
        let text = entry("a.b", levels, "") + &entry("a.c", "{ okta: MUST }", "");
        let catalogue = Catalogue::parse("requirements.yaml", &text).unwrap();
        let demand = |chosen: &[Profile], id: &str| {
            let profiles = Profiles::of(chosen.iter().copied());
            let catalogue = catalogue.clone().under(&profiles);
            let requirement = catalogue.get(id).unwrap();
            let Demand {
                level,
                source,
                text,
                ..
            } = requirement.demand.clone();
            (
                level,
                source.to_string(),
                text,
                profiles.sets_aside(requirement).is_none(),
            )
        };
        let expected = |level, source: &str, text: &str, judges| {
            (level, source.to_owned(), text.to_owned(), judges)
        };
        assert_eq!(
            demand(&[], "a.b"),
            expected(Level::Should, "RFC 1", "t", true)
        );
        assert_eq!(
            demand(&[Profile::McpEma], "a.b"),
            expected(Level::Should, "RFC 1", "t", true)
        );
        assert_eq!(
            demand(&[Profile::Okta, Profile::McpEma], "a.b"),
            expected(Level::Must, "RFC 2", "of Okta", true)
        );
        assert_eq!(
            demand(&[], "a.c"),
            expected(Level::Must, "RFC 1", "t", false)
        );
    }

    #[test]
    fn sources_that_are_sentences_are_counted_once_each() {
        let levels = "{ base: SHOULD, okta: { level: MUST, source: RFC 2 }, mcp-ema: MAY }";
        let catalogue = Catalogue::parse("requirements.yaml", &entry("a.b", levels, "")).unwrap();
        let (first, count) = catalogue.sentences().unwrap();
        assert_eq!((first.line, count), (2, 2));
        assert_eq!(Catalogue::embedded().sentences(), None);
    }

    #[test]
    fn an_unknown_id_is_answered_with_its_neighbours() {
        let document = Document::parse("s.yaml", "covers: idjag.type\n").unwrap();
        let mut problems = document.problems();
        let node = document.root.as_map().unwrap().get("covers").unwrap();
        let name = Spanned::from_node(node, &mut problems).unwrap();
        assert_eq!(Catalogue::embedded().cite(&name, &mut problems), None);
        insta::assert_snapshot!(problems);
    }
}
