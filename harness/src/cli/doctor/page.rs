//! What `atx doctor` found, for people: a line for each check, in groups, with details for what is a problem or unknown.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::doctor::{Checked, Examination, Group, Status};
use crate::presentation::terminal::Look;
use crate::presentation::text::{count, cut, visible, wrap};

/// Columns before the text of a detail.
const INDENT: usize = 12;
/// Columns of a check's name.
const NAME: usize = 24;

pub(super) fn render(found: &Examination, look: Look) -> String {
    let mut page = format!(
        "{} ({}), edition {}\n",
        visible(&found.target),
        visible(&found.org_issuer),
        found.edition
    );
    let mut group: Option<Group> = None;
    for checked in &found.checks {
        if group != Some(checked.group) {
            group = Some(checked.group);
            let heading = look.paint(Style::new().bold(), checked.group.title());
            let _ = writeln!(page, "\n{heading}");
        }
        line(&mut page, checked, look);
    }
    let _ = writeln!(page, "\n{}", summary(found));
    page
}

fn line(page: &mut String, checked: &Checked, look: Look) {
    let of = checked.of.as_deref();
    let of = of.map_or_else(String::new, |of| format!(" [{}]", visible(of)));
    let name = format!("{}{of}", checked.check.id());
    let word = look.paint(
        style(checked.status),
        &format!("{:<8}", checked.status.as_str()),
    );
    // What is right takes one line; all of it is in the JSON.
    let text = match (checked.status, &checked.evidence) {
        (Status::Ok, Some(evidence)) => visible(evidence),
        _ => checked.title.as_str().into(),
    };
    let room = look.width().saturating_sub(INDENT + NAME);
    let _ = writeln!(page, "  {word}  {name:<NAME$}  {}", cut(&text, room));
    let mut detail = |label: &str, text: Option<&String>| {
        let Some(text) = text else {
            return;
        };
        let label = if label.is_empty() {
            String::new()
        } else {
            format!("{label}: ")
        };
        let text = format!("{label}{}", visible(text));
        for line in wrap(&text, look.width().saturating_sub(INDENT)) {
            let _ = writeln!(page, "{:INDENT$}{line}", "");
        }
    };
    match checked.status {
        Status::Ok => {}
        Status::Problem => {
            detail("", checked.evidence.as_ref());
            detail("setting", checked.setting.as_ref());
            detail("cure", checked.cure.as_ref());
            detail("Admin Console", checked.console.as_ref());
        }
        Status::Unknown => {
            detail("", checked.reason.as_ref());
            detail("to find out", checked.find_out.as_ref());
        }
    }
}

const fn style(status: Status) -> Style {
    match status {
        Status::Ok => AnsiColor::Green.on_default(),
        Status::Problem => AnsiColor::Red.on_default().bold(),
        Status::Unknown => AnsiColor::Yellow.on_default(),
    }
}

fn summary(found: &Examination) -> String {
    let [ok, problems, unknown] =
        [Status::Ok, Status::Problem, Status::Unknown].map(|status| found.count(status));
    let counts = format!("{ok} ok, {}, {unknown} unknown", count(problems, "problem"));
    if found.ready {
        format!("{counts}. No problem is known: the org can be measured with `atx run`.")
    } else {
        format!("{counts}. Mend the problems from the top: one often causes those below it.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::{Board, Check};

    #[test]
    fn each_check_has_a_line_and_what_is_wrong_says_what_to_do() {
        let mut board = Board::default();
        board.note(Checked::ok(Check::Name, "`o.example` has an address"));
        board.note(
            Checked::problem(Check::Policy, "no policy names the agent", "assign one")
                .setting("authorization_servers.custom_as.issuer"),
        );
        board.skip(
            &[Check::Scopes],
            "not tried because `custom-as.policy` is a problem",
        );
        let found = Examination::new(
            "an org\u{1b}[31m".into(),
            "https://o.example".into(),
            "2026-10".into(),
            board.finish(),
        );
        let page = render(&found, Look::new(100, false));
        assert!(!page.contains('\u{1b}'), "{page}");
        for check in Check::ALL {
            assert!(page.contains(&format!("  {}", check.id())), "{page}");
        }
        let policy = page.split("  custom-as.policy").nth(1).unwrap();
        let policy: Vec<&str> = policy.lines().skip(1).take(4).map(str::trim).collect();
        assert_eq!(
            policy,
            [
                "no policy names the agent",
                "setting: authorization_servers.custom_as.issuer",
                "cure: assign one",
                "Admin Console: Security > API > Authorization Servers > the server > Access Policies",
            ]
        );
        assert!(page.contains("1 ok, 1 problem, 22 unknown"), "{page}");
    }
}
