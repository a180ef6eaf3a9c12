//! The table as docs/doctor.md has it.

use std::fmt::Write as _;

use super::{Console, NOT_BY_SETTING, rows};

/// The rows and the codes without one, as Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(
        "| status and `error` | internal code | what is set so | what to do | Admin Console |\n|---|---|---|---|---|\n",
    );
    for row in rows() {
        let place = row.console.path().unwrap_or(match row.console {
            Console::TargetFile => "the target file, or this machine",
            _ => "",
        });
        let _ = writeln!(
            page,
            "| {} `{}` | `{}` | {} | {} | {place} |",
            row.status, row.error, row.code, row.cause, row.cure
        );
    }
    page.push_str("\nNo setting causes these:\n\n");
    for (reason, codes) in NOT_BY_SETTING {
        let codes: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
        let _ = writeln!(page, "- {reason}: {}.", codes.join(", "));
    }
    page
}
