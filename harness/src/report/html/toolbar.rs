//! Search and filters, and the keys. A script makes them work, and shows them: without one they would promise too much.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::matrix::type_name;
use super::run_view::RunView;
use crate::presentation::html::mark;
use crate::presentation::words;
use crate::result::ResourceType;

/// Above the cases.
pub(super) fn toolbar(view: &RunView<'_>) -> Markup {
    let run = view.run;
    let cases = run.results.iter();
    let types: BTreeMap<&str, ResourceType> = cases
        .map(|case| (case.resource_type.as_str(), case.resource_type))
        .collect();
    html! {
        form.flt id="filter" role="search" aria-label="Filter the cases" hidden {
            div.row {
                label.q for="q" { span { "Search" } input id="q" type="search" autocomplete="off" spellcheck="false" placeholder="id, title, requirement, error"; }
                label for="type" { span { "Resource type" }
                    select id="type" {
                        option value="" { "all" }
                        @for (name, of) in types { option value=(name) { (type_name(of)) } }
                    }
                }
                label for="requirement" { span { "Requirement" }
                    select id="requirement" {
                        option value="" { "all" }
                        @for id in run.requirements.keys() { option { (id) } }
                    }
                }
            }
            div.row {
                fieldset {
                    legend.vh { "Verdict" }
                    @for verdict in words::VERDICTS {
                        @let count = run.summary.count(verdict);
                        @if count > 0 {
                            label.vf { input type="checkbox" name="verdict" value=(mark::key(verdict)) id={ "verdict-" (mark::key(verdict)) }; (mark::badge(verdict)) " " (count) }
                        }
                    }
                }
                p.res {
                    output id="shown" for="q type requirement" { (run.summary.total) " of " (run.summary.total) " cases" }
                    button type="button" id="reset" { "Show all" }
                    button type="button" id="keys" { "Keys" kbd { "?" } }
                }
            }
        }
        p.empty id="none-shown" hidden { "No case fits. " button type="button" id="reset-none" { "Show all" } }
    }
}

/// Which keys do what.
pub(super) fn help() -> Markup {
    html! {
        dialog id="help" aria-labelledby="h-help" {
            h2 id="h-help" { "Keys" }
            dl.ky {
                @for (key, what) in [
                    ("/", "search"),
                    ("j", "next problem"),
                    ("k", "previous problem"),
                    ("x", "show all cases again"),
                    ("t", "light or dark"),
                    ("?", "these keys"),
                    ("Esc", "leave the search, close this"),
                ] {
                    dt { kbd { (key) } } dd { (what) }
                }
            }
            button type="button" id="help-close" { "Close" }
        }
    }
}
