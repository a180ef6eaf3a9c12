//! Asks the user, on stderr, and reads answers from stdin; or takes what options and defaults say.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::cli::{Trouble, style};

/// How often a wrong answer may be corrected.
const ATTEMPTS: usize = 5;

/// How long a program may take to answer: one that writes answers into a pipe does so at once, and a pipe into which nobody
/// writes must not keep the command waiting for ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// A question: the option that answers it beforehand, and what is asked otherwise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'q> {
    /// Such as `--org URL`.
    pub(super) option: &'q str,
    /// What is asked, in one line.
    pub(super) asks: &'q str,
    /// Where the value stands, or what it is for; shown above the question.
    pub(super) about: &'q str,
    /// The answer where nothing is typed.
    pub(super) default: Option<&'q str>,
}

/// Why an answer cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) why: String,
    pub(super) cure: String,
    /// The answer that was probably meant.
    pub(super) instead: Option<String>,
}

impl Wrong {
    pub(super) fn new(why: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            cure: cure.into(),
            instead: None,
        }
    }
}

impl From<Wrong> for Trouble {
    fn from(wrong: Wrong) -> Self {
        Self::Usage {
            why: wrong.why,
            help: wrong.cure,
        }
    }
}

/// Where answers come from.
pub(super) struct Asker {
    /// None where no questions are asked.
    lines: Option<Lines>,
}

/// Lines of stdin.
struct Lines {
    receiver: Receiver<io::Result<String>>,
    /// None where a person types.
    patience: Option<Duration>,
}

impl Asker {
    /// Takes options and defaults only.
    pub(super) const fn silent() -> Self {
        Self { lines: None }
    }

    /// Asks whoever is at stdin.
    pub(super) fn stdin() -> Self {
        let (sender, receiver) = channel();
        // A read of stdin cannot be given up; the thread ends with the process.
        thread::spawn(move || {
            for line in io::stdin().lock().lines() {
                let is_over = line.is_err();
                if sender.send(line).is_err() || is_over {
                    break;
                }
            }
        });
        let patience = (!io::stdin().is_terminal()).then_some(PATIENCE);
        Self {
            lines: Some(Lines { receiver, patience }),
        }
    }

    /// Whether questions are asked.
    pub(super) const fn asks(&self) -> bool {
        self.lines.is_some()
    }

    /// A value that must be there: what the option says, else what is answered.
    pub(super) fn value<T>(
        &self,
        given: Option<&str>,
        question: Question<'_>,
        read: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<T, Trouble> {
        if let Some(given) = given {
            return read(given).map_err(|wrong| wrong.of(question.option));
        }
        let Some(lines) = &self.lines else {
            return match question.default {
                Some(default) => read(default).map_err(|wrong| wrong.of(question.option)),
                None => Err(missing(question.option)),
            };
        };
        if !question.about.is_empty() {
            style::to_stderr(&format!("\n{}\n", question.about));
        }
        let mut default = question.default.map(str::to_owned);
        for _ in 0..ATTEMPTS {
            let shown = default.as_deref().map(|default| format!(" [{default}]"));
            let shown = shown.unwrap_or_default();
            style::to_stderr(&format!("{}{shown}: ", question.asks));
            let typed = lines.next(question.option)?;
            let typed = match typed.trim() {
                "" => default.clone(),
                typed => Some(typed.to_owned()),
            };
            let Some(typed) = typed else {
                style::to_stderr("  an answer is needed\n");
                continue;
            };
            match read(&typed) {
                Ok(value) => return Ok(value),
                Err(wrong) => {
                    style::to_stderr(&format!("  {}\n  {}\n", wrong.why, wrong.cure));
                    default = wrong.instead.or(default);
                }
            }
        }
        Err(Trouble::Usage {
            why: format!(
                "no usable answer after {ATTEMPTS} attempts: {}",
                question.asks
            ),
            help: format!("answer it with {}", question.option),
        })
    }

    /// A value that may be left out, with `none` or without a default by an empty answer.
    pub(super) fn optional<T>(
        &self,
        given: Option<&str>,
        question: Question<'_>,
        read: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Trouble> {
        if given.is_none() && !self.asks() && question.default.is_none() {
            return Ok(None);
        }
        let with_default = Question {
            default: question.default.or(Some(NONE)),
            ..question
        };
        self.value(given, with_default, |typed| {
            (typed != NONE).then(|| read(typed)).transpose()
        })
    }

    /// Whether something is so.
    pub(super) fn is_so(&self, given: bool, question: Question<'_>) -> Result<bool, Trouble> {
        if given {
            return Ok(true);
        }
        self.value(None, question, |typed| match typed {
            "y" | "Y" | "yes" => Ok(true),
            "n" | "N" | "no" => Ok(false),
            _ => Err(Wrong::new(
                format!("`{typed}` is neither yes nor no"),
                "type y or n",
            )),
        })
    }

    /// One of several, by its number or its name.
    pub(super) fn choice(
        &self,
        given: Option<&str>,
        question: Question<'_>,
        choices: &[Choice],
    ) -> Result<usize, Trouble> {
        let names: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
        if given.is_none() && !self.asks() && question.default.is_none() {
            let lines = choices.iter();
            let lines = lines.map(|choice| format!("\n  {}  {}", choice.name, choice.about));
            return Err(Trouble::Usage {
                why: format!(
                    "{} is missing, and there are several:{}",
                    question.option,
                    lines.collect::<String>()
                ),
                help: "name one of them".to_owned(),
            });
        }
        let mut about = question.about.to_owned();
        for (number, choice) in choices.iter().enumerate() {
            if !about.is_empty() {
                about.push('\n');
            }
            let _ = write!(about, "  {}) {}  {}", number + 1, choice.name, choice.about);
        }
        let listed = Question {
            about: about.trim_end(),
            ..question
        };
        self.value(given, listed, |typed| {
            let by_number = typed.parse::<usize>().ok();
            let by_number = by_number.and_then(|number| number.checked_sub(1));
            let found = names.iter().position(|name| *name == typed);
            found
                .or(by_number.filter(|at| *at < names.len()))
                .ok_or_else(|| {
                    Wrong::new(
                        format!("`{typed}` is none of them"),
                        format!("one of {}", names.join(", ")),
                    )
                })
        })
    }
}

/// The answer that leaves a value out.
const NONE: &str = "none";

/// Something that can be chosen.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) about: String,
}

impl Wrong {
    /// As the mistake of an option.
    fn of(self, option: &str) -> Trouble {
        Trouble::Usage {
            why: format!("{option}: {}", self.why),
            help: self.cure,
        }
    }
}

impl Lines {
    fn next(&self, option: &str) -> Result<String, Trouble> {
        let line = match self.patience {
            None => self.receiver.recv().ok(),
            Some(patience) => self.receiver.recv_timeout(patience).ok(),
        };
        if let Some(Ok(line)) = line {
            if self.patience.is_some() {
                // A terminal shows what is typed, with its line break.
                style::to_stderr("\n");
            }
            return Ok(line);
        }
        style::to_stderr("\n");
        Err(Trouble::Usage {
            why: "nobody answers: standard input is closed, or nothing comes from it".to_owned(),
            help: format!(
                "run it in a terminal, or answer beforehand: {option}, and --yes for the defaults of the rest"
            ),
        })
    }
}

fn missing(option: &str) -> Trouble {
    Trouble::Usage {
        why: format!("{option} is missing, and --yes asks no questions"),
        help: "`atx init --help` names every option; without --yes it asks".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTION: Question<'_> = Question {
        option: "--thing X",
        asks: "thing",
        about: "",
        default: None,
    };

    fn answered(lines: &[&str]) -> Asker {
        let (sender, receiver) = channel();
        for line in lines {
            sender.send(Ok((*line).to_owned())).unwrap();
        }
        Asker {
            lines: Some(Lines {
                receiver,
                patience: Some(Duration::ZERO),
            }),
        }
    }

    fn number(text: &str) -> Result<u32, Wrong> {
        text.parse().map_err(|_| Wrong {
            instead: Some("7".to_owned()),
            ..Wrong::new("no number", "type one")
        })
    }

    #[test]
    fn an_option_comes_first_then_the_answer_then_the_default() {
        let with_default = Question {
            default: Some("3"),
            ..QUESTION
        };
        let asker = answered(&["2", ""]);
        assert_eq!(asker.value(Some("1"), QUESTION, number).unwrap(), 1);
        assert_eq!(asker.value(None, QUESTION, number).unwrap(), 2);
        assert_eq!(asker.value(None, with_default, number).unwrap(), 3);
        assert_eq!(
            Asker::silent().value(None, with_default, number).unwrap(),
            3
        );
        let trouble = Asker::silent().value(None, QUESTION, number).unwrap_err();
        assert!(
            trouble.to_string().contains("--thing X is missing"),
            "{trouble}"
        );
    }

    #[test]
    fn a_wrong_answer_can_be_corrected_and_the_right_one_is_offered() {
        assert_eq!(
            answered(&["x", "8"]).value(None, QUESTION, number).unwrap(),
            8
        );
        assert_eq!(
            answered(&["x", ""]).value(None, QUESTION, number).unwrap(),
            7
        );
        let trouble = answered(&["x"; ATTEMPTS])
            .value(None, QUESTION, number)
            .unwrap_err();
        assert!(
            trouble.to_string().contains("no usable answer"),
            "{trouble}"
        );
        let trouble = Asker::silent()
            .value(Some("x"), QUESTION, number)
            .unwrap_err();
        assert_eq!(trouble.to_string(), "--thing X: no number");
    }

    #[test]
    fn closed_input_is_said_at_once_and_a_silent_one_in_bounded_time() {
        let (sender, receiver) = channel();
        let silent = Lines {
            receiver,
            patience: Some(Duration::ZERO),
        };
        let trouble = silent.next("--thing X").unwrap_err();
        assert!(trouble.to_string().contains("nobody answers"), "{trouble}");
        drop(sender);
        let closed = Lines {
            patience: None,
            ..silent
        };
        assert!(closed.next("--thing X").is_err());
    }

    #[test]
    fn what_may_be_left_out_is_left_out_by_none_or_nothing() {
        assert_eq!(
            answered(&[""]).optional(None, QUESTION, number).unwrap(),
            None
        );
        assert_eq!(
            answered(&["none"])
                .optional(None, QUESTION, number)
                .unwrap(),
            None
        );
        assert_eq!(
            answered(&["4"]).optional(None, QUESTION, number).unwrap(),
            Some(4)
        );
        assert_eq!(
            Asker::silent().optional(None, QUESTION, number).unwrap(),
            None
        );
        assert_eq!(
            Asker::silent()
                .optional(Some("4"), QUESTION, number)
                .unwrap(),
            Some(4)
        );
    }

    #[test]
    fn one_of_several_goes_by_its_number_or_its_name() {
        let choices = ["one", "two"].map(|name| Choice {
            name: name.to_owned(),
            about: String::new(),
        });
        let choose = |typed: &str| Asker::silent().choice(Some(typed), QUESTION, &choices);
        assert_eq!(choose("2").unwrap(), 1);
        assert_eq!(choose("one").unwrap(), 0);
        for wrong in ["0", "3", "three"] {
            assert!(choose(wrong).is_err(), "{wrong}");
        }
    }
}
