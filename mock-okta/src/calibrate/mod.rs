//! Calibration: what a recording of a real org shows of each switch, and the positions that make the mock answer as that org
//! did.
//!
//! A recording is what `atx run --record` writes. It is read here by its documented form alone (`recording`); `exchange` says
//! what an exchange of it is, `rules` what an answer leaves possible for a switch. What remains when all answers are taken
//! together is observed. Nothing is concluded from answers to test control, and from a case that sets switches itself.

mod exchange;
mod recording;
mod rules;
mod unseen;

use std::collections::BTreeMap;

use mock_okta_core::behaviour::{Behaviours, Edition};

use exchange::RecordedExchange;
use recording::{Recording, VERSION};
pub use unseen::NOT_OBSERVABLE;

/// The most places that are named for a switch.
const MOST_PLACES: usize = 3;

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalibrateError {
    /// It is something else.
    #[error("this is no recording: write one with `atx run --record FILE`")]
    NoRecording,
    /// It has another version.
    #[error("the recording has version {0}, and version {VERSION} is read here")]
    Version(u64),
    /// A line that cannot be read.
    #[error("line {line}: {why}")]
    Line {
        /// Its number.
        line: usize,
        /// In words.
        why: String,
    },
}

/// What a recording shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calibration {
    /// A row for each switch.
    pub switches: Vec<Observed>,
    /// Whether the end of the file is missing, so that it may show less than the run did.
    pub is_cut: bool,
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

/// Everything that a recording shows.
///
/// # Errors
/// When the text is no recording.
pub fn calibrate(text: &str) -> Result<Calibration, CalibrateError> {
    let recording = Recording::read(text)?;
    let edition = Edition::parse(&recording.edition).unwrap_or_default();
    let defaults = Behaviours::of(edition);
    let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
    for exchange in RecordedExchange::all(&recording) {
        for (switch, rule) in rules::RULES {
            if let Some(possible) = rule(&exchange) {
                rows.entry(switch).or_default().take(possible, &exchange);
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
    Ok(Calibration {
        switches: observed.collect(),
        is_cut: recording.is_cut,
    })
}

/// What is left of a switch's positions.
#[derive(Default)]
struct Row {
    possible: Option<Vec<&'static str>>,
    places: Vec<String>,
    exchanges: usize,
}

impl Row {
    fn take(&mut self, possible: &[&'static str], exchange: &RecordedExchange<'_>) {
        match &mut self.possible {
            Some(left) => left.retain(|position| possible.contains(position)),
            None => self.possible = Some(possible.to_vec()),
        }
        self.exchanges += 1;
        let place = exchange.place();
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
mod tests;
