//! Variations: other lawful ways to answer, so that tests can be tested for tolerance.
//!
//! Where a specification leaves something free, the org of the default answers in one way and another server in another. A
//! [`Variation`] is one such other way, with the sentence that allows it and the profiles under which it is lawful. It is
//! the counterpart of a [`Defect`](crate::Defect): a defect must be noticed, a variation must not.
//!
//! Inside, the org speaks one form of everything. Variations change what leaves it ([`apply`], [`respond`]), and what
//! comes back in a varied form is brought into the common one before it is judged ([`read`]). A few are decisions that
//! may be taken otherwise; those are asked for where they are taken ([`decisions`]).

mod apply;
mod errors;
mod json_text;
mod list;
mod locate;
mod place;
mod set;
mod tokens;
mod unknown;

pub use list::Variation;
pub use set::{UnknownVariation, VariationConflict, Variations};

pub(crate) use apply::{Varied, apply, respond};
pub(crate) use json_text::Style;
pub(crate) use place::{Place, Places};
