//! How mistakes look.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use crate::{Place, Problem, Problems};

/// A key or value quoted in a message is cut to this many characters.
const LONGEST_MESSAGE: usize = 500;

/// All mistakes, a blank line between two.
pub(crate) fn all(problems: &Problems, styled: bool) -> String {
    let renderer = if styled {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut shown: Vec<String> = problems
        .sorted()
        .into_iter()
        .map(|problem| one(problems, problem, &renderer))
        .collect();
    if problems.beyond() > 0 {
        shown.push(format!(
            "and {} more in {}",
            problems.beyond(),
            problems.name()
        ));
    }
    shown.join("\n\n")
}

fn one(problems: &Problems, problem: &Problem, renderer: &Renderer) -> String {
    let text = problems.text();
    let name = normalize_untrusted_str(problems.name());
    let message = clean(&problem.message);
    let expected = problem.expected.as_deref().map(clean);
    let help = problem.help.as_deref().map(clean);

    // The renderer gets the one line it shall show: it would walk the whole file for each mistake.
    let start = floor_boundary(text, problem.place.start);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let line = text[line_start..line_end].trim_end_matches('\r');
    let from = (start - line_start).min(line.len());
    // What reaches past the line is underlined to its end, without the blanks there.
    let to = floor_boundary(text, problem.place.end)
        .saturating_sub(line_start)
        .min(line.trim_end().len())
        .max(from);

    let line = concealed(line, line_start, problems.concealed());
    let snippet = Snippet::source(line)
        .path(name)
        .line_start(problem.place.line)
        .annotation(AnnotationKind::Primary.span(from..to));
    let mut group = Group::with_title(Level::ERROR.primary_title(message)).element(snippet);
    if let Some(expected) = expected {
        group = group.element(Level::NOTE.with_name("expected").message(expected));
    }
    if let Some(help) = help {
        group = group.element(Level::HELP.message(help));
    }
    renderer.render(&[group])
}

/// A line that begins at an offset, with stars for what must not be shown. Offsets stay as they are.
fn concealed(line: &str, line_start: usize, places: &[Place]) -> String {
    let mut shown = String::with_capacity(line.len());
    for (at, character) in line.char_indices() {
        let at = line_start + at;
        if places.iter().any(|place| place.bytes().contains(&at)) {
            shown.extend(std::iter::repeat_n('*', character.len_utf8()));
        } else if is_c1(character) {
            // As long as it in UTF-8.
            shown.push('·');
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Without control characters, and not endless.
fn clean(text: &str) -> String {
    let text = normalize_untrusted_str(text).replace(is_c1, "\u{fffd}");
    match text.char_indices().nth(LONGEST_MESSAGE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// Control characters of ISO 6429 that the renderer leaves as they are, and terminals obey: U+009B begins a sequence.
fn is_c1(character: char) -> bool {
    ('\u{80}'..='\u{9f}').contains(&character)
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
