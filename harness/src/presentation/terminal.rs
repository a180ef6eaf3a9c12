//! How the console looks: width and colour. Everything is readable without either.

use anstyle::{AnsiColor, Style};

use crate::presentation::card::{Line, Tone};
use crate::result::{Standing, Verdict};

/// The narrowest page that is laid out; a narrower terminal wraps by itself.
pub const NARROWEST: usize = 60;
/// Longer lines are hard to read.
const WIDEST: usize = 120;

/// Width and colour of the console.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    width: usize,
    colour: bool,
}

impl Look {
    /// `width` in characters is brought into what can be laid out.
    #[must_use]
    pub fn new(width: usize, colour: bool) -> Self {
        Self {
            width: width.clamp(NARROWEST, WIDEST),
            colour,
        }
    }

    /// Characters a line may have.
    #[must_use]
    pub const fn width(self) -> usize {
        self.width
    }

    /// The same without colour.
    #[must_use]
    pub const fn plain(self) -> Self {
        Self {
            colour: false,
            ..self
        }
    }

    /// Whether there is colour.
    #[must_use]
    pub const fn colour(self) -> bool {
        self.colour
    }

    /// Text in a style, if there is colour.
    #[must_use]
    pub fn paint(self, style: Style, text: &str) -> String {
        if self.colour && style != Style::new() && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    pub(crate) fn line(self, line: &Line) -> String {
        let painted: String = line
            .iter()
            .map(|(tone, text)| self.paint(style(*tone), text))
            .collect();
        // A label column without text behind it would leave blanks at the end of the line.
        if self.colour {
            painted
        } else {
            painted.trim_end().to_owned()
        }
    }
}

/// The style of a verdict's name.
#[must_use]
pub const fn verdict(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Passed => AnsiColor::Green.on_default(),
        Verdict::Observed | Verdict::Skipped | Verdict::NotApplicable | Verdict::NotRun => {
            AnsiColor::Cyan.on_default()
        }
        Verdict::Warning => AnsiColor::Yellow.on_default(),
        Verdict::Error => AnsiColor::Magenta.on_default().bold(),
        Verdict::Failed => AnsiColor::Red.on_default().bold(),
    }
}

/// The style of the word for a standing.
pub(crate) const fn standing(standing: Standing) -> Style {
    match standing {
        Standing::Fine => AnsiColor::Green.on_default(),
        Standing::ExpectedFailure => AnsiColor::Yellow.on_default(),
        Standing::Unexpected | Standing::Stale => AnsiColor::Red.on_default().bold(),
    }
}

/// Headings and commands to type.
pub const STRONG: Style = Style::new().bold();
/// What may be skipped at first reading.
pub const FAINT: Style = Style::new().dimmed();

const fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Faint => FAINT,
        Tone::Head(of) => verdict(of),
        Tone::Expected => AnsiColor::Green.on_default(),
        Tone::Actual => AnsiColor::Red.on_default(),
    }
}
