//! Variations: each changes what it says and nothing else, all go together, and a tolerant client bears them.

mod all_on;
mod control;
mod parts;
mod registry;
mod shown;
mod tour;
