//! Whether a change fits the step it is made to: only what a request has can be changed in it.

use strict_yaml::{Place, Problem, Problems, did_you_mean};

use super::ChangeForm;
use crate::scenario::model::{Change, Mutation};
use crate::scenario::step::{Action, Changeable};

impl ChangeForm {
    /// The change, with everything noted that the step cannot do.
    pub(crate) fn resolve(self, action: &Action, step: &str, problems: &mut Problems) -> Change {
        let can = action.kind().changeable();
        for key in &self.reserved {
            if !can.option_keys.contains(&key.value) {
                let problem = Problem::new(
                    key.place,
                    format!("`{}` cannot be changed in the step `{step}`", key.value),
                );
                problems.push(if can.option_keys.is_empty() {
                    problem.help("vary another step")
                } else {
                    problem.expected(format!(
                        "one of {}, or a parameter",
                        can.option_keys.join(", ")
                    ))
                });
            }
        }
        for (name, mutation) in &self.params {
            check_param(name.place, &name.value, mutation, &can, step, problems);
        }
        self.into_change(problems)
    }
}

fn check_param(
    place: Place,
    name: &str,
    mutation: &Mutation,
    can: &Changeable,
    step: &str,
    problems: &mut Problems,
) {
    if can.sent.iter().any(|sent| sent == name) {
        return;
    }
    let known = || {
        can.sent
            .iter()
            .map(String::as_str)
            .chain(can.other_params.iter().copied())
    };
    let adds = matches!(mutation, Mutation::Set(_));
    if !adds || !can.accepts_new_params {
        let problem = Problem::new(place, format!("the step `{step}` does not send `{name}`"));
        let sent = can.sent.join(", ");
        problems.push(if sent.is_empty() {
            problem.help("its request has no parameters to change")
        } else {
            problem
                .expected(format!("one of {sent}"))
                .did_you_mean(name, can.sent.iter().map(String::as_str))
        });
    } else if !known().any(|known| known == name)
        && let Some(near) = did_you_mean(name, known())
    {
        problems.push(
            Problem::new(place, format!("no step sends a parameter `{name}`"))
                .help(format!("did you mean `{near}`? To add `{name}` all the same put it under `extra` of the step")),
        );
    }
}
