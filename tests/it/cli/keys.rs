//! Every algorithm that an org file offers for a client's key, from the org file to the verdict.

use mock_okta::MockOkta;
use serde_json::Value;

use super::Terminal;

const AGENT_KEY: &str = "{ kid: agent-rsa-1, alg: RS256 }";

#[test]
fn a_faultless_org_is_conformant_whatever_algorithm_the_agent_signs_with() {
    for alg in ["RS512", "ES256", "ES512"] {
        let default = mock_okta::default_org();
        assert!(
            default.contains(AGENT_KEY),
            "the default org has another key"
        );
        let key = format!("{{ kid: agent-rsa-1, alg: {alg} }}");
        let org = MockOkta::builder()
            .org_yaml("org.yaml", default.replace(AGENT_KEY, &key))
            .start_blocking()
            .expect("an org");
        let terminal = Terminal::new();
        terminal.write("target.yaml", &org.target_file());
        let output = terminal.atx(&[
            "run",
            "client-authentication",
            "authorization-server/whole-flow",
            "secret/who",
            "machine",
            "--target",
            "target.yaml",
        ]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{alg}: {said}");
        let report = terminal.folder().join("reports/out/report.json");
        let report = std::fs::read_to_string(report).expect("a report");
        let report: Value = serde_json::from_str(&report).expect("JSON");
        let cases = report["results"].as_array().expect("results");
        let passed = cases.iter().filter(|case| case["verdict"] == "passed");
        // Were the key not taken, all cases would be skipped.
        assert!(passed.count() > 150, "{alg}: {said}");
    }
}
