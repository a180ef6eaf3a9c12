//! Each variation shows where the journal says that it can, and changes what it says and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use http::response::Parts;
use mock_okta_core::{Variation, Variations};

use super::parts::differing;
use super::tour::{STATIONS, client};

type Seen = Vec<(Parts, Vec<u8>)>;

/// Stations at which one variation is tried: enough to see what it changes, and not all of them.
const ENOUGH: usize = 2;

/// The answers of a station, and the variations that the journal says concern them.
fn plain(station: fn(&crate::support::Client)) -> (Seen, BTreeSet<String>) {
    let client = client();
    station(&client);
    let concerned = client.core.with_state(|state| {
        let entries = state.journal.entries();
        let ids = entries.flat_map(|entry| {
            let entry = serde_json::to_value(entry).expect("JSON");
            let ids = entry["variations"].as_array().expect("a list").clone();
            ids.into_iter()
        });
        let ids = ids.map(|id| id.as_str().expect("an id").to_owned());
        ids.collect()
    });
    (client.seen.take(), concerned)
}

fn varied(station: fn(&crate::support::Client), variation: Variation) -> Seen {
    let client = client();
    let on = Variations::new([variation]).expect("one variation");
    client.core.set_variations(on);
    // A station may break off where another answer leads elsewhere: what was answered until then counts.
    let _ = catch_unwind(AssertUnwindSafe(|| station(&client)));
    client.seen.take()
}

#[test]
fn every_variation_changes_what_it_says_where_the_journal_says() {
    let plain: Vec<(Seen, BTreeSet<String>)> =
        STATIONS.iter().map(|station| plain(*station)).collect();
    let mut table = BTreeMap::new();
    let mut wrong = Vec::new();
    for variation in Variation::ALL {
        let id = variation.id();
        let concerned = plain.iter().zip(STATIONS);
        let concerned = concerned.filter(|((_, ids), _)| ids.contains(&id));
        let mut changed = BTreeSet::new();
        for (tried, ((seen, _), station)) in concerned.enumerate() {
            if tried >= ENOUGH && !changed.is_empty() {
                break;
            }
            let other = varied(*station, *variation);
            for (one, other) in seen.iter().zip(&other) {
                changed.extend(differing(one, other));
            }
        }
        if changed.is_empty() {
            wrong.push(format!("{id} changes nothing on the tour"));
        }
        table.insert(id, changed.into_iter().collect::<Vec<_>>().join(", "));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let lines: Vec<String> = table
        .iter()
        .map(|(id, parts)| format!("{id}: {parts}"))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// Where the journal does not name a variation, it changes nothing.
#[test]
fn no_variation_shows_where_the_journal_does_not_say_so() {
    let mut wrong = Vec::new();
    for (index, station) in STATIONS.iter().enumerate() {
        let (seen, concerned) = plain(*station);
        // Each variation is tried at a part of the stations, so that all together are.
        let others = Variation::ALL.iter().enumerate();
        let others = others
            .filter(|(at, one)| at % STATIONS.len() == index && !concerned.contains(&one.id()));
        for (_, variation) in others {
            let other = varied(*station, *variation);
            let same = seen.len() == other.len()
                && seen
                    .iter()
                    .zip(&other)
                    .all(|(one, other)| differing(one, other).is_empty());
            if !same {
                wrong.push(format!("{variation} at station {index}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
