//! Every report of a run to a folder: each that can be written is, and what was measured is not lost.

use std::panic::resume_unwind;
use std::thread;

use super::Trouble;
use super::out_dir::{OutDir, OutError};
use crate::report::{Form, Format};
use crate::result::RunResult;

/// Writes every report that can be written, and returns the error of the first that cannot.
pub(super) fn write(run: &RunResult, form: Form, out: &OutDir) -> Result<(), Trouble> {
    let mut trouble = None;
    // They are made side by side, for the user waits: two of them take a tenth of a second each.
    thread::scope(|scope| {
        let render = |format: Format| move || format.render(run, form);
        let made = Format::ALL.map(|format| {
            let thread = thread::Builder::new().spawn_scoped(scope, render(format));
            (format, thread)
        });
        for (format, thread) in made {
            let text = match thread {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                // A system that gives no more threads takes no report away.
                Err(_) => format.render(run, form),
            };
            let shown = text
                .map_err(Trouble::from)
                .and_then(|text| one(format, &text, out));
            if let Err(shown) = shown {
                trouble.get_or_insert(shown);
            }
        }
    });
    trouble.map_or(Ok(()), Err)
}

fn one(format: Format, text: &str, out: &OutDir) -> Result<(), Trouble> {
    out.write(format.file, text).map_err(|error| {
        // The first is the one from which all others can be made.
        if format.file == Format::ALL[0].file {
            rescue(format.file, text, error)
        } else {
            Trouble::NotWritten(error)
        }
    })
}

/// To the system's folder for temporary files instead, which others may write to: into a folder of its own there, whose
/// name nobody can know before.
fn rescue(file: &str, text: &str, error: OutError) -> Trouble {
    let Ok(folder) = tempfile::Builder::new().prefix("atx-").tempdir() else {
        return Trouble::NotWritten(error);
    };
    let saved = OutDir::open(folder.path()).and_then(|out| out.write(file, text));
    match saved {
        Ok(()) => Trouble::Rescued {
            error,
            path: folder.keep().join(file),
        },
        Err(_) => Trouble::NotWritten(error),
    }
}
