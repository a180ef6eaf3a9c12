//! Cassettes: recordings of runs that are judged again without network.
//!
//! What is recorded is what a step of a case did: the requests that it sent and what was answered, the instants at which it
//! was prepared and judged, the key sets that its tokens were held against, and what was signed for it. Secrets are
//! pseudonyms (`evidence::Pseudonyms`), tokens their headers and claims, signatures the keys that they fit (`jwks::Fitting`).
//!
//! A replay is an ordinary run of the same scenarios against a target that is described as the recorded one was, with
//! pseudonyms for its secrets. Every step is prepared as always. Then its request is compared with the recorded one
//! (`same`), and where a live run would send it, what was recorded is taken instead: `run::tape` does both. So everything
//! behind that place, the checks, the rules for every answer, twins and problems, is the code of a live run, and newer
//! scenarios judge older answers. Where the scenario asks for another request, nothing is known, and the case is skipped.
//!
//! The file has one JSON document a line, described in docs/recordings.md: `model` is its form, `keep` and `writer` write it,
//! `read` and `restore` read it, `texts` puts tokens in the place of their marks, `description` is the target without its
//! secrets.

mod description;
mod keep;
mod key_sets;
mod model;
mod read;
mod restore;
mod same;
mod step;
mod texts;
mod writer;

pub use keep::{LiveCase, NotRecorded, Recorder, RunOf, Written};
pub use model::{Fresh, NotJudged, Party, VERSION, WhichOrg};
pub use read::{Cassette, CassetteError, KeptCase, is_cassette};
pub use same::{differs, is_same_text};
pub use step::StepRecord;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
