//! The end of a run on the console: what needs a decision, the counts, where the reports are, what to type next.

use std::fmt::Write as _;
use std::path::Path;

use super::{next, waiting};
use crate::presentation::deviation::{Group, groups};
use crate::presentation::problem_card;
use crate::presentation::result_texts::ResultTexts;
use crate::presentation::terminal::{self, Look};
use crate::presentation::text::{clip, count, visible, wrap};
use crate::presentation::words;
use crate::report::Form;
use crate::result::{CaseResult, Misconfiguration, RunResult, Standing, Verdict};

/// Names listed of a group; more are counted.
const LISTED: usize = 3;
/// Failed cases listed again at the end; more are counted.
const FAILURES_LISTED: usize = 12;
/// Problems shown; more are counted.
const PROBLEMS_LISTED: usize = 8;

/// What the summary shows beside the result.
#[derive(Debug, Clone)]
pub struct Closing<'a> {
    /// Folder with the reports; `None` when none were written.
    pub folder: Option<&'a Path>,
    /// The files in it.
    pub files: &'a [&'a str],
    /// What follows `atx run` to ask the same again, e.g. ` --target org.yaml`; empty or with a leading space.
    pub run_options: &'a str,
    /// What follows `atx show` for the same scenarios, likewise.
    pub show_options: &'a str,
}

/// The whole summary, with a line break at its end.
#[must_use]
pub fn summary(run: &RunResult, closing: &Closing<'_>, look: Look) -> String {
    let mut page = Page {
        look,
        text: String::new(),
    };
    if page.trouble(run) {
        return page.text;
    }
    let mistakes = run.incomplete.as_ref().map(|stop| stop.mistakes.as_slice());
    if let Some(mistakes) = mistakes.filter(|mistakes| !mistakes.is_empty()) {
        page.mistakes(run, mistakes);
        page.files(closing);
        page.next(run, closing);
        return page.text;
    }
    page.resource_types(run);
    page.notes(run);
    for verdict in [Verdict::Skipped, Verdict::NotApplicable, Verdict::NotRun] {
        page.groups(verdict, &groups(run, verdict, Form::Full));
    }
    if run.problems.is_empty() {
        // Of a report that was written before problems were: case by case.
        let errors = groups(run, Verdict::Error, Form::Full);
        page.groups(Verdict::Error, &errors);
        page.failures(run);
    }
    page.problems(run);
    page.baseline(run);
    page.counts(run);
    page.left_behind(run);
    page.obtained(run);
    page.files(closing);
    page.next(run, closing);
    page.text
}

/// The verdict alone; where it is not all well also where the reports are and what to type next.
#[must_use]
pub fn brief(run: &RunResult, closing: &Closing<'_>, look: Look) -> String {
    let mut page = Page {
        look,
        text: String::new(),
    };
    if page.trouble(run) {
        return page.text;
    }
    page.plain(0, &run.sentence());
    let is_well = run
        .results
        .iter()
        .all(|case| case.standing == Standing::Fine || case.standing == Standing::ExpectedFailure);
    if !is_well {
        page.files(closing);
        page.next(run, closing);
    }
    page.text
}

pub(super) struct Page {
    look: Look,
    text: String,
}

impl Page {
    /// A paragraph that hangs behind its first line.
    pub(super) fn paragraph(&mut self, indent: usize, style: anstyle::Style, text: &str) {
        for line in wrap(&visible(text), self.look.width() - indent) {
            self.text.push_str(&" ".repeat(indent));
            self.text.push_str(&self.look.paint(style, &line));
            self.text.push('\n');
        }
    }

    pub(super) fn plain(&mut self, indent: usize, text: &str) {
        self.paragraph(indent, anstyle::Style::new(), text);
    }

    /// Why nothing was tested, in one sentence and with nothing else, where trouble on the way is the reason.
    fn trouble(&mut self, run: &RunResult) -> bool {
        let Some(trouble) = run
            .incomplete
            .as_ref()
            .and_then(|stop| stop.trouble.as_ref())
        else {
            return false;
        };
        let sentence = ResultTexts::of(run, Form::Full).fill(trouble).into_owned();
        let label = self.look.paint(terminal::verdict(Verdict::Failed), "error");
        let _ = writeln!(self.text, "{label}: {}", visible(&sentence));
        true
    }

    fn head(&mut self, verdict: Verdict, text: &str) {
        self.titled(words::verdict(verdict), terminal::verdict(verdict), text);
    }

    /// A section's first line, behind a label.
    pub(super) fn titled(&mut self, label: &str, style: anstyle::Style, text: &str) {
        let page = wrap(&format!("{label} {text}"), self.look.width()).join("\n");
        // Painted after wrapping: an escape sequence has no width.
        let painted = self.look.paint(style, label);
        let _ = writeln!(self.text, "\n{}", page.replacen(label, &painted, 1));
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Lines as they are.
    pub(super) fn verbatim(&mut self, lines: &str) {
        self.text.push_str(lines);
    }

    /// What was seen where sources leave room, and SHOULDs that do not hold: one line a check.
    fn notes(&mut self, run: &RunResult) {
        let texts = ResultTexts::of(run, Form::Full);
        for verdict in [Verdict::Observed, Verdict::Warning] {
            let cases: Vec<&CaseResult> = run
                .results
                .iter()
                .filter(|case| case.verdict == verdict)
                .collect();
            if cases.is_empty() {
                continue;
            }
            self.head(
                verdict,
                &format!(
                    "{}: {}",
                    count(cases.len(), "case"),
                    words::meaning(verdict)
                ),
            );
            for case in cases {
                self.plain(2, &case.id);
                for finding in case
                    .findings
                    .iter()
                    .filter(|finding| finding.verdict != Verdict::Passed)
                {
                    let text = format!(
                        "{}: expected {}, was {} ({})",
                        finding.check,
                        texts.expected(finding),
                        texts.actual(finding),
                        finding.covers.join(", ")
                    );
                    let aside = finding.not_judged.as_ref();
                    let text = aside.map_or_else(
                        || text.clone(),
                        |why| format!("{text}, which is not judged: {why}"),
                    );
                    self.paragraph(4, terminal::FAINT, &text);
                }
            }
        }
    }

    fn groups(&mut self, verdict: Verdict, groups: &[Group<'_>]) {
        if groups.is_empty() {
            return;
        }
        let cases = groups.iter().map(|group| group.ids.len()).sum();
        self.head(
            verdict,
            &format!("{}: {}", count(cases, "case"), words::meaning(verdict)),
        );
        for group in groups {
            self.plain(2, &format!("{} × {}", group.ids.len(), group.reason));
            if let Some(cure) = group.cure {
                self.plain(4, &format!("cure: {cure}"));
            }
            let listed = group
                .ids
                .iter()
                .take(LISTED)
                .copied()
                .collect::<Vec<_>>()
                .join(", ");
            let more = group.ids.len().saturating_sub(LISTED);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            self.paragraph(4, terminal::FAINT, &format!("{listed}{more}"));
        }
    }

    /// Told whole when they happened; here once more by name, so that nobody has to scroll to know which.
    fn failures(&mut self, run: &RunResult) {
        let texts = ResultTexts::of(run, Form::Full);
        let failed: Vec<&CaseResult> = run
            .results
            .iter()
            .filter(|case| {
                case.verdict == Verdict::Failed && case.standing != Standing::ExpectedFailure
            })
            .collect();
        if failed.is_empty() {
            return;
        }
        self.head(
            Verdict::Failed,
            &format!(
                "{}: {}",
                count(failed.len(), "case"),
                words::meaning(Verdict::Failed)
            ),
        );
        for case in failed.iter().take(FAILURES_LISTED) {
            self.plain(2, &case.id);
            if let Some(finding) = case
                .findings
                .iter()
                .find(|finding| finding.verdict == Verdict::Failed)
            {
                let text = format!(
                    "{}: expected {}, was {}",
                    finding.check,
                    texts.expected(finding),
                    texts.actual(finding)
                );
                self.paragraph(
                    4,
                    terminal::FAINT,
                    &clip(&visible(&text), 2 * self.look.width()),
                );
            }
        }
        if let Some(more) = failed
            .len()
            .checked_sub(FAILURES_LISTED)
            .filter(|more| *more > 0)
        {
            self.plain(2, &format!("and {more} more"));
        }
    }

    /// What is wrong with the target file.
    fn mistakes(&mut self, run: &RunResult, mistakes: &[Misconfiguration]) {
        let texts = ResultTexts::of(run, Form::Full);
        self.head(
            Verdict::Error,
            "the target file is probably wrong, so nothing was tested",
        );
        for mistake in mistakes {
            self.plain(2, &mistake.setting);
            self.plain(4, &texts.fill(&mistake.what));
            self.plain(4, &format!("cure: {}", mistake.cure));
        }
        let advice = "if all of this is as it should be, the org deviates: `--no-preflight` tests it all the same";
        self.paragraph(2, terminal::FAINT, advice);
        self.blank();
    }

    /// What is wrong, cause by cause, the one with most affected cases first.
    fn problems(&mut self, run: &RunResult) {
        let texts = ResultTexts::of(run, Form::Full);
        let problems = problem_card::unexpected(run);
        let (all, width) = (problems.len(), self.look.width());
        for (index, problem) in problems.iter().take(PROBLEMS_LISTED).enumerate() {
            let lines = problem_card::lines(problem, index + 1, all, run, texts, width);
            let lines: Vec<String> = lines.iter().map(|line| self.look.line(line)).collect();
            let _ = writeln!(self.text, "\n{}", lines.join("\n"));
        }
        if all > PROBLEMS_LISTED {
            let more = count(all - PROBLEMS_LISTED, "more problem");
            let _ = writeln!(self.text, "\nand {more}, in the reports");
        }
    }

    /// One line for each resource type.
    fn resource_types(&mut self, run: &RunResult) {
        let texts = ResultTexts::of(run, Form::Full);
        for status in &run.resource_types {
            let name = words::resource_type(status.resource_type);
            let line = format!("{name}: {}", texts.fill(&status.words));
            if status == &run.resource_types[0] {
                self.blank();
            }
            let line = clip(&visible(&line), 3 * self.look.width()).into_owned();
            let style = terminal::verdict(words::verdict_of(status.state));
            self.paragraph(0, style, &line);
        }
    }

    fn counts(&mut self, run: &RunResult) {
        let texts = ResultTexts::of(run, Form::Full);
        self.text.push('\n');
        let counts: Vec<String> = words::VERDICTS
            .into_iter()
            .filter(|verdict| run.summary.count(*verdict) > 0)
            .map(|verdict| format!("{} {}", run.summary.count(verdict), words::verdict(verdict)))
            .collect();
        let text = format!(
            "{}: {} ({} in {}; edition {}, target {})",
            count(run.summary.total, "case"),
            counts.join(", "),
            count(run.summary.checks, "check"),
            duration(run.varying.milliseconds),
            run.edition,
            run.target.name,
        );
        self.plain(0, &text);
        if let Some(line) = waiting::in_all(run) {
            self.plain(0, &line);
        }
        if let Some(incomplete) = &run.incomplete {
            self.plain(
                0,
                &format!(
                    "The run is incomplete: {}",
                    texts.fill(&incomplete.to_string())
                ),
            );
        }
        self.paragraph(0, terminal::verdict(worst(run)), &run.sentence());
        self.baseline_counts(run);
    }

    fn files(&mut self, closing: &Closing<'_>) {
        if let Some(folder) = closing.folder {
            self.plain(
                0,
                &format!(
                    "reports: {} ({})",
                    folder.display(),
                    closing.files.join(", ")
                ),
            );
        }
    }

    fn next(&mut self, run: &RunResult, closing: &Closing<'_>) {
        let (what, command) = next::command(run, closing);
        self.plain(0, &format!("next: {what}"));
        // Not wrapped: a command must be copied whole.
        let command = self.look.paint(terminal::STRONG, &visible(&command));
        let _ = writeln!(self.text, "  {command}");
    }
}

pub(super) fn is_stale(run: &RunResult) -> bool {
    run.results
        .iter()
        .any(|case| case.standing == Standing::Stale)
}

fn worst(run: &RunResult) -> Verdict {
    if is_stale(run) {
        return Verdict::Failed;
    }
    let worst = run
        .results
        .iter()
        .map(|case| match case.standing {
            Standing::ExpectedFailure => Verdict::Warning,
            Standing::Unexpected if case.verdict < Verdict::Skipped => Verdict::Failed,
            _ => case.verdict,
        })
        .max();
    match worst {
        // Skipped and observed cases are no reason for alarm.
        Some(Verdict::Skipped | Verdict::NotApplicable | Verdict::Observed) | None
            if run.summary.judged() > 0 =>
        {
            Verdict::Passed
        }
        Some(worst) => worst,
        None => Verdict::NotRun,
    }
}

fn duration(milliseconds: f64) -> String {
    if milliseconds < 1000.0 {
        format!("{milliseconds:.0} ms")
    } else {
        format!("{:.1} s", milliseconds / 1000.0)
    }
}
