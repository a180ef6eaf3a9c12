//! The page, top down.

use maud::{Markup, html};

use super::case;
use super::detail::{self, Detail};
use super::run_view::RunView;
use super::sequence::Symbols;
use super::{
    coverage, figures, flows, ledger, matrix, observed, place, problems, summary, toolbar, unjudged,
};
use crate::presentation::Form;
use crate::presentation::html::{document, untrusted};
use crate::result::{CaseResult, RunResult};

/// Bytes that the whole file may have, so that it opens at once and can be sent to somebody.
const MOST: usize = 3_000_000;

/// Bytes by which the sentence that says how much is shown is longer where some problems are shown whole.
const LONGER_SENTENCE: usize = 100;

/// The whole page, with as much of each case as there is room for.
pub(super) fn whole(run: &RunResult, form: Form) -> String {
    within(run, form, MOST)
}

/// The same in at most so many bytes; where that is too little even for what does not hold first in each case, with that.
pub(super) fn within(run: &RunResult, form: Form, most: usize) -> String {
    let view = RunView::of(run, form);
    let above = above(&view);
    for detail in [Detail::Exchanges, Detail::Differences] {
        let cases = Cases::of(&view, detail, most.saturating_sub(above.0.len()));
        let text = cases.map(|cases| render(&view, &above, &cases));
        if let Some(text) = text.filter(|text| text.len() <= most) {
            return text;
        }
    }
    of_checks(&view, &above, most)
}

/// The page of checks, with as many problems shown whole as there is room for.
fn of_checks(view: &RunView<'_>, above: &Markup, most: usize) -> String {
    let Some(mut cases) = Cases::of(view, Detail::Checks, usize::MAX) else {
        return String::new();
    };
    let checks = render(view, above, &cases);
    if checks.len() > most {
        let brief = Cases::of(view, Detail::Cause, usize::MAX);
        return brief.map_or(checks, |brief| render(view, above, &brief));
    }
    let used = checks.len() + LONGER_SENTENCE;
    cases.show_problems(view, most.saturating_sub(used));
    let text = render(view, above, &cases);
    if text.len() <= most { text } else { checks }
}

/// The articles of all cases, and what they share.
struct Cases {
    /// How much the page as a whole shows.
    detail: Detail,
    articles: Vec<Markup>,
    symbols: Symbols,
    /// Problems that a page of checks shows with more than these.
    shown: usize,
    /// How many there are.
    problems: usize,
}

impl Cases {
    /// `None` as soon as they are larger than `most`.
    fn of(view: &RunView<'_>, detail: Detail, most: usize) -> Option<Self> {
        let mut symbols = Symbols::default();
        let mut room = most;
        let mut articles = Vec::with_capacity(view.run.results.len());
        for (number, case) in view.run.results.iter().enumerate() {
            let article = case::article(view, case, number, detail.of(case), &mut symbols);
            room = room.checked_sub(article.0.len())?;
            articles.push(article);
        }
        let can_be_shown = |case: &&CaseResult| detail::with_room(case).is_some();
        Some(Self {
            detail,
            articles,
            symbols,
            shown: 0,
            problems: view.run.results.iter().filter(can_be_shown).count(),
        })
    }

    /// Shows the first problems with more than their checks, until `room` is used up.
    fn show_problems(&mut self, view: &RunView<'_>, mut room: usize) {
        let cases = view.run.results.iter().enumerate();
        let problems =
            cases.filter_map(|(number, case)| Some((number, case, detail::with_room(case)?)));
        for (number, case, detail) in problems {
            let mut symbols = self.symbols.clone();
            let article = case::article(view, case, number, detail, &mut symbols);
            let (before, after) = (
                self.articles[number].0.len() + self.symbols.bytes(),
                article.0.len() + symbols.bytes(),
            );
            let Some(left) = room.checked_sub(after.saturating_sub(before)) else {
                return;
            };
            room = left;
            self.articles[number] = article;
            self.symbols = symbols;
            self.shown += 1;
        }
    }
}

fn render(view: &RunView<'_>, above: &Markup, cases: &Cases) -> String {
    let shows = detail::describe(cases.detail, cases.shown, cases.problems);
    let body = html! {
        a.skip href={ "#" (place::CASES) } { "Skip to the cases" }
        (head(view))
        main id="main" {
            (above)
            section id=(place::CASES) aria-labelledby="h-cases" {
                h2 id="h-cases" { "Cases" }
                @if view.form == Form::Full { p.lead { (shows) " Cases that ask for a decision come first; the others of a flow are folded. In the diagrams a red box is the message that does not hold, a green dot an answer that was judged, and a dashed arrow what happens inside Okta and is not seen." } }
                (toolbar::toolbar(view))
                (flows::all(view, &cases.articles))
            }
        }
        footer.end {
            p { "Made by atx " (view.run.kit.version) ". No secret is in this file: of each only a fingerprint was kept, and tokens have lost their signatures." }
        }
        (toolbar::help())
        (cases.symbols.defined())
    };
    let mut text = document(
        &format!("{} · conformance report", view.run.target.name),
        &body,
    )
    .into_string();
    text.push('\n');
    // Whatever piece forgot it: nothing in the file steers the reader's terminal or hides its neighbours.
    untrusted::lines(&text)
}

fn head(view: &RunView<'_>) -> Markup {
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
            p.tgt { (view.run.target.name) }
        }
    }
}

/// Everything but the cases.
fn above(view: &RunView<'_>) -> Markup {
    html! {
        (summary::section(view))
        (problems::section(view))
        (figures::section(view))
        (unjudged::section(view))
        (observed::section(view))
        (ledger::section(view))
        (matrix::section(view))
        (coverage::section(view))
    }
}
