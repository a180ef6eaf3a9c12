//! Every promise of SECURITY.md names the tests that keep it, and they are there.

use conformance_tests::repo;

/// Heads the second column of a table of promises.
const KEPT_BY: &str = "| promise | kept by |";

/// What stands in backticks in the last column of each row, with the promise.
fn promises(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut promises = Vec::new();
    for table in text.split(KEPT_BY).skip(1) {
        let rows = table.lines().skip(2);
        for row in rows.take_while(|row| row.starts_with('|')) {
            let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
            let (promise, tests) = (cells[0].trim(), cells[1]);
            promises.push((promise, tests.split('`').skip(1).step_by(2).collect()));
        }
    }
    promises
}

#[test]
fn every_promise_is_kept_by_tests_that_are_there() {
    let text = repo::read("SECURITY.md");
    let promises = promises(&text);
    assert!(promises.len() >= 15, "only {} promises", promises.len());
    let mut wrong = Vec::new();
    for (promise, tests) in promises {
        if tests.is_empty() {
            wrong.push(format!("no test keeps: {promise}"));
        }
        for test in tests {
            let (path, name) = test.split_once("::").unwrap_or((test, ""));
            let path = repo::root().join(path);
            let is_there = if name.is_empty() {
                path.exists()
            } else {
                let code = std::fs::read_to_string(path).unwrap_or_default();
                code.contains(&format!("fn {name}("))
            };
            if !is_there {
                wrong.push(format!("{test} is not there: {promise}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
