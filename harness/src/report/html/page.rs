//! The page, top down.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::case;
use super::extent::Thrift;
use super::sequence::Symbols;
use super::{
    coverage, foreign, matrix, observed, place, problems, shell, summary, toolbar, unjudged,
};
use crate::evidence::RecordedStep;
use crate::report::Form;
use crate::report::here::Here;
use crate::result::{CaseResult, RunResult, Varying, VaryingCase};

/// Bytes that the whole file may have, so that it opens at once and can be sent to somebody.
const MOST: usize = 3_000_000;

/// What every piece of the page reads.
pub(super) struct Page<'a> {
    /// The run.
    pub(super) run: &'a RunResult,
    /// Whether times, addresses and exchanges are told.
    pub(super) form: Form,
    /// Fills in addresses.
    pub(super) here: Here<'a>,
    cases: BTreeMap<&'a str, (usize, &'a CaseResult)>,
}

impl<'a> Page<'a> {
    pub(super) fn of(run: &'a RunResult, form: Form) -> Self {
        let cases: BTreeMap<_, _> = run
            .results
            .iter()
            .enumerate()
            .map(|(number, case)| (case.id.as_str(), (number, case)))
            .collect();
        Self {
            run,
            form,
            here: Here::of(run, form),
            cases,
        }
    }

    /// A case by its id.
    pub(super) fn case(&self, id: &str) -> Option<&'a CaseResult> {
        self.cases.get(id).map(|(_, case)| *case)
    }

    /// A short name of the place of a case, for links of which there are many. The script turns it into the id.
    pub(super) fn anchor(&self, id: &str) -> Option<String> {
        self.cases
            .get(id)
            .map(|(number, _)| place::numbered(*number))
    }

    /// What varies of the whole run, where it is told.
    pub(super) fn whole_run(&self) -> Option<&'a Varying> {
        Some(&self.run.varying).filter(|_| self.form == Form::Full)
    }

    /// What varies of a case, where it is told.
    pub(super) fn varying(&self, id: &str) -> Option<&'a VaryingCase> {
        self.run
            .varying
            .cases
            .get(id)
            .filter(|_| self.form == Form::Full)
    }

    /// The exchanges of a case, where they are told.
    pub(super) fn exchanges(&self, id: &str) -> &'a [RecordedStep] {
        self.varying(id)
            .map_or(&[], |varying| varying.exchanges.as_slice())
    }
}

/// The whole page, with as much of each case as there is room for.
pub(super) fn whole(run: &RunResult, form: Form) -> String {
    within(run, form, MOST)
}

/// The same in at most so many bytes.
pub(super) fn within(run: &RunResult, form: Form, most: usize) -> String {
    let page = Page::of(run, form);
    let above = above(&page);
    Thrift::ALL
        .into_iter()
        .find_map(|thrift| render(&page, &above, thrift, most))
        // What cannot be told in so little is told as briefly as it can be.
        .or_else(|| render(&page, &above, Thrift::Bare, usize::MAX))
        .unwrap_or_default()
}

/// `None` where that would be too large, which is found out as early as possible.
fn render(page: &Page<'_>, above: &Markup, thrift: Thrift, most: usize) -> Option<String> {
    let mut symbols = Symbols::default();
    let mut room = most.checked_sub(above.0.len())?;
    let mut articles = Vec::with_capacity(page.run.results.len());
    for (number, case) in page.run.results.iter().enumerate() {
        let article = case::article(page, case, number, thrift.detail(case), &mut symbols);
        room = room.checked_sub(article.0.len())?;
        articles.push(article);
    }
    let body = html! {
        a.skip href={ "#" (place::CASES) } { "Skip to the cases" }
        (head(page))
        main id="main" {
            (above)
            section id=(place::CASES) aria-labelledby="h-cases" {
                h2 id="h-cases" { "Cases" }
                @if page.form == Form::Full { p.lead { (thrift.words()) " In the diagrams a red box is the message that does not hold, a green dot an answer that was judged, and a dashed arrow what happens inside Okta and is not seen." } }
                (toolbar::toolbar(page))
                (by_flow(page, &articles))
            }
        }
        footer.end {
            p { "Made by atx " (page.run.kit.version) ". No secret is in this file: of each only a fingerprint was kept, and tokens have lost their signatures." }
        }
        (toolbar::help())
        (symbols.defined())
    };
    let mut text = shell(
        &format!("{} · conformance report", page.run.target.name),
        &body,
    )
    .into_string();
    text.push('\n');
    // Whatever piece forgot it: nothing in the file steers the reader's terminal or hides its neighbours.
    let text = foreign::lines(&text);
    Some(text).filter(|text| text.len() <= most)
}

fn head(page: &Page<'_>) -> Markup {
    html! {
        header.top {
            p.brand { b { "atx" } " conformance report" }
            nav aria-label="Sections" {
                ul {
                    @for (id, name) in [
                        (place::SUMMARY, "Summary"),
                        (place::PROBLEMS, "Problems"),
                        (place::UNJUDGED, "Not judged"),
                        (place::MATRIX, "Results"),
                        (place::COVERAGE, "Coverage"),
                        (place::CASES, "Cases"),
                    ] {
                        li { a href={ "#" (id) } { (name) } }
                    }
                }
            }
            p.tgt { (page.run.target.name) }
        }
    }
}

/// Everything but the cases.
fn above(page: &Page<'_>) -> Markup {
    html! {
        (summary::section(page))
        (problems::section(page))
        (unjudged::section(page))
        (observed::section(page))
        (matrix::section(page))
        (coverage::section(page))
    }
}

/// The cases under the flows to which they belong, in order.
fn by_flow(page: &Page<'_>, articles: &[Markup]) -> Markup {
    let mut at = 0;
    html! {
        @for flow in page.run.results.chunk_by(|one, next| one.scenario == next.scenario) {
            @let first = at;
            @let () = at += flow.len();
            section.fl {
                @if let Some(case) = flow.first() { h3 { (case.scenario) } }
                div.bx { @for article in &articles[first..at] { (article) } }
            }
        }
    }
}
