//! Which cases a command is about.

use std::collections::BTreeSet;

use strict_yaml::did_you_mean;

use super::Trouble;
use crate::requirement::RequirementId;
use crate::scenario::model::{Expectation, ResourceType};
use crate::scenario::{Case, Scenario, Step};

/// Help text of every `FILTER` argument.
pub(super) const FILTER_HELP: &str = "\
Only these cases: an id or its beginning (authorization-server/exchange), a resource type (secret), or a requirement or its group \
(idjag.typ, idjag). `*` stands for anything (*replay*). Several filters add up";

/// Keeps what the filters name; all of it without filters. A filter that names nothing is a mistake.
///
/// A case never stands alone: the base flow of its scenario is its twin, and stays.
pub(super) fn select(
    scenarios: Vec<Scenario>,
    filters: &[String],
) -> Result<Vec<Scenario>, Trouble> {
    if filters.is_empty() {
        return Ok(scenarios);
    }
    if let Some(filter) = filters
        .iter()
        .find(|filter| !scenarios.iter().any(|scenario| names_any(filter, scenario)))
    {
        return Err(unknown(filter, &scenarios));
    }
    let keep = |mut scenario: Scenario| {
        let base = filters.iter().any(|filter| names(filter, &scenario, None));
        let kept: Vec<Case> = std::mem::take(&mut scenario.cases)
            .into_iter()
            .filter(|case| {
                filters
                    .iter()
                    .any(|filter| names(filter, &scenario, Some(case)))
            })
            .collect();
        let some = base || !kept.is_empty();
        scenario.cases = kept;
        some.then_some(scenario)
    };
    Ok(scenarios.into_iter().filter_map(keep).collect())
}

/// The result id of a scenario's base flow or of one of its cases.
pub(super) fn result_id(scenario: &Scenario, case: Option<&Case>) -> String {
    match case {
        Some(case) => format!("{}/{}", scenario.id, case.id),
        None => scenario.id.clone(),
    }
}

/// Everything that a base flow or a case cites, ordered.
pub(super) fn cited<'a>(scenario: &'a Scenario, case: Option<&'a Case>) -> BTreeSet<&'a str> {
    let of_steps = |steps: &'a [Step]| steps.iter().flat_map(|step| &step.expect);
    let (covers, expectations): (_, Vec<&Expectation>) = match case {
        Some(case) => (
            &case.covers,
            of_steps(&case.before)
                .chain(&case.expect)
                .chain(of_steps(&case.then))
                .collect(),
        ),
        None => (&scenario.covers, of_steps(&scenario.steps).collect()),
    };
    covers
        .iter()
        .chain(expectations.into_iter().flat_map(|block| &block.covers))
        .map(RequirementId::as_str)
        .collect()
}

pub(super) fn names_any(filter: &str, scenario: &Scenario) -> bool {
    names(filter, scenario, None)
        || scenario
            .cases
            .iter()
            .any(|case| names(filter, scenario, Some(case)))
}

/// Whether a text is the beginning of an id of the scenario or of one of its cases.
pub(super) fn begins_any(beginning: &str, scenario: &Scenario) -> bool {
    let mut cases = std::iter::once(None).chain(scenario.cases.iter().map(Some));
    cases.any(|case| result_id(scenario, case).starts_with(beginning))
}

fn names(filter: &str, scenario: &Scenario, case: Option<&Case>) -> bool {
    // `secret/` is what a shell completes and a folder looks like.
    let filter = filter.trim_end_matches('/');
    let id = result_id(scenario, case);
    if filter.contains('*') {
        return glob(filter, &id)
            || cited(scenario, case)
                .into_iter()
                .any(|requirement| glob(filter, requirement));
    }
    begins(&id, filter, '/')
        || scenario.resource_type.as_str() == filter
        || cited(scenario, case)
            .into_iter()
            .any(|requirement| begins(requirement, filter, '.'))
}

/// Whether `name` is `beginning`, or goes on after it with `separator`.
pub(super) fn begins(name: &str, beginning: &str, separator: char) -> bool {
    name.strip_prefix(beginning)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(separator))
}

/// `*` stands for any text, everything else for itself.
pub(super) fn glob(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    for piece in pieces {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

fn unknown(filter: &str, scenarios: &[Scenario]) -> Trouble {
    let ids: BTreeSet<String> = scenarios
        .iter()
        .flat_map(|scenario| {
            std::iter::once(None)
                .chain(scenario.cases.iter().map(Some))
                .map(|case| result_id(scenario, case))
        })
        .collect();
    let requirements = scenarios.iter().flat_map(|scenario| {
        std::iter::once(None)
            .chain(scenario.cases.iter().map(Some))
            .flat_map(|case| cited(scenario, case))
    });
    let known: BTreeSet<&str> = ids
        .iter()
        .map(String::as_str)
        .chain(ResourceType::ALL.iter().map(|(name, _)| *name))
        .chain(requirements)
        .collect();
    let near = did_you_mean(filter, known).map(str::to_owned);
    Trouble::Unknown {
        name: filter.to_owned(),
        near,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::sample::library;

    fn selected(filters: &[&str]) -> Vec<String> {
        let filters: Vec<String> = filters.iter().map(ToString::to_string).collect();
        let scenarios = select(library().scenarios, &filters).unwrap();
        let ids = |scenario: &Scenario| {
            std::iter::once(None)
                .chain(scenario.cases.iter().map(Some))
                .map(|case| result_id(scenario, case))
                .collect::<Vec<_>>()
        };
        scenarios.iter().flat_map(ids).collect()
    }

    #[test]
    fn a_filter_is_an_id_a_resource_type_a_requirement_or_a_pattern() {
        let base = "authorization-server/exchange";
        let (bent, replayed) = (format!("{base}/bent"), format!("{base}/replayed"));
        let all = [base, &bent, &replayed];
        assert_eq!(selected(&[]), all);
        assert_eq!(selected(&["authorization-server"]), all);
        assert_eq!(selected(&[base]), all);
        // A case is never run without its twin.
        assert_eq!(selected(&[&replayed]), [base, &replayed]);
        assert_eq!(selected(&["scope.none-left"]), [base, &bent]);
        assert_eq!(selected(&["idjag"]), [base]);
        assert_eq!(selected(&["*play*", "*/bent"]), all);
    }

    #[test]
    fn a_filter_that_names_nothing_is_a_mistake() {
        let filters = [String::from("idjag.typ"), String::from("scope.none-let")];
        let trouble = select(library().scenarios, &filters).unwrap_err();
        assert_eq!(trouble.to_string(), "nothing is called `scope.none-let`");
        assert!(
            matches!(trouble, Trouble::Unknown { near: Some(near), .. } if near == "scope.none-left")
        );
    }

    #[test]
    fn a_beginning_ends_at_a_separator() {
        assert!(begins("secret/exchange", "secret", '/'));
        assert!(begins("secret/exchange", "secret/exchange", '/'));
        assert!(!begins("secret/exchange-errors", "secret/exchange", '/'));
        assert!(begins("idjag.typ", "idjag", '.'));
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, fits) in [
            ("*", "a", true),
            ("*replay*", "secret/exchange/replayed", true),
            ("secret/*", "secret/exchange", true),
            ("secret/*/replayed", "secret/exchange/replayed", true),
            ("secret/*/replayed", "secret/replayed", false),
            ("*ed", "replayed-not", false),
            ("a*a", "a", false),
        ] {
            assert_eq!(glob(pattern, name), fits, "{pattern} {name}");
        }
    }
}
