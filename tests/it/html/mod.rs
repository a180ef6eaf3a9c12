//! The HTML report as a reader meets it, in a headless Chromium. Where `tests/browser/install.sh` has found none, these
//! tests are ignored, with that reason.

mod browser;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use harness::report::{Form, Format};
use harness::result::{CaseResult, ResourceType, RunResult, Summary, Verdict};
use harness::run::RunOptions;
use harness::scenario::Scenario;
use harness::scenario::model::Edition;
use harness::targets::Target;
use harness::targets::config::{self, Sources};
use mock_okta::{Defect, MockOkta, Refusal};
use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::support::harness_run::{run_on, scenarios, whole_run};
use browser::Browser;

/// A case that the org under test fails.
const FAILED: &str = "authorization-server/redeem/replayed";

/// The request that it varies.
const FAILED_TWIN: &str = "authorization-server/redeem";

/// Reports of a run against an org with three defects, made once.
struct Reports {
    folder: TempDir,
    run: RunResult,
    part: RunResult,
}

impl Reports {
    fn get() -> &'static Self {
        static REPORTS: OnceLock<Reports> = OnceLock::new();
        REPORTS.get_or_init(|| {
            let run = defective();
            let folder = TempDir::new().expect("a folder");
            let part = part(&run);
            let little = little(&run);
            for (file, run) in [
                ("report.html", &run),
                ("part.html", &part),
                ("little.html", &little),
            ] {
                let text = html(run, Form::Full);
                std::fs::write(folder.path().join(file), text).expect("it can be written");
            }
            Self { folder, run, part }
        })
    }

    fn page(&self) -> PathBuf {
        self.folder.path().join("report.html")
    }

    /// Fewer cases, of every kind that the whole page has.
    fn part_page(&self) -> PathBuf {
        self.folder.path().join("part.html")
    }

    /// One case of every verdict, and the one that is looked at: what is checked node by node takes its time.
    fn little_page(&self) -> PathBuf {
        self.folder.path().join("little.html")
    }
}

fn html(run: &RunResult, form: Form) -> String {
    let format = Format::ALL
        .iter()
        .find(|format| format.file == "report.html");
    let text = format.expect("a format").render(run, form);
    text.expect("it can be made")
}

/// Every scenario: those that would notice against an org that is wrong in three places, the others against a sound one.
fn defective() -> RunResult {
    let refusals = [
        Refusal::IdJagReplayed,
        Refusal::LoginRequired,
        Refusal::IdJagScopesInRequest,
    ];
    let mut org = MockOkta::builder();
    for refusal in refusals {
        org = org.defect(Defect::Mute(refusal));
    }
    let org = org.start_blocking().expect("an org");
    let sources = Sources {
        folder: Path::new("."),
        environment: &|_| None,
    };
    let file = org.target_file();
    let deployment = config::parse("target.yaml", &file, &sources).expect("a target");
    let edition = Edition::E2026_10;
    let wrong = Runtime::new().expect("a runtime").block_on(async {
        let target = Target::new(deployment).expect("a client");
        run_on(noticing(), &target, &RunOptions::new(edition)).await
    });
    assert!(wrong.summary.failed >= 3, "{:?}", wrong.summary);
    let mut run = whole_run(edition).clone();
    for case in wrong.results {
        let sound = run.results.iter_mut().find(|sound| sound.id == case.id);
        *sound.expect("the whole run has it") = case;
    }
    run.varying.cases.extend(wrong.varying.cases);
    run.summary = Summary::of(&run.results);
    run.problems = wrong.problems;
    for status in wrong.resource_types {
        let mut types = run.resource_types.iter_mut();
        let same = types.find(|known| known.resource_type == status.resource_type);
        *same.expect("the whole run has it") = status;
    }
    run
}

/// What a defect of these would be noticed by.
fn noticing() -> Vec<Scenario> {
    let chosen = scenarios().iter().filter(|scenario| {
        scenario.id.starts_with("sign-in") || scenario.id.starts_with("authorization-server/redeem")
    });
    chosen.cloned().collect()
}

/// What does not hold, and one in forty of the others.
fn part(run: &RunResult) -> RunResult {
    let mut number = 0;
    only(run, |case| {
        number += 1;
        case.verdict != Verdict::Passed || number % 40 == 0 || case.id == FAILED_TWIN
    })
}

/// One case of every verdict, and the one that is looked at.
fn little(run: &RunResult) -> RunResult {
    let mut seen = Vec::new();
    only(run, |case| {
        let new = !seen.contains(&case.verdict);
        seen.push(case.verdict);
        new || case.id == FAILED
    })
}

/// Some of the cases, and the requirements that these cite.
fn only(run: &RunResult, chosen: impl FnMut(&CaseResult) -> bool) -> RunResult {
    let mut part = run.clone();
    part.results.retain(chosen);
    for problem in &mut part.problems {
        let kept = |id: &String| part.results.iter().any(|case| case.id == *id);
        problem.cases.retain(kept);
    }
    part.problems.retain(|problem| !problem.cases.is_empty());
    let cited: Vec<_> = part.results.iter().flat_map(|case| &case.covers).collect();
    part.requirements.retain(|id, _| cited.contains(&id));
    part.summary = Summary::of(&part.results);
    part
}

/// Everything that can be read of a case without opening it.
fn shown(browser: &Browser) -> usize {
    let count = "return document.querySelectorAll('article.cs:not([hidden])').length";
    let count = browser.ask(count).as_u64().expect("a number");
    usize::try_from(count).expect("few enough")
}

#[test]
fn the_page_is_at_most_three_megabytes_and_asks_nobody() {
    let run = &Reports::get().run;
    for form in [Form::Full, Form::Stable] {
        let page = html(run, form);
        assert!(page.len() <= 3_000_000, "{} bytes", page.len());
        for outside in ["src=\"http", "url(http", "@import", "<link", "<iframe"] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("default-src 'none'"), "no policy");
    }
}

#[test]
#[cfg_attr(not(has_browser), ignore = "no browser: run tests/browser/install.sh")]
fn a_failure_is_found_at_once_and_from_the_top_by_clicks() {
    let reports = Reports::get();
    let browser = Browser::open(1400, 900);
    browser.go(&reports.page(), "");
    // A reader can do something with all cases in less than a second, on a slow and busy machine in a few.
    let milliseconds = browser.ask(
        "const [page] = performance.getEntriesByType('navigation'); return page.domContentLoadedEventEnd",
    );
    let milliseconds = milliseconds.as_f64().expect("a number");
    assert!(milliseconds < 4000.0, "{milliseconds} ms");
    let sentence = browser.ask("return document.querySelector('main').innerText");
    let sentence = sentence.as_str().expect("a text");
    assert!(sentence.contains("Not conformant"), "{sentence}");
    // The first link of a problem leads to its case, open, with the message that does not hold.
    browser.click("#problems .pd a[href^='#c']");
    let case = "document.querySelector('article.cs details[open]')";
    assert_ne!(
        browser.ask(&format!("return {case} && {case}.id")),
        Value::Null
    );
    let failing = browser.ask(&format!(
        "return {case}.querySelectorAll('svg [data-failing]').length"
    ));
    assert_eq!(failing, 1, "one message is marked");
    let output = browser.ask(&format!("return {case}.innerText"));
    let output = output.as_str().expect("a text");
    for part in ["expected", "actual", "Whose fault", "atx run"] {
        assert!(output.contains(part), "{part} is not in\n{output}");
    }
    // The exchanges are those of the org that failed: what is said of an answer is what stands in it.
    let run = &reports.run;
    let answers = &run.varying.cases[FAILED].exchanges;
    let last = answers.last().and_then(|last| last.response.as_ref());
    assert_eq!(last.map(|answer| answer.status), Some(200));
    assert_eq!(browser.console_errors(), Vec::<String>::new());
}

#[test]
#[cfg_attr(not(has_browser), ignore = "no browser: run tests/browser/install.sh")]
fn a_deep_link_opens_its_case_even_when_filters_hide_it() {
    let reports = Reports::get();
    let browser = Browser::open(1400, 900);
    browser.go(&reports.part_page(), &format!("#{FAILED}"));
    let opened = |browser: &Browser| {
        browser.ask(&format!(
            "const at = document.getElementById('{FAILED}').closest('article');
             const box = at.querySelector('summary').getBoundingClientRect();
             // Neither outside the window nor below what stays on top.
             const hit = document.elementFromPoint(box.left + 40, box.top + box.height / 2);
             const seen = hit !== null && at.contains(hit);
             return [at.hidden ? 'hidden' : 'shown', at.querySelector('details').open ? 'open' : 'closed',
                     seen ? 'seen' : box.top]"
        ))
    };
    let found = serde_json::json!(["shown", "open", "seen"]);
    browser.frames(6);
    assert_eq!(opened(&browser), found);
    browser.go(&reports.part_page(), "#?verdict=passed");
    assert!(shown(&browser) < reports.part.results.len());
    browser.ask(&format!("location.hash = '#{FAILED}'; return null"));
    browser.frames(6);
    assert_eq!(opened(&browser), found);
    assert_eq!(browser.console_errors(), Vec::<String>::new());
}

/// A case that passed, in a fold.
const FOLDED: &str = "sign-in/code-flow";

/// Whether the fold of a case is open, and whether the case is in the window.
fn fold_of(browser: &Browser, id: &str) -> Value {
    browser.ask(&format!(
        "const at = document.getElementById('{id}').closest('article');
         const box = at.getBoundingClientRect();
         return [at.closest('details.ps').open, box.height > 0 && box.top < innerHeight]"
    ))
}

#[test]
#[cfg_attr(not(has_browser), ignore = "no browser: run tests/browser/install.sh")]
fn a_green_page_is_short_and_unfolds_for_whoever_looks_for_a_case() {
    let run = whole_run(Edition::E2026_10);
    let (opened, folded) = (serde_json::json!([true, true]), Value::Bool(false));
    let directory = TempDir::new().expect("a folder");
    let page = directory.path().join("green.html");
    std::fs::write(&page, html(run, Form::Full)).expect("it can be written");
    let browser = Browser::open(1280, 800);
    browser.go(&page, "");
    let height = browser.ask("return document.documentElement.scrollHeight");
    assert!(
        height.as_u64().is_some_and(|height| height <= 6000),
        "{height} pixels"
    );
    assert_eq!(fold_of(&browser, FOLDED)[0], folded);
    // By a link,
    browser.ask(&format!("location.hash = '#{FOLDED}'; return null"));
    browser.frames(6);
    assert_eq!(fold_of(&browser, FOLDED), opened);
    // by a search, and closed again when it is over,
    browser.go(&page, "");
    browser.type_into("#q", FOLDED);
    browser.frames(6);
    assert_eq!(fold_of(&browser, FOLDED)[0], true);
    browser.click("#reset");
    browser.frames(6);
    assert_eq!(fold_of(&browser, FOLDED)[0], folded);
    // on paper,
    browser.ask("dispatchEvent(new Event('beforeprint')); return null");
    assert_eq!(fold_of(&browser, FOLDED)[0], true);
    // and without a script.
    browser.without_script();
    browser.go(&page, &format!("#{FOLDED}"));
    assert_eq!(fold_of(&browser, FOLDED), opened);
    assert_eq!(browser.console_errors(), Vec::<String>::new());
}

#[test]
#[cfg_attr(not(has_browser), ignore = "no browser: run tests/browser/install.sh")]
fn the_first_screen_leads_to_the_cause() {
    let reports = Reports::get();
    let browser = Browser::open(1280, 800);
    browser.go(&reports.page(), "");
    let run = &reports.run;
    // Everything about the first problem that says what is wrong, who has to act and what to do.
    let beyond = browser.ask(
        "const parts = ['.verdict', '.ty', '.pc .at', '.pc h3', '.pc .ea'].map((part) => [part, document.querySelector(part)]);
         const labels = [...document.querySelectorAll('.pc[id] dt')];
         const cure = labels.find((label) => label.textContent === 'What to do');
         parts.push(['cure', cure ? cure.nextElementSibling : null]);
         return parts.filter(([, at]) => at === null || at.getBoundingClientRect().bottom > innerHeight).map(([part]) => part)",
    );
    assert_eq!(beyond, serde_json::json!([]));
    let cards = browser.ask("return document.querySelectorAll('#problems .pc[id]').length");
    assert_eq!(cards, run.problems.len());
    // The case that shows it is a click away.
    browser.click("#problems .pc .pd a");
    browser.frames(6);
    let first = &run.problems[0].cause.case;
    assert_eq!(
        browser.ask("return decodeURIComponent(location.hash.slice(1))"),
        **first
    );
    assert_eq!(browser.console_errors(), Vec::<String>::new());
}

#[test]
#[cfg_attr(not(has_browser), ignore = "no browser: run tests/browser/install.sh")]
fn filters_and_search_show_what_fits() {
    let reports = Reports::get();
    let run = &reports.part;
    let browser = Browser::open(1400, 900);
    browser.go(&reports.part_page(), "");
    assert_eq!(shown(&browser), run.results.len());
    browser.click("#verdict-failed");
    assert_eq!(shown(&browser), run.summary.failed);
    assert_eq!(
        browser.ask("return document.getElementById('shown').value"),
        format!("{} of {} cases", run.summary.failed, run.results.len())
    );
    browser.click("#reset");
    assert_eq!(shown(&browser), run.results.len());

    let of_type = run
        .results
        .iter()
        .filter(|case| case.resource_type == ResourceType::Secret);
    browser.ask(
        "const list = document.getElementById('type'); list.value = 'secret';
                 list.dispatchEvent(new Event('change', { bubbles: true })); return null",
    );
    assert_eq!(shown(&browser), of_type.count());
    browser.click("#reset");

    let cited = run
        .results
        .iter()
        .filter(|case| case.covers.iter().any(|id| id == "redeem.replay-ema"));
    browser.ask(
        "const list = document.getElementById('requirement'); list.value = 'redeem.replay-ema';
                 list.dispatchEvent(new Event('change', { bubbles: true })); return null",
    );
    assert_eq!(shown(&browser), cited.count());
    browser.click("#reset");

    browser.type_into("body", "/");
    browser.type_into("#q", "redeem/replayed");
    browser.frames(2);
    let named = run
        .results
        .iter()
        .filter(|case| case.id.contains("redeem/replayed"));
    assert_eq!(shown(&browser), named.count());
    // What is filtered can be sent to somebody.
    let address = browser.ask("return location.hash");
    assert_eq!(address, "#?q=redeem%2Freplayed");
    browser.type_into("#q", "no such case at all");
    browser.frames(2);
    assert_eq!(shown(&browser), 0);
    assert_eq!(
        browser.ask("return document.getElementById('none-shown').hidden"),
        false
    );
    assert_eq!(browser.console_errors(), Vec::<String>::new());
}

#[test]
#[cfg_attr(not(has_browser), ignore = "no browser: run tests/browser/install.sh")]
fn the_keyboard_leads_from_problem_to_problem() {
    let reports = Reports::get();
    let browser = Browser::open(1400, 900);
    browser.go(&reports.part_page(), "");
    let problem = |browser: &Browser, key: &str| {
        browser.type_into("body", key);
        browser.ask("return location.hash.slice(1)")
    };
    let first = problem(&browser, "j");
    let second = problem(&browser, "j");
    assert_ne!(first, second);
    assert_eq!(problem(&browser, "k"), first);
    let of = |id: &Value| {
        let id = id.as_str().expect("an id");
        let case = reports.part.results.iter().find(|case| case.id == id);
        case.unwrap_or_else(|| panic!("no case {id}")).verdict
    };
    for id in [&first, &second] {
        assert!(
            matches!(of(id), Verdict::Failed | Verdict::Error | Verdict::Warning),
            "{id}"
        );
    }
    assert_eq!(browser.console_errors(), Vec::<String>::new());
}

#[rstest]
#[case::light_and_wide("light", (1400, 900))]
#[case::dark_and_narrow("dark", (390, 844))]
#[case::light_and_narrowest("light", (360, 800))]
#[cfg_attr(not(has_browser), ignore = "no browser: run tests/browser/install.sh")]
fn nobody_is_shut_out(#[case] scheme: &str, #[case] size: (u32, u32)) {
    let reports = Reports::get();
    let browser = Browser::open(size.0, size.1);
    browser.prefer("screen", &[("prefers-color-scheme", scheme)]);
    // A case that fails is open, and so are the parts of it that are closed at first.
    browser.go(&reports.little_page(), &format!("#{FAILED}"));
    browser.ask(&format!(
        "for (const one of document.getElementById('{FAILED}').querySelectorAll('details')) one.open = true; return null"
    ));
    browser.ask(&format!("{}; return null", browser::axe()));
    let violations = browser.ask_later(
        "const done = arguments[0];
         axe.run(document, { resultTypes: ['violations'] }).then(
           (found) => done(found.violations.map((one) =>
             one.id + ': ' + one.help + ' at ' + one.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(', '))),
           (error) => done([String(error)]))",
    );
    assert_eq!(violations, serde_json::json!([]));
    // For whoever wants to look: report-light-1400.png and so on.
    let picture = format!("report-{scheme}-{}.png", size.0);
    browser.picture(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(picture));
    // Nothing is wider than the window.
    let wide = browser.ask("return document.documentElement.scrollWidth - innerWidth");
    assert!(
        wide.as_i64().is_some_and(|wide| wide <= 0),
        "{wide} pixels too wide"
    );
    // Every entry of the menu is within the window, and nothing has to be scrolled to see it.
    let hidden = browser.ask(
        "return [...document.querySelectorAll('.top nav a')].filter((one) => {
           const box = one.getBoundingClientRect();
           return box.width === 0 || box.left < 0 || box.right > innerWidth;
         }).map((one) => one.textContent)",
    );
    assert_eq!(hidden, serde_json::json!([]));
    assert_eq!(browser.console_errors(), Vec::<String>::new());
}

#[test]
#[cfg_attr(not(has_browser), ignore = "no browser: run tests/browser/install.sh")]
fn without_script_everything_can_be_read() {
    let reports = Reports::get();
    let browser = Browser::open(1400, 900);
    browser.without_script();
    browser.go(&reports.part_page(), "");
    // Asking needs no script of the page.
    let summary = format!("//div[@id='{FAILED}']/ancestor::details/summary");
    let output = browser.text_behind(&summary);
    for part in [
        "An ID-JAG works once",
        "redeem.replay-ema",
        "expected",
        "actual",
    ] {
        assert!(output.contains(part), "{part} is not in\n{output}");
    }
}
