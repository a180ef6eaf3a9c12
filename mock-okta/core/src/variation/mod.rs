//! Variations: other lawful ways to answer, so that tests can be tested for tolerance.
//!
//! Where a specification leaves something free, the org of the default answers in one way and another server in another. A
//! [`Variation`] is one such other way, with the sentence that allows it and the profiles under which it is lawful. It is
//! the counterpart of a [`Defect`](crate::Defect): a defect must be noticed, a variation must not.
//!
//! Inside, the org speaks one form of everything. Variations change what leaves it (`apply`, `respond`), and what
//! comes back in a varied form is brought into the common one before it is judged ([`read`]). A few are decisions that
//! may be taken otherwise; those are asked for where they are taken ([`decisions`]).

mod access_tokens;
mod answers;
mod apply;
mod certificate;
mod challenges;
mod decisions;
mod errors;
mod headers;
mod identity;
mod json_text;
mod keys;
mod list;
mod locate;
mod locate_refusal;
mod metadata;
mod place;
mod read;
mod redirects;
mod refusals;
mod set;
mod table;
mod tokens;
mod transport;
mod unknown;
mod work;

pub use list::Variation;
pub use set::{UnknownVariation, VariationConflict, Variations};
pub use transport::Transport;

pub(crate) use apply::{Varied, apply, respond};
pub(crate) use decisions::behaviours;
pub(crate) use json_text::Style;
pub(crate) use place::{Place, Places};
pub(crate) use read::{canonical, conceal, json_body, reveal};
pub(crate) use tokens::uuid;
