//! Mistakes: where, what, what was expected, how to correct it.

use std::fmt;
use std::sync::Arc;

use crate::{Place, render};

/// One mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What to underline.
    pub place: Place,
    /// What is wrong, in one line.
    pub message: String,
    /// What would have been right, if the message does not say so.
    pub expected: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A mistake without expectation and help.
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            message: message.into(),
            expected: None,
            help: None,
        }
    }

    /// Says what would have been right.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Says how to correct it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// "did you mean …?", if one of the candidates is near; otherwise unchanged.
    #[must_use]
    pub fn did_you_mean<'c>(
        self,
        name: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Self {
        match crate::did_you_mean(name, candidates) {
            Some(candidate) => self.help(format!("did you mean `{candidate}`?")),
            None => self,
        }
    }
}

/// All mistakes of one file, with the file, so that they can be shown.
///
/// `Display` shows every one in the order in which they stand in the file: the place, the line itself underlined,
/// what was expected and how to correct it. [`Problems::styled`] does the same in colour. `Debug` leaves out the rest of
/// the file, which may hold secrets.
#[derive(Clone)]
pub struct Problems {
    name: Arc<str>,
    text: Arc<str>,
    list: Vec<Problem>,
    beyond: usize,
    concealed: Vec<Place>,
}

impl Problems {
    /// More than these are counted and not kept: nobody reads them, and hostile input could make millions.
    pub const KEPT: usize = 100;

    /// No mistake yet in the file of this name and text.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            list: Vec::new(),
            beyond: 0,
            concealed: Vec::new(),
        }
    }

    /// Notes a mistake. About what is concealed a message quotes nothing.
    pub fn push(&mut self, mut problem: Problem) {
        let start = problem.place.start;
        if (self.concealed.iter()).any(|place| place.bytes().contains(&start)) {
            problem.message = without_quotation(&problem.message);
        }
        if self.list.len() < Self::KEPT {
            self.list.push(problem);
        } else {
            self.beyond += 1;
        }
    }

    /// Takes back a mistake that turned out to be another one's consequence.
    pub(crate) fn take_back(&mut self, place: Place, message: &str) {
        let same = |problem: &Problem| problem.place == place && problem.message == message;
        if let Some(at) = self.list.iter().position(same) {
            self.list.remove(at);
        }
    }

    /// Never shows what stands at this place, whatever is wrong on its line: a secret, say.
    pub fn conceal(&mut self, place: Place) {
        self.concealed.push(place);
    }

    /// The places whose text is not shown.
    pub(crate) fn concealed(&self) -> &[Place] {
        &self.concealed
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether a mistake was noted inside this place: then what is missing there may be missing because of it, and
    /// need not be reported as well.
    pub fn any_within(&self, place: Place) -> bool {
        let inside = |other: Place| place.start <= other.start && other.start <= place.end;
        self.list.iter().any(|problem| inside(problem.place))
    }

    /// How many there are, those not kept included.
    pub fn len(&self) -> usize {
        self.list.len() + self.beyond
    }

    /// The mistakes in the order in which they stand in the file.
    pub fn sorted(&self) -> Vec<&Problem> {
        let mut sorted: Vec<_> = self.list.iter().collect();
        sorted.sort_by_key(|problem| problem.place);
        sorted
    }

    /// What messages call the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many mistakes were left out of [`Problems::sorted`].
    pub fn beyond(&self) -> usize {
        self.beyond
    }

    /// The value if there is no mistake, otherwise the mistakes.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }

    /// The messages in colour, with ANSI escapes.
    pub fn styled(&self) -> String {
        render::all(self, true)
    }
}

/// The message with nothing between its first backtick and its last.
fn without_quotation(message: &str) -> String {
    match (message.find('`'), message.rfind('`')) {
        (Some(first), Some(last)) if first < last => {
            format!("{}…{}", &message[..=first], &message[last..])
        }
        _ => message.to_owned(),
    }
}

impl fmt::Debug for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problems")
            .field("name", &self.name)
            .field("list", &self.list)
            .field("beyond", &self.beyond)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render::all(self, false))
    }
}

impl std::error::Error for Problems {}
