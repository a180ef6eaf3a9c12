//! The names that a rule may refer to: those of the target, and those of the exchange that is judged.

use strict_yaml::{Problem, Problems, did_you_mean};

use crate::scenario::model::Template;
use crate::scenario::names::Scope;
use crate::scenario::template::narrow;

/// Members of `${server.…}`: the server that was asked, as the target describes it.
const SERVER: [&str; 8] = [
    "issuer",
    "token_endpoint",
    "authorization_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "introspection_endpoint",
    "revocation_endpoint",
    "end_session_endpoint",
];
/// Members of `${request.…}`, besides `form.<parameter>`.
const REQUEST: [&str; 2] = ["client_id", "audience_issuer"];
/// Members of `${signed_in.…}`: the user whose sign-in led to this request, and what was asked then.
const SIGNED_IN: [&str; 6] = ["id", "login", "sub", "scope", "nonce", "client_id"];
/// Roots whose members are whatever there is: claims of the token presented, members of the answer, parameters of the
/// authorization request of this walk.
const OPEN: [&str; 3] = ["presented", "answer", "authorization"];

/// Notes what is wrong with the names of a template.
pub(super) fn check(template: &Template, problems: &mut Problems) {
    for reference in template.references() {
        let place = narrow(problems, template.place, &format!("${{{reference}}}"));
        let (root, member) = reference.split_once('.').unwrap_or((reference, ""));
        let known: &[&str] = match root {
            "server" => &SERVER,
            "request" if member.strip_prefix("form.").is_some_and(is_word) => continue,
            "request" => &REQUEST,
            "signed_in" => &SIGNED_IN,
            root if OPEN.contains(&root) && is_word(member) => continue,
            _ => {
                if let Err(problem) = Scope::default().check(reference, place) {
                    problems.push(problem);
                }
                continue;
            }
        };
        if known.contains(&member) {
            continue;
        }
        let mut all: Vec<String> = known.iter().map(|one| format!("{root}.{one}")).collect();
        if root == "request" {
            all.push("request.form.<parameter>".to_owned());
        }
        let problem = Problem::new(place, format!("`{root}` has no member `{member}`"))
            .expected(format!("one of {}", all.join(", ")));
        problems.push(match did_you_mean(member, known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{root}.{near}`?")),
            None => problem,
        });
    }
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && !word.contains('.')
}
