//! The options that choose the same target and scenarios again, for commands that the user may copy.

use std::path::Path;

use super::Args;
use crate::presentation::curl::shell::quoted;
use crate::result::Again;

/// What repeats this run.
pub(super) fn again(args: &Args) -> Again {
    Again {
        run: run(args),
        show: scenarios(args),
    }
}

/// As they follow `atx run`, with a leading space each.
fn run(args: &Args) -> String {
    let edition = args
        .edition
        .map(|edition| format!(" --edition {edition}"))
        .unwrap_or_default();
    let fail_on = args.fail_on;
    let fail_on = fail_on.map_or_else(String::new, |least| format!(" --fail-on {least}"));
    let deadline = args.deadline;
    let deadline = deadline.map_or_else(String::new, |time| {
        format!(" --deadline {}s", time.as_secs())
    });
    let profiles = args.profile.iter();
    let profiles = profiles.fold(String::new(), |text, profile| {
        format!("{text} --profile {profile}")
    });
    format!(
        "{}{}{edition}{profiles}{}{}{fail_on}{deadline}{}",
        args.target.again(),
        path("--replay", args.recording.replay.as_deref()),
        scenarios(args),
        path("--baseline", args.baseline.as_deref()),
        args.pace.again(),
    )
}

/// As they follow `atx show`.
pub(super) fn scenarios(args: &Args) -> String {
    path("--scenarios", args.scenarios.as_deref())
}

fn path(option: &str, path: Option<&Path>) -> String {
    path.map(|path| format!(" {option} {}", quoted(&path.display().to_string())))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(
            path("--target", Some(Path::new("o.yaml"))),
            " --target o.yaml"
        );
        assert_eq!(
            path("--target", Some(Path::new("my org's.yaml"))),
            r" --target 'my org'\''s.yaml'"
        );
        assert_eq!(path("--target", None), "");
    }
}
