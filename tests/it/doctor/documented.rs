//! The table of refusals covers the catalogue, and docs/doctor.md has it.

use std::collections::BTreeSet;

use conformance_tests::repo;
use harness::doctor::Check;
use harness::refusals::{self, NOT_BY_SETTING};

#[test]
fn every_code_of_the_catalogue_has_a_row_or_a_reason() {
    let catalogue = repo::read("mock-okta/core/catalogue/okta-error-codes.csv");
    let mut lines = catalogue.lines();
    assert_eq!(lines.next(), Some("internal_code,http_status,error"));
    let (mut wrong, mut known) = (Vec::new(), BTreeSet::new());
    let listed: Vec<&str> = NOT_BY_SETTING
        .iter()
        .flat_map(|(_, codes)| codes.iter().copied())
        .collect();
    for line in lines {
        let code = line.split(',').next().unwrap_or_default();
        known.insert(code);
        match refusals::of_code(code) {
            Some(row) if format!("{code},{},{}", row.status, row.error) != line => {
                wrong.push(format!("differs from its row: {line}"));
            }
            Some(_) => {}
            None if listed.contains(&code) => {}
            None => wrong.push(format!("neither a row nor a reason: {code}")),
        }
    }
    let ours = refusals::rows()
        .map(|row| row.code)
        .chain(listed.iter().copied());
    wrong.extend(
        ours.filter(|code| !known.contains(code))
            .map(|code| format!("not in the catalogue: {code}")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `UPDATE_DOCS=1 cargo test doctor` writes it anew.
#[test]
fn the_table_of_the_documentation_is_that_of_the_program() {
    let (begin, end) = (
        "<!-- table of refusals: begin -->\n",
        "<!-- table of refusals: end -->",
    );
    let page = repo::read("docs/doctor.md");
    let (head, rest) = page.split_once(begin).expect("a mark");
    let (table, tail) = rest.split_once(end).expect("a mark");
    let expected = format!("\n{}\n", refusals::markdown());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let page = format!("{head}{begin}{expected}{end}{tail}");
        std::fs::write(repo::root().join("docs/doctor.md"), page).expect("it can be written");
    } else {
        assert!(
            table == expected,
            "docs/doctor.md is not current: UPDATE_DOCS=1 cargo test doctor"
        );
    }
    for check in Check::ALL {
        assert!(
            page.contains(&format!("`{}`", check.id())),
            "docs/doctor.md lacks {}",
            check.id()
        );
    }
}

/// The same command writes it anew; `cargo xtask generate` does too.
#[test]
fn the_schema_of_the_document_is_current() {
    let file = "reports/doctor.schema.json";
    let current = format!("{:#}\n", harness::doctor::schema());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(repo::root().join(file), current).expect("it can be written");
    } else {
        assert!(repo::read(file) == current, "{file} is not current");
    }
}
