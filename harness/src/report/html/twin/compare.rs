//! What differs between a changed request and its twin's. Pure.

use serde_json::{Map, Value};

use crate::evidence::{RecordedField, RecordedStep, RecordedValue};
use crate::presentation::html::untrusted;
use crate::report::html::values::path;
use crate::result::{ChangeNote, JwtMember};

/// Claims that are another value in every request.
const ROUTINE: [&str; 8] = [
    "iat",
    "exp",
    "nbf",
    "jti",
    "nonce",
    "auth_time",
    "at_hash",
    "updated_at",
];
/// Members whose values are another in every run, and are no tokens.
const DRAWN: [&str; 7] = [
    "code",
    "code_verifier",
    "code_challenge",
    "state",
    "nonce",
    "date",
    "content-length",
];
/// Longest value compared; what differs further on is told by its hash of length alone.
const LONGEST: usize = 4000;

/// One line that is not the same in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// Parameter or header field.
    pub(super) name: String,
    /// Claim of it, where it is a token.
    pub(super) claim: Option<String>,
    /// In this case; `None` where it was not sent.
    pub(super) mine: Option<String>,
    /// In the twin.
    pub(super) original: Option<String>,
    /// Would differ in any two requests, and the case does not say that it changes it.
    pub(super) routine: bool,
}

/// What differs, what matters first; and the names of what is the same.
pub(super) fn differences(
    mine: &RecordedStep,
    original: &RecordedStep,
    change: Option<&ChangeNote>,
) -> (Vec<Difference>, Vec<String>) {
    let mut found = Found {
        rows: Vec::new(),
        same: Vec::new(),
        change,
    };
    let (here, there) = (&mine.request, &original.request);
    let methods = (Some(here.method.clone()), Some(there.method.clone()));
    found.compare(Sent::RequestLine, "method", methods, false);
    let paths = (Some(path(&here.url)), Some(path(&there.url)));
    found.compare(Sent::RequestLine, "address", paths, false);
    found.fields(Sent::Parameter, &here.parameters, &there.parameters);
    found.fields(Sent::Header, &here.headers, &there.headers);
    found.rows.sort_by_key(|row| row.routine);
    (found.rows, found.same)
}

/// As what something was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    RequestLine,
    Header,
    Parameter,
}

struct Found<'c> {
    rows: Vec<Difference>,
    same: Vec<String>,
    change: Option<&'c ChangeNote>,
}

impl Found<'_> {
    /// Fields of one name are paired in their order.
    fn fields(&mut self, sent: Sent, mine: &[RecordedField], original: &[RecordedField]) {
        let mut left: Vec<&RecordedField> = original.iter().collect();
        for field in mine {
            let pair = left
                .iter()
                .position(|other| other.name == field.name)
                .map(|at| left.remove(at));
            self.field(
                sent,
                &field.name,
                Some(&field.value),
                pair.map(|pair| &pair.value),
            );
        }
        for field in left {
            self.field(sent, &field.name, None, Some(&field.value));
        }
    }

    fn field(
        &mut self,
        sent: Sent,
        name: &str,
        mine: Option<&RecordedValue>,
        original: Option<&RecordedValue>,
    ) {
        let of_header = if sent == Sent::Header { "header " } else { "" };
        let label = format!("{of_header}{}", untrusted::line(name, 80));
        if let (
            Some(RecordedValue::Jwt { header, claims, .. }),
            Some(RecordedValue::Jwt {
                header: their_header,
                claims: their_claims,
                ..
            }),
        ) = (mine, original)
        {
            let before = self.rows.len();
            let in_header = format!("{label} header");
            self.members(&in_header, name, JwtMember::Header, (header, their_header));
            self.members(&label, name, JwtMember::Claim, (claims, their_claims));
            if self.rows.len() == before {
                self.same.push(label);
            }
            return;
        }
        let secret =
            |value: Option<&RecordedValue>| matches!(value, Some(RecordedValue::Secret { .. }));
        let routine = mine.is_some()
            && original.is_some()
            && (DRAWN.contains(&name.to_ascii_lowercase().as_str())
                || (secret(mine) && secret(original)))
            && !self.is_announced(name, None);
        let texts = (mine.map(text), original.map(text));
        self.compare(sent, &label, texts, routine);
    }

    fn members(
        &mut self,
        label: &str,
        parameter: &str,
        member: fn(String) -> JwtMember,
        (mine, original): (&Map<String, Value>, &Map<String, Value>),
    ) {
        let lifetime = |claims: &Map<String, Value>| {
            let number = |name: &str| claims.get(name).and_then(Value::as_i64);
            number("exp")
                .zip(number("iat"))
                .and_then(|(exp, iat)| exp.checked_sub(iat))
        };
        let as_long = lifetime(mine) == lifetime(original);
        let added = original.keys().filter(|name| !mine.contains_key(*name));
        for name in mine.keys().chain(added) {
            let (here, there) = (mine.get(name), original.get(name));
            if here == there {
                continue;
            }
            let alike = here.zip(there).is_some_and(|(here, there)| {
                std::mem::discriminant(here) == std::mem::discriminant(there)
            });
            let routine = ROUTINE.contains(&name.as_str())
                && alike
                && (name != "exp" || as_long)
                && !self.is_announced(parameter, Some(&member(name.clone())));
            self.rows.push(Difference {
                name: label.to_owned(),
                claim: Some(untrusted::line(name, 80)),
                mine: here.map(|value| untrusted::json(value, LONGEST)),
                original: there.map(|value| untrusted::json(value, LONGEST)),
                routine,
            });
        }
    }

    fn compare(
        &mut self,
        sent: Sent,
        name: &str,
        (mine, original): (Option<String>, Option<String>),
        routine: bool,
    ) {
        if mine == original {
            // How it was sent is of interest only where it differs.
            if sent == Sent::Parameter {
                self.same.push(name.to_owned());
            }
            return;
        }
        self.rows.push(Difference {
            name: name.to_owned(),
            claim: None,
            mine,
            original,
            routine,
        });
    }

    /// Whether the case says that it changes this.
    fn is_announced(&self, parameter: &str, member: Option<&JwtMember>) -> bool {
        self.change
            .is_some_and(|change| change.changes(parameter, member))
    }
}

fn text(value: &RecordedValue) -> String {
    match value {
        RecordedValue::Plain { text } => untrusted::line(text, LONGEST),
        RecordedValue::Secret { fingerprint } => format!("secret {fingerprint}"),
        RecordedValue::Jwt { fingerprint, .. } => format!("JWT {fingerprint}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::result::{ChangedPart, sample};

    fn sent() -> RecordedStep {
        sample::every_verdict()
            .varying
            .cases
            .values()
            .next()
            .unwrap()
            .exchanges[0]
            .clone()
    }

    fn with_claim(
        mut step: RecordedStep,
        parameter: &str,
        claim: &str,
        value: Value,
    ) -> RecordedStep {
        let field = step
            .request
            .parameters
            .iter_mut()
            .find(|field| field.name == parameter)
            .unwrap();
        if let RecordedValue::Jwt { claims, .. } = &mut field.value {
            claims.insert(claim.to_owned(), value);
        }
        step
    }

    fn change(name: &str, how: &str) -> ChangeNote {
        ChangeNote {
            step: "exchange".to_owned(),
            what: vec![ChangedPart {
                name: name.to_owned(),
                how: how.to_owned().into(),
            }],
        }
    }

    #[test]
    fn what_is_the_same_is_named_and_not_repeated() {
        let (rows, same) = differences(&sent(), &sent(), None);
        assert_eq!(rows, []);
        assert_eq!(
            same,
            [
                "grant_type",
                "requested_token_type",
                "subject_token",
                "scope",
                "client_assertion"
            ]
        );
    }

    #[test]
    fn a_parameter_left_out_added_or_changed_is_told() {
        let mut mine = sent();
        mine.request
            .parameters
            .retain(|field| field.name != "scope");
        let (rows, _) = differences(&mine, &sent(), None);
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].name.as_str(), &rows[0].mine), ("scope", &None));
        let (rows, _) = differences(&sent(), &mine, None);
        assert_eq!(rows[0].original, None);

        // Sent twice: the second one is extra.
        let mut twice = sent();
        let scope = twice.request.parameters[3].clone();
        twice.request.parameters.push(scope);
        let (rows, _) = differences(&twice, &sent(), None);
        assert_eq!((rows.len(), &rows[0].original), (1, &None));
    }

    #[test]
    fn claims_are_compared_one_by_one_and_routine_ones_stand_back() {
        let mine = with_claim(sent(), "client_assertion", "jti", json!("j-2"));
        let mine = with_claim(mine, "client_assertion", "aud", json!("elsewhere"));
        let (rows, _) = differences(&mine, &sent(), None);
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.claim.as_deref().unwrap(), row.routine))
            .collect();
        assert_eq!(found, [("aud", false), ("jti", true)]);
    }

    #[test]
    fn a_claim_that_the_case_changes_is_never_routine() {
        let mine = with_claim(sent(), "subject_token", "exp", json!(1));
        let routine =
            |change: Option<&ChangeNote>| differences(&mine, &sent(), change).0[0].routine;
        assert!(!routine(Some(&change(
            "subject_token",
            "claim exp: the target's now minus 60 s"
        ))));
        assert!(routine(Some(&change(
            "subject_token",
            "claim expo: left out"
        ))));
        assert!(routine(None));

        // Nor is a lifetime that is another.
        let with_iat = |step| with_claim(step, "subject_token", "iat", json!(0));
        assert!(!differences(&with_iat(mine.clone()), &with_iat(sent()), None).0[0].routine);
    }
}
