//! Every refusal, provoked: what was sent, and the status, `error` and internal code that came back.
//!
//! The table is exact: a refusal that no row provokes fails the test, so a rule cannot be added without one.

mod authorize;
mod bearer;
mod client_assertion;
mod client_authentication;
mod client_credentials;
mod code;
mod exchange;
mod jwks_uri;
mod jws;
mod redeem;
mod request;

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;

use crate::support::{Answer, Client};
use mock_okta_core::{Defect, Refusal};

/// One way to be refused.
struct Case {
    name: &'static str,
    how: fn(&Client) -> Answer,
    refusal: &'static str,
}

/// What is wrong, how it is sent, and what comes back.
const fn case(name: &'static str, how: fn(&Client) -> Answer, refusal: &'static str) -> Case {
    Case { name, how, refusal }
}

const TABLES: &[(&str, &[Case])] = &[
    ("request", request::CASES),
    ("client authentication", client_authentication::CASES),
    ("client assertion", client_assertion::CASES),
    ("jwks_uri", jwks_uri::CASES),
    ("authorize", authorize::CASES),
    ("code and refresh token", code::CASES),
    ("client credentials", client_credentials::CASES),
    ("exchange", exchange::CASES),
    ("redeem", redeem::CASES),
    ("bearer", bearer::CASES),
    ("any JWT", jws::CASES),
];

#[test]
fn every_refusal_is_provoked_and_answers_as_the_catalogue_says() {
    let mut wrong = Vec::new();
    let mut provoked = BTreeSet::new();
    for (table, cases) in TABLES {
        for case in *cases {
            let client = Client::of("rich", crate::support::rich_org);
            let answer = (case.how)(&client);
            provoked.extend(answer.code.clone());
            let refusal = answer.refusal();
            if refusal != case.refusal {
                wrong.push(format!(
                    "{table}: {}\n  expected {}\n  answered {refusal}",
                    case.name, case.refusal
                ));
            }
        }
    }
    let never: Vec<&str> = Refusal::ALL
        .iter()
        .map(|refusal| refusal.code())
        .filter(|code| !provoked.contains(*code))
        .collect();
    wrong.extend((!never.is_empty()).then(|| format!("never provoked: {}", never.join(", "))));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A muted refusal is a defect that shows: what provoked it is answered in another way.
#[test]
fn no_refusal_is_made_while_it_is_muted() {
    let mut made = Vec::new();
    for (table, cases) in TABLES {
        for case in *cases {
            let client = Client::of("rich", crate::support::rich_org);
            let code = case.refusal.rsplit(' ').next().unwrap_or_default();
            let Ok(defect) = Defect::parse(&format!("mute/{code}")) else {
                continue;
            };
            client.core.set_defects([defect].into_iter().collect());
            // What a test does before the request may go wrong as well: that shows, too.
            let answer = std::panic::catch_unwind(AssertUnwindSafe(|| (case.how)(&client)));
            if answer.is_ok_and(|answer| answer.code.as_deref() == Some(code)) {
                made.push(format!("{table}: {}: {code}", case.name));
            }
        }
    }
    assert!(made.is_empty(), "{}", made.join("\n"));
}

#[test]
fn names_are_distinct() {
    let names: Vec<&str> = TABLES
        .iter()
        .flat_map(|(_, cases)| cases.iter().map(|case| case.name))
        .collect();
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), distinct.len());
}
