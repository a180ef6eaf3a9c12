//! The console while a run goes on: failures as they happen, and a bar on a terminal or a line a case elsewhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::time::Duration;

use anstyle::Style;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;

use super::waiting;
use super::wire::{self, Wire};
use crate::presentation::baseline;
use crate::presentation::card;
use crate::presentation::ci_commands::disarmed;
use crate::presentation::deviation::Deviation;
use crate::presentation::person;
use crate::presentation::result_texts::ResultTexts;
use crate::presentation::terminal::{self, Look};
use crate::presentation::text::{clip, count as plural, visible, wrap};
use crate::presentation::words;
use crate::result::{
    CaseResult, EventSink, FindingRecord, RequirementNote, RunEvent, Standing, TargetKind,
    VaryingCase, Verdict,
};

/// Whether the console can redraw a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// A terminal: a bar that moves.
    Bar,
    /// A file or a pipe: one line a case.
    Lines,
}

/// How much is shown while a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Talk {
    /// Only what is wrong.
    Quiet,
    /// That, and what goes on.
    Normal,
    /// Every case with its exchanges. `None`: a few cases are shown whole, many by a line an exchange.
    Verbose(Option<Wire>),
}

/// So many cases are still read when their wire is shown whole: a case and what it varies.
const FEW: usize = 5;

/// Cases shown of one cause of errors; the summary counts the others.
const SAME_ERRORS: usize = 3;

/// Failed cases shown as they happen; the summary has them by cause.
const FAILED_SHOWN: usize = 10;

/// Where the text behind a verdict begins.
const UNDER_LABEL: usize = 10;

/// Tells a run on `out` as it happens.
pub struct Console<W> {
    out: W,
    look: Look,
    requirements: BTreeMap<String, RequirementNote>,
    talk: Talk,
    bar: Option<ProgressBar>,
    running: Vec<String>,
    /// Cases announced.
    planned: usize,
    failed: usize,
    org_issuer: String,
    kind: TargetKind,
    show_options: String,
    errors: BTreeMap<String, usize>,
    /// What is said before all else, until it is.
    opening: Option<String>,
    /// Nothing can be tested: all that is said is said at the end.
    is_mute: bool,
    /// Requests are held back until then.
    held_until: Option<Timestamp>,
}

impl<W: Write + Send> Console<W> {
    /// `requirements` is the whole catalogue, so that a failure can be shown when it happens.
    pub fn new(
        out: W,
        look: Look,
        progress: Progress,
        requirements: BTreeMap<String, RequirementNote>,
    ) -> Self {
        let bar = (progress == Progress::Bar).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(15));
            if let Ok(style) = ProgressStyle::with_template("{bar:20} {pos}/{len}  {wide_msg}") {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        });
        Self {
            out,
            look,
            requirements,
            talk: Talk::Normal,
            bar,
            running: Vec::new(),
            planned: 0,
            failed: 0,
            org_issuer: String::new(),
            kind: TargetKind::Embedded,
            show_options: String::new(),
            errors: BTreeMap::new(),
            opening: None,
            is_mute: false,
            held_until: None,
        }
    }

    /// Tells more or less than usual.
    #[must_use]
    pub fn with_talk(mut self, talk: Talk) -> Self {
        self.talk = talk;
        if talk == Talk::Quiet {
            self.bar = None;
        }
        self
    }

    /// Adds these options to every suggested `atx show`.
    #[must_use]
    pub fn with_show_options(mut self, options: &str) -> Self {
        options.clone_into(&mut self.show_options);
        self
    }

    fn texts(&self) -> ResultTexts<'_> {
        ResultTexts::with_issuer(&self.org_issuer).showing(self.kind, &self.show_options)
    }

    /// Takes the bar away, so that what follows starts on a clean line.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Prints above the bar. A console that is gone is no reason to stop measuring.
    fn say(&mut self, text: &str) {
        if self.is_mute {
            return;
        }
        if let Some(opening) = self.opening.take() {
            self.say(&opening);
        }
        let text = disarmed(text);
        let out = &mut self.out;
        let mut write = || {
            let _ = writeln!(out, "{text}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn case_done(&mut self, case: &CaseResult, varying: &VaryingCase) {
        match (case.standing, &case.known) {
            // The summary lists them; where a bar moves they are no reason to look up.
            (Standing::ExpectedFailure, Some(known)) if self.shows_each() => {
                self.standing_line(case, &baseline::reason(known));
            }
            (Standing::ExpectedFailure, _) => {}
            (Standing::Stale, Some(known)) => self.standing_line(case, &baseline::stale(known)),
            _ => self.verdict(case, varying),
        }
        if let Some(wire) = self.wire() {
            let lines = wire::lines(&varying.exchanges, wire, self.look.width());
            let lines: Vec<String> = lines.iter().map(|line| self.look.line(line)).collect();
            if !lines.is_empty() {
                self.say(&lines.join("\n"));
            }
        }
    }

    /// Whether a case is shown that nobody has to act on.
    const fn shows_each(&self) -> bool {
        !matches!(self.talk, Talk::Quiet) && (self.bar.is_none() || self.wire().is_some())
    }

    fn verdict(&mut self, case: &CaseResult, varying: &VaryingCase) {
        match case.verdict {
            Verdict::Failed if !matches!(self.talk, Talk::Verbose(_)) && self.planned > FEW => {
                self.failed += 1;
                // What it means is said once all is known: it may follow from something else.
                if self.failed <= FAILED_SHOWN {
                    self.case_line(case, &self.first_check(case));
                }
            }
            Verdict::Failed => {
                self.failed += 1;
                let problem = Deviation::new(case, Some(varying), &self.requirements, self.texts());
                let lines = card::lines(&problem, self.look.width());
                let card: Vec<String> = lines.iter().map(|line| self.look.line(line)).collect();
                self.say(&format!("\n{}\n", card.join("\n")));
            }
            Verdict::Error => {
                // One cause often breaks many cases: shown a few times here, and grouped in the summary.
                let reason = self.texts().reason(case).into_owned();
                let before = self.errors.entry(reason.clone()).or_default();
                *before += 1;
                match *before {
                    1 => self.case_line(case, &reason),
                    2..=SAME_ERRORS => self.case_line(case, "the same"),
                    _ => {}
                }
            }
            _ if self.talk == Talk::Quiet => {}
            Verdict::Warning => self.case_line(case, ""),
            _ if self.shows_each() => self.case_line(case, ""),
            _ => {}
        }
    }

    /// The first check that does not hold, in a line.
    fn first_check(&self, case: &CaseResult) -> String {
        let texts = self.texts();
        let failed = |finding: &&FindingRecord| finding.verdict == Verdict::Failed;
        let first = case.findings.iter().find(failed);
        first.map_or_else(String::new, |finding| {
            let (expected, actual) = (texts.expected(finding), texts.actual(finding));
            let text = format!("{}: expected {expected}, was {actual}", finding.check);
            clip(&text, 2 * self.look.width()).into_owned()
        })
    }

    const fn wire(&self) -> Option<Wire> {
        match self.talk {
            Talk::Verbose(Some(wire)) => Some(wire),
            Talk::Verbose(None) if self.planned <= FEW => Some(Wire::Whole),
            Talk::Verbose(None) => Some(Wire::Lines),
            Talk::Quiet | Talk::Normal => None,
        }
    }

    fn case_line(&mut self, case: &CaseResult, why: &str) {
        let label = words::verdict(case.verdict);
        self.line(label, terminal::verdict(case.verdict), case, why);
    }

    /// Where the baseline has more to say than the verdict.
    fn standing_line(&mut self, case: &CaseResult, why: &str) {
        let label = words::standing(case.standing);
        self.line(label, terminal::standing(case.standing), case, why);
    }

    fn line(&mut self, label: &str, style: Style, case: &CaseResult, why: &str) {
        let label = self.look.paint(style, &format!("{label:<8}"));
        let mut text = format!("{label}  {}", case.id);
        if !why.is_empty() {
            for line in wrap(&visible(why), self.look.width() - UNDER_LABEL) {
                let _ = write!(text, "\n{:UNDER_LABEL$}{line}", "");
            }
        }
        self.say(&text);
    }

    fn show_running(&self) {
        if let Some(bar) = &self.bar {
            let failed = if self.failed > 0 {
                format!("{} failed; ", self.failed)
            } else {
                String::new()
            };
            let held = self.held_until.filter(|until| *until > Timestamp::now());
            let held = held.map_or_else(String::new, |until| {
                format!("waiting until {}; ", waiting::clock(until))
            });
            bar.set_message(format!("{failed}{held}{}", self.running.join(", ")));
        }
    }
}

impl<W: Write + Send> EventSink for Console<W> {
    fn on_event(&mut self, event: &RunEvent) {
        match event {
            RunEvent::RunStarted {
                target,
                edition,
                org_issuer,
                cases,
                ..
            } => {
                let count = cases.len();
                self.org_issuer.clone_from(org_issuer);
                self.kind = target.kind;
                let place = if org_issuer.is_empty() {
                    String::new()
                } else {
                    format!(" at {org_issuer}")
                };
                let text = format!(
                    "running {} against {}{place} (edition {edition})",
                    plural(count, "case"),
                    target.name,
                );
                // Rules for every answer come with each run, however few its cases.
                let of_rules = cases.iter().filter(|case| case.is_rule());
                self.planned = count - of_rules.count();
                if self.talk != Talk::Quiet {
                    // Said with what comes next: a run that cannot begin has something else to say.
                    self.opening = Some(wrap(&visible(&text), self.look.width()).join("\n"));
                }
                if let Some(bar) = &self.bar {
                    bar.set_length(u64::try_from(count).unwrap_or(u64::MAX));
                    bar.enable_steady_tick(Duration::from_millis(250));
                }
            }
            RunEvent::CredentialsKnown { .. }
            | RunEvent::LeftBehind { .. }
            | RunEvent::Obtained { .. }
            | RunEvent::Paced(_) => {}
            RunEvent::Revoking { tokens } => {
                let text = format!("revoking {} of this run", plural(*tokens, "token"));
                if self.talk != Talk::Quiet {
                    self.say(&text);
                }
            }
            RunEvent::NotMeasured => {
                self.is_mute = true;
                self.opening = None;
                self.finish();
            }
            RunEvent::Waiting {
                address,
                time,
                until,
            } => {
                self.held_until = Some(*until);
                if self.talk != Talk::Quiet && self.bar.is_none() {
                    let address = address.as_ref().map(|address| self.texts().fill(address));
                    let text = waiting::begins(address.as_deref(), *time, *until);
                    self.say(&visible(&text));
                }
                self.show_running();
            }
            RunEvent::SignInsNeeded(needed) => {
                if self.talk != Talk::Quiet {
                    let text = visible(&needed.to_string()).into_owned();
                    self.say(&wrap(&text, self.look.width()).join("\n"));
                }
            }
            // Without the person the run does not go on, so even who wants to hear little hears this.
            RunEvent::PersonAsked(asked) => self.say(&person::request(asked)),
            RunEvent::NotTheAnswer => self.say(person::NOT_THE_ANSWER),
            RunEvent::CaseStarted { id } => {
                if let Some(opening) = self.opening.take() {
                    self.say(&opening);
                }
                self.running.push(id.clone());
                self.show_running();
            }
            RunEvent::CaseDone { result, varying } => {
                self.running.retain(|id| *id != result.id);
                self.case_done(result, varying);
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                }
                self.show_running();
            }
            RunEvent::RunDone { .. } => {
                if let Some(opening) = self.opening.take() {
                    self.say(&opening);
                }
                self.finish();
            }
        }
    }
}
