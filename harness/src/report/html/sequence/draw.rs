//! Lifelines and arrows. Arrows that several diagrams have are drawn once in the page and referred to.

use std::collections::HashMap;
use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};

use super::lane::Lane;
use super::message::{Mark, Message};

/// From one lifeline to the next.
const APART: usize = 156;
/// From the edge to the first lifeline.
const EDGE: usize = 78;
/// Height of the heads of the lifelines.
const HEAD: usize = 40;
/// Height of an arrow with its words.
const ROW: usize = 27;

/// Drawings that occur more than once.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Symbols {
    numbers: HashMap<String, usize>,
    drawings: Vec<String>,
}

impl Symbols {
    /// A reference to this drawing, `down` from the top.
    fn refer(&mut self, drawing: String, down: usize) -> Markup {
        let next = self.drawings.len();
        let drawings = &mut self.drawings;
        let number = *self.numbers.entry(drawing).or_insert_with_key(|drawing| {
            drawings.push(drawing.clone());
            next
        });
        html! {
            @if down == 0 { use href={ "#s" (number) } {} } @else { use href={ "#s" (number) } y=(down) {} }
        }
    }

    /// How much of the page they take, about.
    pub(in super::super) fn bytes(&self) -> usize {
        let around = "<g id=\"s1234\"></g>".len();
        self.drawings.iter().map(|one| one.len() + around).sum()
    }

    /// What all diagrams refer to. Stands anywhere in the page, once.
    pub(in super::super) fn defined(&self) -> Markup {
        html! {
            svg.df width="0" height="0" aria-hidden="true" focusable="false" {
                defs {
                    marker id="ah" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" { path d="M0 .5 7.5 4 0 7.5z" {} }
                    marker id="af" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" { path d="M0 .5 7.5 4 0 7.5z" {} }
                    @for (number, drawing) in self.drawings.iter().enumerate() {
                        // Made by `html!` below, so it is escaped already.
                        g id={ "s" (number) } { (PreEscaped(drawing)) }
                    }
                }
            }
        }
    }
}

/// The diagram. For those who do not see it, it is described in words; `brief` names the steps only.
pub(in super::super) fn diagram(
    messages: &[Message],
    brief: bool,
    symbols: &mut Symbols,
) -> Markup {
    let mut lanes: Vec<Lane> = messages.iter().flat_map(lanes_of).collect();
    lanes.sort_unstable();
    lanes.dedup();
    if lanes.is_empty() {
        return html! {};
    }
    let width = 2 * EDGE + APART * (lanes.len() - 1);
    let height = HEAD + messages.iter().map(rows).sum::<usize>() * ROW + 14;
    let drawing = drawing(messages, &lanes, height, symbols);
    html! {
        div.sq tabindex="0" {
            svg role="img" viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) {
                title { "Sequence" }
                desc { @if brief { (steps(messages)) } @else { (words(messages)) } }
                (drawing)
            }
        }
    }
}

/// Lifelines and messages. Flows that went the same way share the whole drawing.
fn drawing(messages: &[Message], lanes: &[Lane], height: usize, symbols: &mut Symbols) -> Markup {
    let mut down = HEAD;
    let mut drawn = Vec::new();
    for message in messages {
        drawn.push(place(message, lanes, down, symbols));
        down += rows(message) * ROW;
    }
    let heads = symbols.refer(heads(lanes).into_string(), 0);
    let drawing = html! {
        path.ll d=(lifelines(lanes.len(), height)) {}
        (heads)
        @for message in &drawn { (message) }
    };
    if messages.iter().any(|message| message.mark == Mark::Failing) {
        drawing
    } else {
        symbols.refer(drawing.into_string(), 0)
    }
}

fn lanes_of(message: &Message) -> impl Iterator<Item = Lane> + use<> {
    [message.from, message.to]
        .into_iter()
        .chain(message.unseen.as_ref().map(|unseen| unseen.to))
}

/// Rows that a message takes.
const fn rows(message: &Message) -> usize {
    if message.unseen.is_some() { 3 } else { 2 }
}

fn across(lane: usize) -> usize {
    EDGE + APART * lane
}

fn lifelines(lanes: usize, height: usize) -> String {
    (0..lanes).fold(String::new(), |mut path, lane| {
        let _ = write!(path, "M{} 30V{height}", across(lane));
        path
    })
}

fn heads(lanes: &[Lane]) -> Markup {
    html! {
        @for (at, lane) in lanes.iter().enumerate() {
            rect.lh x=(across(at) - 58) y="4" width="116" height="26" rx="5" {}
            text.lt x=(across(at)) y="21" { (lane.name()) }
        }
    }
}

/// A message in its place: what does not hold is drawn where it stands, the rest by reference.
fn place(message: &Message, lanes: &[Lane], down: usize, symbols: &mut Symbols) -> Markup {
    let at = |lane: Lane| {
        lanes
            .iter()
            .position(|known| *known == lane)
            .map_or(EDGE, across)
    };
    let (from, to) = (at(message.from), at(message.to));
    // The arrow back stands in the last row.
    let back = (rows(message) - 1) * ROW;
    let drawing = html! {
        (arrow(from, to, &message.label, "q"))
        @if let Some(unseen) = &message.unseen {
            g transform={ "translate(0 " (ROW) ")" } { (arrow(to, at(unseen.to), &unseen.label, "u")) }
        }
        @match &message.answer {
            Some(answer) => { g transform={ "translate(0 " (back) ")" } { (arrow(to, from, answer, "a")) } }
            None => { text.tx.no x=(usize::midpoint(from, to)) y=(back + 18) { "no answer" } }
        }
    };
    match message.mark {
        Mark::Failing => {
            let (left, wide) = (from.min(to).saturating_sub(70), from.abs_diff(to) + 140);
            html! {
                g.failing data-failing="" transform={ "translate(0 " (down) ")" } {
                    rect.fb x=(left) y="1" width=(wide) height=(rows(message) * ROW + 4) rx="6" {}
                    (drawing)
                    circle.fc cx=(to) cy=(back + 23) r="8" {}
                    text.fx x=(to) y=(back + 27) { "✕" }
                }
            }
        }
        Mark::Judged => {
            let judged = html! { (drawing) circle.jc cx=(to) cy=(back + 23) r="3.5" {} };
            symbols.refer(judged.into_string(), down)
        }
        Mark::Plain => symbols.refer(drawing.into_string(), down),
    }
}

fn arrow(from: usize, to: usize, words: &str, kind: &str) -> Markup {
    // One that stays at home makes a small loop.
    let path = if from == to {
        format!("M{from} 17h34v6h-30")
    } else {
        let end = if from < to { to - 3 } else { to + 3 };
        format!("M{from} 23H{end}")
    };
    html! {
        path class={ "ar " (kind) } d=(path) {}
        text.tx x=(usize::midpoint(from, to)) y="17" { (words) }
    }
}

/// The steps in their order.
fn steps(messages: &[Message]) -> String {
    let steps = messages.iter().map(|message| message.step.as_str());
    let mut steps: Vec<&str> = steps.collect();
    steps.dedup();
    steps.join(", ")
}

/// The same in words.
fn words(messages: &[Message]) -> String {
    let sentences: Vec<String> = messages
        .iter()
        .map(|message| {
            let (from, to) = (message.from.name(), message.to.name());
            let answer = match &message.answer {
                Some(answer) => format!(", answer {answer}"),
                None => ", no answer".to_owned(),
            };
            let unseen = message.unseen.as_ref().map_or_else(String::new, |unseen| {
                format!(", {to} to {}: {}", unseen.to.name(), unseen.label)
            });
            let mark = if message.mark == Mark::Failing {
                ", which does not hold"
            } else {
                ""
            };
            format!("{from} to {to}: {}{unseen}{answer}{mark}.", message.label)
        })
        .collect();
    sentences.join(" ")
}
