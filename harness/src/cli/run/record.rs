//! `--record` and `--replay`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cassette::{Cassette, Recorder};
use crate::cli::out_dir::OutDir;
use crate::cli::{Trouble, replayed, style};
use crate::presentation::text::count;
use crate::presentation::words;
use crate::result::{RunResult, Verdict};
use crate::run::Tape;
use crate::targets::Target;

/// The most cases that are named whose verdict is another one than when they were recorded.
const MOST_NAMED: usize = 10;

/// Whether the run is recorded, or was.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Recording {
    /// Keep a recording of the run, without its secrets, which `--replay` and `atx diff` read
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub(super) record: Option<PathBuf>,

    /// Judge a recording instead of asking an org: nothing is sent. What the recording does not hold is skipped
    #[arg(long, value_name = "FILE", conflicts_with_all = ["target", "edition"])]
    pub(super) replay: Option<PathBuf>,
}

/// A recording that is judged again.
#[derive(Debug)]
pub(super) struct Replay {
    pub(super) cassette: Arc<Cassette>,
    pub(super) target: Target,
    pub(super) spare: Option<Target>,
}

impl Recording {
    /// The recording to judge, if there is one.
    pub(super) fn replay(&self) -> Result<Option<Replay>, Trouble> {
        let Some(path) = &self.replay else {
            return Ok(None);
        };
        let cassette = replayed::read(path)?;
        if let Some(why) = &cassette.incomplete {
            style::tell(&format!("note: the recorded run is not whole: {why}\n"));
        }
        let target = Target::offline(cassette.target.clone())?;
        let spare = cassette.spare.clone().map(Target::offline).transpose()?;
        Ok(Some(Replay {
            cassette: Arc::new(cassette),
            target,
            spare,
        }))
    }

    /// What records or plays back. The file of a recording can be written, or the run does not begin.
    pub(super) fn tape(&self, replay: Option<&Replay>) -> Result<Tape, Trouble> {
        if let Some(replay) = replay {
            return Ok(Tape::Replay(replay.cassette.clone()));
        }
        let Some(file) = &self.record else {
            return Ok(Tape::Off);
        };
        let folder = file.parent().filter(|folder| *folder != Path::new(""));
        OutDir::open(folder.unwrap_or(Path::new("."))).map_err(Trouble::FileUnwritable)?;
        Ok(Tape::Record(Arc::new(Recorder::default())))
    }

    /// Writes what was recorded.
    pub(super) fn write(&self, tape: &Tape, result: &RunResult) -> Result<(), Trouble> {
        let (Some(file), Tape::Record(recorder)) = (&self.record, tape) else {
            return Ok(());
        };
        let incomplete = result.incomplete.as_ref();
        let incomplete = incomplete.map(|incomplete| incomplete.reason.as_str());
        let text = recorder.cassette(incomplete);
        let text = text.ok_or_else(|| Trouble::NotRecorded {
            path: file.display().to_string(),
        })?;
        OutDir::write_file(file, &text).map_err(Trouble::NotWritten)?;
        let file = file.display();
        style::tell(&format!(
            "recorded in {file}; judge it again: atx run --replay {file}\n"
        ));
        Ok(())
    }
}

impl Replay {
    /// Says which cases are judged in another way than when they were recorded.
    pub(super) fn print_changes(&self, result: &RunResult) {
        let recorded = self.cassette.verdicts();
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
        style::tell(&text);
    }
}

fn line(id: &str, was: Verdict, now: Verdict) -> String {
    let (was, now) = (words::verdict(was), words::verdict(now));
    format!("  {id}: {now}, was {was}\n")
}
