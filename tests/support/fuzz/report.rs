//! A stored report: read or refused; of one that is read every report can be made, and it is read again as it was.

use harness::report::{self, Form, Format};
use harness::result::{Part, RunResult, merge};

/// What the Markdown report keeps to, in characters, so that a summary takes it.
const LONGEST_MARKDOWN: usize = 65_000;

pub fn run(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    match report::read(&text) {
        Ok(run) => {
            judge(&run);
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    }
}

fn judge(run: &RunResult) {
    assert!(!run.sentence().is_empty());
    for format in Format::ALL {
        for form in [Form::Full, Form::Stable] {
            let made = format.render(run, form);
            let made = made.unwrap_or_else(|error| panic!("{}: {error}", format.name));
            match (format.name, form) {
                ("json", Form::Full) => is_read_again(&made),
                ("junit", _) => assert!(made.chars().all(is_xml), "not XML 1.0"),
                ("markdown", _) => assert!(made.chars().count() <= LONGEST_MARKDOWN),
                _ => {}
            }
        }
    }
    // Two of the same are no parts of one run; nothing more is asked than an answer.
    let part = |name: &str| Part {
        name: name.to_owned(),
        run: run.clone(),
    };
    let _ = merge(vec![part("first"), part("second")], true);
}

fn is_read_again(made: &str) {
    let again = report::read(made).expect("what atx writes");
    let json = Format::ALL[0];
    let twice = json.render(&again, Form::Full).expect("JSON");
    assert_eq!(made, twice);
}

/// XML 1.0 §2.2.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
