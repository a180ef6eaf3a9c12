//! The commands that reports suggest: those of `atx run`, or of `atx agent` where an agent was judged.

use crate::result::{RunResult, TargetKind};

/// Runs these cases, separated by blanks, and nothing else; everything where there are none. `options` repeat the run.
pub(crate) fn run(kind: TargetKind, ids: &str, options: &str) -> String {
    if kind == TargetKind::Agent {
        let cases = ids.split_whitespace();
        // Rules are judged in every run, of whatever cases.
        let cases = cases.filter(|id| !id.starts_with("invariants/"));
        let cases = cases.fold(String::new(), |text, id| format!("{text} --case {id}"));
        return format!("atx agent{cases}{options}");
    }
    let joint = if ids.is_empty() { "" } else { " " };
    format!("atx run{joint}{ids}{options}")
}

/// The same for a whole result, with the options that repeat it.
pub(crate) fn run_again(result: &RunResult, ids: &str) -> String {
    run(result.target.kind, ids, &result.again.run)
}

/// Shows a case.
pub(crate) fn show(kind: TargetKind, id: &str, options: &str) -> String {
    format!("atx {}show {id}{options}", prefix(kind))
}

/// Lists cases; all of them where no filter is given.
pub(crate) fn list(kind: TargetKind, filter: &str, options: &str) -> String {
    let joint = if filter.is_empty() { "" } else { " " };
    format!("atx {}list{joint}{filter}{options}", prefix(kind))
}

const fn prefix(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::Agent => "agent ",
        TargetKind::Embedded | TargetKind::Mock | TargetKind::Okta => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_run_by_its_own_command() {
        let agent = TargetKind::Agent;
        assert_eq!(
            run(agent, "agent/a agent/b", " -- ./agent"),
            "atx agent --case agent/a --case agent/b -- ./agent"
        );
        assert_eq!(run(agent, "", " -- ./agent"), "atx agent -- ./agent");
        assert_eq!(show(agent, "agent/a", ""), "atx agent show agent/a");
        assert_eq!(
            run(TargetKind::Mock, "a", " --target o"),
            "atx run a --target o"
        );
        assert_eq!(
            run(TargetKind::Mock, "", " --target o"),
            "atx run --target o"
        );
        assert_eq!(list(TargetKind::Okta, "", ""), "atx list");
    }
}
