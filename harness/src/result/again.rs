//! The options by which a run is repeated: reports suggest commands, and a command without its target would ask another org.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What follows a command, so that it asks the same target and reads the same scenarios. Holds names of files and
/// editions only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Again {
    /// After `atx run`, each with a leading space: ` --target org.yaml --profile okta`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub run: String,
    /// After `atx show`, `atx list` and `atx baseline update`: ` --scenarios my-scenarios`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub show: String,
}

impl Again {
    /// Whether nothing but the defaults was used.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.run.is_empty() && self.show.is_empty()
    }
}
