//! Reads YAML that people write: every mistake with its place, its line and a way to correct it, all at once.
//!
//! A file becomes a tree ([`Document`], [`Node`]) in which every value knows its [`Place`]. A [`MapReader`] takes a
//! map apart, strictly: a key that is missing, misspelt or of the wrong type becomes a [`Problem`], and reading goes
//! on, so that whoever wrote the file sees all mistakes in one go. [`Problems`] shows them.
//!
//! ```
//! use strict_yaml::{Document, MapReader};
//!
//! let text = "name: Ada\nage: young\nfreinds: [Grace]\n";
//! let document = Document::parse("ada.yaml", text)?;
//! let mut problems = document.problems();
//!
//! let mut person = MapReader::new(&document.root, &mut problems, "a person");
//! let name: Option<String> = person.required("name");
//! let age: Option<u64> = person.optional("age");
//! let friends: Vec<String> = person.list("friends");
//! person.finish();
//!
//! assert_eq!((name.as_deref(), age, friends.len()), (Some("Ada"), None, 0));
//! let message = problems.to_string();
//! assert!(message.contains("ada.yaml:2:6"));
//! assert!(message.contains("expected a whole number, found a string"));
//! assert!(message.contains("did you mean `friends`?"));
//! # Ok::<(), strict_yaml::Problems>(())
//! ```
//!
//! # The dialect
//! YAML 1.2 with the core schema, and these refused with a message: anchors and aliases (so no file can unfold into
//! more than it is), tags, keys that are no strings or stand twice in a map, a second document. `yes`, `no` and `on`
//! are strings.
//!
//! # Limits
//! A file is at most [`MAX_BYTES`] long, [`MAX_DEPTH`] deep and holds at most [`MAX_NODES`] values. The tree is
//! built without recursion, so input that is made to hurt neither panics nor overflows the stack; code that walks
//! the tree recursively is safe because of the depth limit. At most [`Problems::KEPT`] mistakes are kept, the others
//! counted.

mod builder;
mod duration;
mod from_node;
mod guard;
mod mend;
mod node;
mod parse;
mod place;
mod problem;
mod reader;
mod render;
mod scalar;
mod suggest;
mod text;

pub use duration::seconds;
pub use from_node::{FromNode, unknown};
pub use guard::Guard;
pub use node::{Document, Entry, Map, Node, Value};
pub use parse::{MAX_BYTES, MAX_DEPTH, MAX_NODES};
pub use place::{Place, Spanned};
pub use problem::{Problem, Problems};
pub use reader::{MapReader, renamed};
pub use suggest::did_you_mean;
pub use text::{NotText, decode, guarded_text_of, text_of};
