//! Every bend shows: somewhere on a tour of the org an answer differs, and the journal says where that can be.

mod exact;
mod forged;
mod tour;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use mock_okta_core::{Bend, Defect};

use crate::support::{AGENT, Client, RecordedAnswer, TOKEN};
use tour::{STATIONS, client, control};

thread_local! {
    /// Whether a panic on this thread is one that a bend brings about.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Keeps panics that a bend brings about out of the output; to trace hundreds of them takes most of the test's time.
fn keep_expected_panics_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = take_hook();
        set_hook(Box::new(move |panic| {
            if !EXPECTED.get() {
                report(panic);
            }
        }));
    });
}

/// The answers of the org at a station.
fn answers(station: fn(&Client), bend: Option<Bend>) -> Vec<RecordedAnswer> {
    let client = client();
    client
        .core
        .set_defects(bend.map(Defect::Bend).into_iter().collect());
    // A station may break off over what it misses: what it received until then counts.
    EXPECTED.set(bend.is_some());
    let done = catch_unwind(AssertUnwindSafe(|| station(&client)));
    EXPECTED.set(false);
    assert!(
        bend.is_some() || done.is_ok(),
        "a station breaks off without a bend"
    );
    client.answers.take()
}

/// The stations at which the journal says that a bend changes an answer, by its id.
fn touched() -> BTreeMap<String, BTreeSet<usize>> {
    let mut at = BTreeMap::<String, BTreeSet<usize>>::new();
    for (index, station) in STATIONS.iter().enumerate() {
        let client = client();
        station(&client);
        client.core.with_state(|state| {
            for entry in state.journal.entries() {
                let entry = serde_json::to_value(entry).expect("JSON");
                for bend in entry["bends"].as_array().expect("a list") {
                    let id = bend.as_str().expect("an id").to_owned();
                    at.entry(id).or_default().insert(index);
                }
            }
        });
    }
    at
}

#[test]
fn every_bend_changes_an_answer_that_the_journal_says_it_can_change() {
    keep_expected_panics_quiet();
    let touched = touched();
    let clean: Vec<Vec<RecordedAnswer>> = STATIONS
        .iter()
        .map(|station| answers(*station, None))
        .collect();
    let mut wrong = Vec::new();
    for bend in Bend::ALL {
        let id = Defect::Bend(*bend).to_string();
        let Some(stations) = touched.get(&id) else {
            wrong.push(format!("{id}: nothing on the tour can be touched by it"));
            continue;
        };
        // The shortest way first.
        let mut stations: Vec<_> = stations.iter().collect();
        stations.sort_by_key(|index| clean[**index].len());
        let differing = stations.iter().find_map(|index| {
            let bent = answers(STATIONS[**index], Some(*bend));
            let pairs = clean[**index].iter().zip(bent);
            pairs.into_iter().find(|(clean, bent)| *clean != bent)
        });
        match differing {
            Some((clean, bent)) => {
                let more = exact::beyond(*bend, clean, &bent);
                wrong.extend(
                    more.iter()
                        .map(|more| format!("{id}: changes {more} as well")),
                );
            }
            None => wrong.push(format!("{id}: changes nothing")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn defects_are_switched_on_and_off_while_the_org_runs() {
    let client = client();
    let id_jag = client.id_jag();
    client.redeem(&id_jag);
    control(
        &client,
        "/_mock/defects",
        r#"{"on":["mute/id_jag_replayed"]}"#,
    );
    assert_eq!(client.redeem(&id_jag).status, 200);
    control(&client, "/_mock/defects", r#"{"on":[]}"#);
    assert_eq!(
        client.redeem(&id_jag).refusal(),
        "400 invalid_grant id_jag_replayed"
    );
}

#[test]
fn a_reset_leaves_defects_on() {
    let client = client();
    control(
        &client,
        "/_mock/defects",
        r#"{"on":["bend/id-jag-typ-missing"]}"#,
    );
    control(&client, "/_mock/reset", "");
    let snapshot = client.core.snapshot();
    assert!(snapshot.defects.bends(Bend::IdJagTypMissing));
}

#[test]
fn an_org_that_forgot_a_check_fails_on_what_is_missing() {
    let client = client();
    control(
        &client,
        "/_mock/defects",
        r#"{"on":["mute/token_request_missing_grant_type"]}"#,
    );
    let answer = client.post_as(AGENT, TOKEN, &[]);
    assert_eq!(answer.refusal(), "500 E0000009 -");
}
