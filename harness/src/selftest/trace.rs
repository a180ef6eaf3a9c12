//! What the clean run shows: which cases meet which defect or variation. The mock's journal says which refusal answered a
//! request and which changed answers and variations would have changed it; the recorded answers say which case made that
//! request.

use std::collections::{BTreeMap, BTreeSet};

use super::control::Defect;
use crate::evidence::{RecordedStep, RecordedValue};
use crate::result::RunResult;
use crate::scenario::{Case, Scenario, Step};
use crate::targets::JournalEntry;

/// The header that names a request.
const REQUEST_ID: &str = "x-okta-request-id";

/// What every run asks first, to see whether anybody is there. Nobody reads the answer.
const FIRST: &str = "/.well-known/openid-configuration";

/// Steps of cases, by case.
pub(super) type Met = BTreeMap<String, BTreeSet<String>>;

/// Which cases meet what.
#[derive(Debug, Default)]
pub(super) struct Trace {
    refused: BTreeMap<String, Met>,
    changed: BTreeMap<String, Met>,
    varied: BTreeMap<String, Met>,
    /// Variations of answers that belong to no case, so that every case may depend on them.
    everywhere: BTreeSet<String>,
    /// Bent outputs and variations that only the harness itself meets, when it fetches the keys by which cases judge signatures.
    keys: BTreeSet<String>,
    /// The cases that judge a signature.
    signatures: BTreeSet<String>,
}

impl Trace {
    /// Puts a clean run and its journal together. `keys` are the paths at which key sets are published.
    pub(super) fn new(
        run: &RunResult,
        journal: &[JournalEntry],
        scenarios: &[Scenario],
        keys: &BTreeSet<String>,
    ) -> Self {
        let mut asked: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for (case, varying) in &run.varying.cases {
            for exchange in &varying.exchanges {
                if let Some(id) = request_id(exchange) {
                    let by = (case.as_str(), exchange.step.as_str());
                    asked.entry(id).or_default().push(by);
                }
            }
        }
        let mut trace = Self {
            signatures: judging_signatures(scenarios),
            ..Self::default()
        };
        for entry in journal {
            let Some(by) = asked.get(entry.request_id.as_str()) else {
                if keys.contains(&entry.path) {
                    trace.keys.extend(entry.bends.iter().cloned());
                    trace.keys.extend(entry.variations.iter().cloned());
                } else if entry.path != FIRST {
                    trace.everywhere.extend(entry.variations.iter().cloned());
                }
                continue;
            };
            for (case, step) in by {
                let note = |met: &mut BTreeMap<String, Met>, what: &str| {
                    let cases = met.entry(what.to_owned()).or_default();
                    let steps = cases.entry((*case).to_owned()).or_default();
                    steps.insert((*step).to_owned());
                };
                if let Some(code) = &entry.refusal {
                    note(&mut trace.refused, code);
                }
                for bend in &entry.bends {
                    note(&mut trace.changed, bend);
                }
                for variation in &entry.variations {
                    note(&mut trace.varied, variation);
                }
            }
        }
        trace
    }

    /// The cases that a variation can touch.
    pub(super) fn varied(&self, id: &str, all: &BTreeSet<String>) -> BTreeSet<String> {
        if self.everywhere.contains(id) {
            return all.clone();
        }
        let mut cases: BTreeSet<String> = self
            .varied
            .get(id)
            .into_iter()
            .flat_map(|met| met.keys().cloned())
            .collect();
        if self.keys.contains(id) {
            cases.extend(self.signatures.iter().cloned());
        }
        cases
    }

    /// The cases that a defect can touch, with the steps at which they meet it; none when the harness meets it for them.
    pub(super) fn touched(&self, defect: &Defect) -> Met {
        let Some(code) = defect.mutes() else {
            let mut met = self.changed.get(&defect.id).cloned().unwrap_or_default();
            if self.keys.contains(&defect.id) {
                for case in &self.signatures {
                    met.entry(case.clone()).or_default();
                }
            }
            return met;
        };
        self.refused.get(code).cloned().unwrap_or_default()
    }
}

fn request_id(exchange: &RecordedStep) -> Option<&str> {
    let headers = &exchange.response.as_ref()?.headers;
    let field = headers.iter().find(|field| field.name == REQUEST_ID)?;
    match &field.value {
        RecordedValue::Plain { text } => Some(text),
        RecordedValue::Secret { .. } | RecordedValue::Jwt { .. } => None,
    }
}

fn judging_signatures(scenarios: &[Scenario]) -> BTreeSet<String> {
    let of_steps = |steps: &[Step]| {
        let blocks = steps.iter().flat_map(|step| &step.expect);
        blocks
            .flat_map(|block| &block.jwt)
            .any(|jwt| jwt.signed_by.is_some())
    };
    let of_case = |case: &Case| {
        let own = case.expect.iter().flat_map(|block| &block.jwt);
        of_steps(&case.then) || own.into_iter().any(|jwt| jwt.signed_by.is_some())
    };
    let mut ids = BTreeSet::new();
    for scenario in scenarios {
        if of_steps(&scenario.steps) {
            ids.insert(scenario.id.clone());
        }
        let cases = scenario.cases.iter().filter(|case| of_case(case));
        ids.extend(cases.map(|case| format!("{}/{}", scenario.id, case.id)));
    }
    ids
}
