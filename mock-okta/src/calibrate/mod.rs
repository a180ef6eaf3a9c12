//! Calibration: what a recording of a real org shows of each switch, and the positions that make the mock answer as that org
//! did.
//!
//! A recording is what `atx run --record` writes. It is read here by its documented form alone (`recording`); `act` says what
//! an exchange of it is, `rules` what an answer leaves possible for a switch. What remains when all answers are taken
//! together is observed. Nothing is concluded from answers to test control, and from a case that sets switches itself.

mod act;
mod recording;
mod rules;
mod unseen;

use std::collections::BTreeMap;

use mock_okta_core::behaviour::{Behaviours, Edition};

use act::Act;
use recording::{Recording, VERSION};
pub use unseen::NOT_OBSERVABLE;

/// The most places that are named for a switch.
const MOST_PLACES: usize = 3;

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalibrateError {
    /// Something else.
    #[error("this is no recording: write one with `atx run --record FILE`")]
    NoRecording,
    /// Another form.
    #[error("the recording has version {0}, and version {VERSION} is read here")]
    Version(u32),
    /// A line that cannot be read.
    #[error("line {line}: {why}")]
    Line {
        /// Its number.
        line: usize,
        /// In words.
        why: String,
    },
}

/// What a recording shows of a switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Name of the switch.
    pub switch: &'static str,
    /// Its position when nothing is said, in the edition of the recording.
    pub default: &'static str,
    /// What is seen.
    pub seen: Seen,
    /// Where, `case (step)`; at most three.
    pub places: Vec<String>,
    /// Exchanges that say something of it.
    pub exchanges: usize,
}

/// What answers say of a switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nothing; the reason where nothing ever can.
    Unknown(Option<&'static str>),
    /// These positions are possible; never all of them.
    Possible(Vec<&'static str>),
    /// No position answers so: some answers exclude what others demand.
    Contradictory,
}

impl Observed {
    /// The position that makes the mock answer so, where that is not the default.
    #[must_use]
    pub fn proposal(&self) -> Option<&'static str> {
        match &self.seen {
            Seen::Possible(positions) if !positions.contains(&self.default) => {
                positions.first().copied()
            }
            _ => None,
        }
    }
}

/// Everything that a recording shows, a row for each switch.
///
/// # Errors
/// When the text is no recording.
pub fn calibrate(text: &str) -> Result<Vec<Observed>, CalibrateError> {
    let recording = Recording::read(text)?;
    let edition = Edition::parse(&recording.edition).unwrap_or_default();
    let defaults = Behaviours::of(edition);
    let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
    for act in Act::all(&recording) {
        for (switch, rule) in rules::RULES {
            if let Some(possible) = rule(&act) {
                rows.entry(switch).or_default().take(possible, &act);
            }
        }
    }
    let observed = Behaviours::SWITCHES.iter().map(|switch| {
        let row = rows.remove(switch.name).unwrap_or_default();
        let default = defaults.get(switch.name).unwrap_or(switch.default);
        let reason = NOT_OBSERVABLE.iter().find(|(name, _)| *name == switch.name);
        Observed {
            switch: switch.name,
            default,
            seen: row.seen(switch.choices, reason.map(|(_, reason)| *reason)),
            places: row.places,
            exchanges: row.exchanges,
        }
    });
    Ok(observed.collect())
}

/// What is left of a switch's positions.
#[derive(Default)]
struct Row {
    possible: Option<Vec<&'static str>>,
    places: Vec<String>,
    exchanges: usize,
}

impl Row {
    fn take(&mut self, possible: &[&'static str], act: &Act<'_>) {
        match &mut self.possible {
            Some(left) => left.retain(|position| possible.contains(position)),
            None => self.possible = Some(possible.to_vec()),
        }
        self.exchanges += 1;
        let place = act.place();
        if self.places.len() < MOST_PLACES && !self.places.contains(&place) {
            self.places.push(place);
        }
    }

    fn seen(&self, choices: &[&str], reason: Option<&'static str>) -> Seen {
        match &self.possible {
            None => Seen::Unknown(reason),
            Some(left) if left.is_empty() => Seen::Contradictory,
            Some(left) if left.len() == choices.len() => Seen::Unknown(None),
            Some(left) => Seen::Possible(left.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;

    /// A recording of one case with these exchanges.
    fn recording(exchanges: &[(&str, Value, Value)]) -> String {
        let head = json!({"cassette": {"version": 1, "edition": "2026-10", "target": {
            "clients": {"agent": {"client_id": "wlp1"}},
        }}});
        let exchanges: Vec<Value> = exchanges
            .iter()
            .map(|(url, form, answer)| {
                let form = form.as_object().unwrap().iter();
                let form: Vec<_> = form.map(|(name, value)| json!([name, value])).collect();
                json!({
                    "request": {"party": "org", "method": "POST", "url": url, "payload": {"form": form}},
                    "response": {"status": answer["status"], "headers": [], "json": answer["json"]},
                })
            })
            .collect();
        let steps = json!([{"step": "exchange", "exchanges": exchanges}]);
        let case = json!({"case": {"id": "a/b", "steps": steps}});
        format!("{head}\n{case}\n{{\"end\":{{}}}}\n")
    }

    fn id_jag(token_type: &str) -> (&'static str, Value, Value) {
        let answer = json!({"status": 200, "json": {
            "issued_token_type": "urn:ietf:params:oauth:token-type:id-jag",
            "token_type": token_type,
        }});
        let form = json!({"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange"});
        ("https://o.example/oauth2/v1/token", form, answer)
    }

    fn row(text: &str, switch: &str) -> Observed {
        let rows = calibrate(text).unwrap();
        rows.into_iter().find(|row| row.switch == switch).unwrap()
    }

    #[test]
    fn one_position_is_proposed_where_it_is_not_the_default() {
        let bearer = row(&recording(&[id_jag("Bearer")]), "id_jag_token_type");
        assert_eq!(bearer.seen, Seen::Possible(vec!["Bearer"]));
        assert_eq!(bearer.proposal(), Some("Bearer"));
        assert_eq!(bearer.places, ["a/b (exchange)"]);
        let usual = row(&recording(&[id_jag("N_A")]), "id_jag_token_type");
        assert_eq!(usual.proposal(), None);
    }

    #[test]
    fn what_contradicts_itself_and_what_is_not_there_is_proposed_nowhere() {
        let both = row(
            &recording(&[id_jag("N_A"), id_jag("Bearer")]),
            "id_jag_token_type",
        );
        assert_eq!(
            (both.seen.clone(), both.proposal()),
            (Seen::Contradictory, None)
        );
        let none = row(&recording(&[]), "id_jag_token_type");
        assert_eq!(none.seen, Seen::Unknown(None));
    }

    #[test]
    fn each_switch_has_a_rule_or_a_reason_and_no_other_has() {
        let with: BTreeSet<&str> = rules::RULES.iter().map(|(name, _)| *name).collect();
        let without: BTreeSet<&str> = NOT_OBSERVABLE.iter().map(|(name, _)| *name).collect();
        let both: Vec<_> = with.intersection(&without).collect();
        assert!(both.is_empty(), "{both:?}");
        let all: BTreeSet<&str> = Behaviours::SWITCHES.iter().map(|one| one.name).collect();
        assert_eq!(with.union(&without).copied().collect::<BTreeSet<_>>(), all);
    }

    #[test]
    fn what_is_no_recording_is_refused() {
        assert_eq!(calibrate(""), Err(CalibrateError::NoRecording));
        assert_eq!(
            calibrate("{\"schema\": 1}\n{}\n"),
            Err(CalibrateError::NoRecording)
        );
        let other = "{\"cassette\":{\"version\":2,\"edition\":\"\",\"target\":{\"clients\":{}}}}\n";
        assert_eq!(calibrate(other), Err(CalibrateError::Version(2)));
        let broken = recording(&[]).replace("\"case\"", "\"cast\"");
        assert!(matches!(
            calibrate(&broken),
            Err(CalibrateError::Line { line: 2, .. })
        ));
    }
}
