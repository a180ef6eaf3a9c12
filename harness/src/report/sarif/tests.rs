use serde_json::Value;

use super::*;
use crate::result::{Selection, Shard, sample};

fn sarif(run: &RunResult) -> Value {
    serde_json::from_str(&render(run, Form::Full).unwrap()).unwrap()
}

#[test]
fn a_broken_requirement_is_a_rule_and_a_check_its_result() {
    insta::assert_snapshot!(
        "sarif",
        render(&sample::every_verdict(), Form::Full).unwrap()
    );
    insta::assert_snapshot!(
        "sarif_all_well",
        render(&sample::all_well(), Form::Full).unwrap()
    );
}

/// What the schema demands and what code scanning needs beyond it.
#[test]
fn every_result_has_what_code_scanning_needs() {
    let log = sarif(&sample::every_verdict());
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert!(driver["name"].is_string());
    let rules = driver["rules"].as_array().unwrap();
    for rule in rules {
        for member in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[member]["text"].is_string(), "{rule}");
        }
        assert!(rule["defaultConfiguration"]["level"].is_string(), "{rule}");
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 3, "two checks fail, one warns");
    let mut fingerprints = std::collections::BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], rules[index]["id"]);
        assert!(result["message"]["text"].is_string());
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].is_string());
        assert!(place["region"]["startLine"].is_number());
        assert!(result.get("suppressions").is_none());
        let fingerprint = &result["partialFingerprints"]["primaryLocationLineHash"];
        fingerprints.insert(fingerprint.as_str().unwrap().to_owned());
    }
    assert_eq!(fingerprints.len(), results.len());
}

#[test]
fn a_result_is_the_same_wherever_its_line_has_moved() {
    let fingerprints = |run: &RunResult| -> Vec<Value> {
        let log = sarif(run);
        let results = log["runs"][0]["results"].as_array().unwrap().iter();
        results
            .map(|result| result["partialFingerprints"].clone())
            .collect()
    };
    let run = sample::every_verdict();
    let mut later = run.clone();
    for case in &mut later.results {
        for finding in &mut case.findings {
            finding.source = "elsewhere.yaml:1".parse().unwrap();
            finding.actual = finding.actual.as_ref().map(|_| "another".to_owned());
        }
    }
    assert_eq!(fingerprints(&run), fingerprints(&later));
    // The same check twice in a case is two results.
    let mut twice = run.clone();
    for case in &mut twice.results {
        case.findings = [case.findings.clone(), case.findings.clone()].concat();
    }
    let all = fingerprints(&twice);
    let distinct: std::collections::BTreeSet<String> = all.iter().map(Value::to_string).collect();
    assert_eq!((all.len(), distinct.len()), (6, 6));
}

#[test]
fn a_known_deviation_is_suppressed_and_one_that_is_gone_is_told() {
    let mut run = sample::every_verdict();
    for case in &mut run.results {
        match case.verdict {
            Verdict::Failed => case.standing = Standing::ExpectedFailure,
            Verdict::Passed => case.standing = Standing::Stale,
            _ => {}
        }
    }
    let log = sarif(&run);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let suppressed: Vec<usize> = results
        .iter()
        .map(|result| result["suppressions"].as_array().unwrap().len())
        .collect();
    assert_eq!(suppressed, [1, 1, 0]);
    let shown = &log["runs"][0]["invocations"][0]["toolConfigurationNotifications"];
    assert_eq!(shown.as_array().unwrap().len(), 1, "{shown}");
}

#[test]
fn uploads_of_different_runs_do_not_replace_each_other() {
    let mut run = sample::all_well();
    assert_eq!(category(&run), "atx/embedded/2026-10/");
    run.shard = Some(Shard {
        index: 2,
        count: 3,
        cases: 9,
        suite: String::new(),
    });
    assert_eq!(category(&run), "atx/embedded/2026-10/shard-2-of-3/");
    run.selection = Some(Selection {
        chosen: 9,
        suite: 12,
        filters: vec!["secret/".to_owned()],
        rerun: false,
        sample: false,
    });
    assert_eq!(
        category(&run),
        "atx/embedded/2026-10/only-secret/shard-2-of-3/"
    );
}

#[test]
fn a_check_that_cites_nothing_still_has_a_rule() {
    let mut run = sample::every_verdict();
    for case in &mut run.results {
        case.covers.clear();
        for finding in &mut case.findings {
            finding.covers.clear();
        }
    }
    let log = sarif(&run);
    let rules = &log["runs"][0]["tool"]["driver"]["rules"];
    assert_eq!(rules.as_array().unwrap().len(), 1);
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], rules[0]["id"]);
}
