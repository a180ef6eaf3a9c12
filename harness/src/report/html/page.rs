//! The page, top down.

use maud::{Markup, html};

use super::case;
use super::extent::Thrift;
use super::run_view::RunView;
use super::sequence::Symbols;
use super::{coverage, matrix, observed, place, problems, summary, toolbar, unjudged};
use crate::presentation::Form;
use crate::presentation::html::{document, untrusted};
use crate::result::RunResult;

/// Bytes that the whole file may have, so that it opens at once and can be sent to somebody.
const MOST: usize = 3_000_000;

/// The whole page, with as much of each case as there is room for.
pub(super) fn whole(run: &RunResult, form: Form) -> String {
    within(run, form, MOST)
}

/// The same in at most so many bytes.
pub(super) fn within(run: &RunResult, form: Form, most: usize) -> String {
    let view = RunView::of(run, form);
    let above = above(&view);
    Thrift::ALL
        .into_iter()
        .find_map(|thrift| render(&view, &above, thrift, most))
        // What cannot be told in so little is told as briefly as it can be.
        .or_else(|| render(&view, &above, Thrift::Bare, usize::MAX))
        .unwrap_or_default()
}

/// `None` where that would be too large, which is found out as early as possible.
fn render(view: &RunView<'_>, above: &Markup, thrift: Thrift, most: usize) -> Option<String> {
    let mut symbols = Symbols::default();
    let mut room = most.checked_sub(above.0.len())?;
    let mut articles = Vec::with_capacity(view.run.results.len());
    for (number, case) in view.run.results.iter().enumerate() {
        let article = case::article(view, case, number, thrift.detail(case), &mut symbols);
        room = room.checked_sub(article.0.len())?;
        articles.push(article);
    }
    let body = html! {
        a.skip href={ "#" (place::CASES) } { "Skip to the cases" }
        (head(view))
        main id="main" {
            (above)
            section id=(place::CASES) aria-labelledby="h-cases" {
                h2 id="h-cases" { "Cases" }
                @if view.form == Form::Full { p.lead { (thrift.words()) " In the diagrams a red box is the message that does not hold, a green dot an answer that was judged, and a dashed arrow what happens inside Okta and is not seen." } }
                (toolbar::toolbar(view))
                (by_flow(view, &articles))
            }
        }
        footer.end {
            p { "Made by atx " (view.run.kit.version) ". No secret is in this file: of each only a fingerprint was kept, and tokens have lost their signatures." }
        }
        (toolbar::help())
        (symbols.defined())
    };
    let mut text = document(
        &format!("{} · conformance report", view.run.target.name),
        &body,
    )
    .into_string();
    text.push('\n');
    // Whatever piece forgot it: nothing in the file steers the reader's terminal or hides its neighbours.
    let text = untrusted::lines(&text);
    Some(text).filter(|text| text.len() <= most)
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
        (unjudged::section(view))
        (observed::section(view))
        (matrix::section(view))
        (coverage::section(view))
    }
}

/// The cases under the flows to which they belong, in order.
fn by_flow(view: &RunView<'_>, articles: &[Markup]) -> Markup {
    let mut at = 0;
    html! {
        @for flow in view.run.results.chunk_by(|one, next| one.scenario == next.scenario) {
            @let first = at;
            @let () = at += flow.len();
            section.fl {
                @if let Some(case) = flow.first() { h3 { (case.scenario) } }
                div.bx { @for article in &articles[first..at] { (article) } }
            }
        }
    }
}
