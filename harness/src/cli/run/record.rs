//! `--record` and `--replay`.

use std::path::PathBuf;
use std::sync::Arc;

use crate::cassette::Recorder;
use crate::cli::out_dir::OutDir;
use crate::cli::{Trouble, replayed, style};
use crate::presentation::text::{count, visible};
use crate::presentation::words;
use crate::result::{RunResult, Verdict};
use crate::run::{Replay, Tape};

/// The most cases that are named whose verdict is another one than when they were recorded.
const MOST_NAMED: usize = 10;

/// Whether the run is recorded, or was.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Recording {
    /// Keep a recording of the run, without its secrets, which `--replay` and `atx diff` read
    #[arg(long, value_name = "FILE", conflicts_with_all = ["replay", "plan"])]
    pub(super) record: Option<PathBuf>,

    /// Judge a recording instead of asking an org: nothing is sent. What the recording does not hold is skipped
    #[arg(long, value_name = "FILE", conflicts_with_all = ["target", "mock", "edition", "plan"])]
    pub(super) replay: Option<PathBuf>,
}

/// A recording that is judged again, and its file.
#[derive(Debug)]
pub(super) struct Replayed {
    pub(super) replay: Replay,
    file: String,
}

impl Recording {
    /// The recording to judge, if there is one.
    pub(super) fn replay(&self) -> Result<Option<Replayed>, Trouble> {
        let Some(path) = &self.replay else {
            return Ok(None);
        };
        let replay = Replay::open(replayed::read(path)?)?;
        if let Some(why) = &replay.cassette.incomplete {
            let why = visible(why);
            style::to_stderr(&format!("note: the recorded run is not whole: {why}\n"));
        }
        if replay.cassette.left_out > 0 {
            style::to_stderr(&format!("note: {}\n", left_out(replay.cassette.left_out)));
        }
        Ok(Some(Replayed {
            replay,
            file: path.display().to_string(),
        }))
    }

    /// What records or plays back. The file of a recording can be written, or the run does not begin.
    pub(super) fn tape(&self, replayed: Option<&Replayed>) -> Result<Tape, Trouble> {
        if let Some(replayed) = replayed {
            return Ok(replayed.replay.tape());
        }
        let Some(file) = &self.record else {
            return Ok(Tape::Off);
        };
        OutDir::can_write_file(file).map_err(Trouble::FileUnwritable)?;
        Ok(Tape::Record(Arc::new(Recorder::default())))
    }

    /// Writes what was recorded, and returns what to say about it.
    pub(super) fn write(&self, tape: &Tape, result: &RunResult) -> Result<Option<String>, Trouble> {
        let (Some(file), Tape::Record(recorder)) = (&self.record, tape) else {
            return Ok(None);
        };
        let incomplete = result.incomplete.as_ref();
        let incomplete = incomplete.map(|incomplete| incomplete.reason.as_str());
        let written = recorder.cassette(incomplete);
        let written = written.map_err(|why| Trouble::NotRecorded {
            path: file.display().to_string(),
            why,
        })?;
        OutDir::write_file(file, &written.text).map_err(Trouble::NotWritten)?;
        let file = file.display();
        let note = match written.left_out {
            0 => String::new(),
            cases => format!("note: {}\n", left_out(cases)),
        };
        Ok(Some(format!(
            "recorded in {file}; judge it again: atx run --replay {file}\n{note}"
        )))
    }
}

/// "3 cases are left out of the recording: …".
fn left_out(cases: usize) -> String {
    let verb = if cases == 1 { "is" } else { "are" };
    format!(
        "{} {verb} left out of the recording, which would have become too large or shown a secret; a replay skips {}",
        count(cases, "case"),
        if cases == 1 { "it" } else { "them" },
    )
}

impl Replayed {
    /// See [`Replay::conclude`].
    pub(super) fn conclude(&self, result: &mut RunResult) {
        self.replay.conclude(result, &self.file);
    }

    /// Shows which cases are judged in another way than when they were recorded.
    pub(super) fn show_changes(&self, result: &RunResult) {
        let recorded = self.replay.cassette.verdicts();
        let changed: Vec<String> = recorded
            .filter_map(|(id, was)| {
                let now = result.results.iter().find(|case| case.id == id)?.verdict;
                (now != was).then(|| line(id, was, now))
            })
            .collect();
        if changed.is_empty() {
            return;
        }
        let cases = count(changed.len(), "case");
        let mut text = format!("note: {cases} judged in another way than when recorded:\n");
        for line in changed.iter().take(MOST_NAMED) {
            text.push_str(line);
        }
        if let Some(more @ 1..) = changed.len().checked_sub(MOST_NAMED) {
            text.push_str("  and ");
            text.push_str(&more.to_string());
            text.push_str(" more\n");
        }
        style::to_stderr(&text);
    }
}

fn line(id: &str, was: Verdict, now: Verdict) -> String {
    let (was, now) = (words::verdict(was), words::verdict(now));
    format!("  {id}: {now}, was {was}\n")
}
