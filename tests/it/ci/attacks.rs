//! What somebody might give to the action, or have `atx` print, to be obeyed by the runner.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use rstest::rstest;

use super::runner;
use crate::cli::Terminal;

/// Each with the name of the input that the message is about.
#[rstest]
#[case::out_adds_an_output("IN_OUT", "out", "reports\nverdict=fine")]
#[case::out_with_a_carriage_return("IN_OUT", "out", "reports\rverdict=fine")]
#[case::out_that_is_empty("IN_OUT", "out", "")]
#[case::out_that_is_the_root("IN_OUT", "out", "/")]
#[case::out_that_is_the_root_in_other_words("IN_OUT", "out", "/./..//")]
#[case::out_that_looks_like_an_option("IN_OUT", "out", "--help")]
#[case::out_that_is_a_pattern("IN_OUT", "out", "**/*")]
#[case::out_that_takes_back_a_pattern("IN_OUT", "out", "!reports")]
#[case::out_with_a_set("IN_OUT", "out", "reports/[a-z]")]
#[case::out_with_alternatives("IN_OUT", "out", "{a,b}")]
#[case::target_with_a_line_break("IN_TARGET", "target", "org.yaml\n::error::x")]
#[case::target_that_looks_like_an_option("IN_TARGET", "target", "-h")]
#[case::scenarios_with_an_escape("IN_SCENARIOS", "scenarios", "a\u{1b}[2J")]
#[case::baseline_with_a_line_break("IN_BASELINE", "baseline", "a\nb")]
#[case::atx_with_a_line_break("IN_ATX", "atx", "atx\nrm")]
#[case::atx_that_looks_like_an_option("IN_ATX", "atx", "-c")]
#[case::agent_with_a_line_break("IN_AGENT", "agent", "true\n::error::x")]
#[case::agent_with_an_escape("IN_AGENT", "agent", "echo \u{1b}[2J")]
#[case::agent_that_looks_like_an_option("IN_AGENT", "agent", "-x")]
#[case::agent_options_with_a_carriage_return(
    "IN_AGENT_OPTIONS",
    "agent-options",
    "--tls\r::error::x"
)]
#[case::agent_options_that_are_a_command("IN_AGENT_OPTIONS", "agent-options", "list")]
#[case::agent_options_without_an_agent("IN_AGENT_OPTIONS", "agent-options", "--tls")]
#[case::filter_with_a_carriage_return("IN_FILTER", "filter", "a\r::error::x")]
#[case::filter_with_an_escape("IN_FILTER", "filter", "\u{1b}]0;x\u{7}")]
#[case::edition_with_a_line_break("IN_EDITION", "edition", "2026-10\n")]
#[case::edition_that_looks_like_an_option("IN_EDITION", "edition", "--list")]
#[case::edition_of_two_words("IN_EDITION", "edition", "2026-10 x")]
#[case::profile_with_a_line_break("IN_PROFILE", "profile", "okta\n::error::x")]
#[case::profile_that_is_a_pattern("IN_PROFILE", "profile", "okta *")]
#[case::profile_that_looks_like_an_option("IN_PROFILE", "profile", "okta --help")]
#[case::fail_on_with_a_line_break("IN_FAIL_ON", "fail-on", "warning\nx=1")]
#[case::fail_on_that_is_unknown("IN_FAIL_ON", "fail-on", "nothing")]
#[case::shard_with_a_line_break("IN_SHARD", "shard", "1/3\n")]
#[case::shard_that_is_arithmetic("IN_SHARD", "shard", "1/$((3))")]
#[case::shard_of_none("IN_SHARD", "shard", "0/3")]
#[case::shard_without_an_end("IN_SHARD", "shard", "1/")]
#[case::version_with_a_line_break("IN_VERSION", "version", "0.1.0\n::error::x")]
#[case::version_with_an_escape_of_commands("IN_VERSION", "version", "0.1.0%0A::error::x")]
#[case::summary_that_is_a_word("IN_SUMMARY", "summary", "yes")]
#[case::summary_with_a_line_break("IN_SUMMARY", "summary", "true\n")]
#[case::fail_that_is_empty("IN_FAIL", "fail", "")]
#[case::fail_in_capitals("IN_FAIL", "fail", "True")]
#[case::upload_reports_with_a_line_break("IN_UPLOAD_REPORTS", "upload-reports", "a\nb")]
#[case::upload_reports_with_a_folder("IN_UPLOAD_REPORTS", "upload-reports", "../a")]
#[case::upload_sarif_that_is_a_number("IN_UPLOAD_SARIF", "upload-sarif", "1")]
fn an_input_of_another_form_is_refused(
    #[case] variable: &str,
    #[case] input: &str,
    #[case] value: &str,
) {
    let terminal = Terminal::new();
    let ran = runner::run(&terminal, &[(variable, value)]);
    assert_eq!(ran.exit, Some(2), "{}", ran.log);
    assert!(ran.outputs.is_empty(), "{:?}", ran.outputs);
    assert_eq!(ran.summary, "");
    let [command] = ran.commands.as_slice() else {
        panic!("one message, not {:?}", ran.commands);
    };
    let shown = format!("::error title=Conformance::input {input}: ");
    assert!(command.starts_with(&shown), "{command}");
    assert_eq!(ran.log, format!("{command}\n"), "nothing else is said");
    // The script ended before anything was run.
    assert!(!terminal.folder().join("reports").exists());
}

#[rstest]
#[case::lists_of_filters("IN_FILTER", "secret/*\n\tsign-in  rfc8693.issued-token-type\n")]
#[case::profiles("IN_PROFILE", " okta  mcp-ema ")]
#[case::edition("IN_EDITION", "2025-10")]
#[case::fail_on("IN_FAIL_ON", "observed")]
#[case::shard("IN_SHARD", "12/34")]
#[case::version("IN_VERSION", "0.1.0-rc.1+build")]
#[case::a_command_of_several_words("IN_AGENT", "cd 'my agent' && exec ./run --once; true")]
#[case::a_path_with_blanks_and_marks("IN_TARGET", "my org's (new).yaml")]
#[case::an_absolute_folder("IN_OUT", "/srv/out")]
#[case::a_folder_above("IN_OUT", "../out")]
#[case::a_name_with_blanks("IN_UPLOAD_REPORTS", "conformance 1.2_3-a")]
#[case::no_summary("IN_SUMMARY", "false")]
fn lawful_values_pass(#[case] variable: &str, #[case] value: &str) {
    let ran = runner::check(&Terminal::new(), &[(variable, value)]);
    assert_eq!((ran.exit, ran.log.as_str()), (Some(0), ""));
}

/// Were the check of the inputs left out, the outputs would still be those that the script means.
#[test]
fn a_line_break_in_a_value_adds_no_output() {
    let terminal = Terminal::new();
    let atx = fake_atx(&terminal, "exit 1");
    let out = "reports\nverdict=fine\nexit-code<<x\n0\nx";
    let ran = runner::execute(&terminal, &[("ATX", &atx), ("IN_OUT", out)]);
    assert_eq!(ran.exit, Some(0), "{}", ran.log);
    assert_eq!(ran.outputs["verdict"], "nonconformant");
    assert_eq!(ran.outputs["exit-code"], "1");
    assert_eq!(ran.outputs["out"], out);
    assert_eq!(ran.outputs.len(), 8);
}

#[test]
fn what_atx_prints_is_never_a_command() {
    let terminal = Terminal::new();
    let prints = r"
        echo '::error title=x::y'
        echo '  ::add-mask::a'
        echo 'a ##[group]b' >&2
        echo '::stop-commands::mine'
        echo '::mine::'
        echo '::set-output name=verdict::fine' >&2
        echo '::debug::without an end' | tr -d '\n'
        exit 3";
    let atx = fake_atx(&terminal, prints);
    let ran = runner::run(&terminal, &[("ATX", &atx)]);
    assert_eq!(ran.commands, Vec::<String>::new());
    for printed in ["::add-mask::a", "##[group]b", "::set-output"] {
        assert!(ran.log.contains(printed), "{printed}: {}", ran.log);
    }
    assert_eq!(ran.exit, Some(0), "{}", ran.log);
    assert_eq!(ran.outputs["verdict"], "incomplete");
}

#[test]
fn the_token_is_another_one_each_time() {
    let terminal = Terminal::new();
    let atx = fake_atx(&terminal, "exit 0");
    let token = || {
        let ran = runner::run(&terminal, &[("ATX", &atx)]);
        let line = ran.log.lines().find(|line| line.contains("stop-commands"));
        line.expect("commands are stopped").to_owned()
    };
    let (first, second) = (token(), token());
    assert_eq!(first.len(), "::stop-commands::".len() + 32, "{first}");
    assert_ne!(first, second);
}

#[test]
fn filters_that_look_like_commands_are_only_filters() {
    let terminal = Terminal::new();
    let inputs = [("IN_FILTER", "::error::x ##[error]y\n--help")];
    let ran = runner::run(&terminal, &inputs);
    assert_eq!(ran.commands, Vec::<String>::new(), "{}", ran.log);
    assert_eq!(ran.outputs["verdict"], "wrong-input", "{}", ran.log);
}

#[test]
fn a_version_of_several_lines_stays_one_message() {
    let terminal = Terminal::new();
    let atx = fake_atx(&terminal, "printf 'atx 1%%\\r\\n::error::x\\n'");
    let ran = runner::run(&terminal, &[("ATX", &atx), ("ATX_VERSION", "0.1.0")]);
    assert_eq!((ran.exit, ran.outputs.len()), (Some(2), 0));
    let shown = "::error title=Conformance::expected atx 0.1.0, this is atx 1%25%0D%0A::error::x";
    assert_eq!(ran.commands, [shown]);
}

/// A program in the place of `atx`.
fn fake_atx(terminal: &Terminal, script: &str) -> String {
    terminal.write("fake-atx", &format!("#!/bin/bash\n{script}\n"));
    let path = terminal.folder().join("fake-atx");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it may be run");
    path.display().to_string()
}
