//! How a kind of step is written: the key, its form, and what the JSON Schema says of it.

use serde_json::Value;
use strict_yaml::{FromNode, Node, Problems};

use super::Action;
use crate::scenario::form::{Defs, Described};

/// The form of one way to write a kind, which makes an action of itself.
pub(super) trait KindForm: FromNode + Described {
    fn action(self, problems: &mut Problems) -> Action;
}

/// One way to write a kind. Some kinds have several: `exchange`, `redeem` and `refresh` are all token requests.
pub(super) struct Written {
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) schema: fn(&mut Defs) -> Value,
    pub(super) read: fn(&Node, &mut Problems) -> Option<Action>,
}

impl Written {
    /// Written under the key `name`, whose value is an `F`. `doc` is what the JSON Schema says of the key.
    pub(super) const fn of<F: KindForm>(name: &'static str, doc: &'static str) -> Self {
        Self {
            name,
            doc,
            schema: <F as Described>::schema,
            read: read::<F>,
        }
    }
}

fn read<F: KindForm>(node: &Node, problems: &mut Problems) -> Option<Action> {
    F::from_node(node, problems).map(|form| form.action(problems))
}
