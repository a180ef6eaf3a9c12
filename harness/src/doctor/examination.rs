//! The whole of what was found, as `atx doctor --json` prints it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Checked, Status};

/// The version of the document's shape.
const VERSION: u32 = 1;

/// What `atx doctor` found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Examination {
    /// Version of this shape; it changes when a reader has to.
    pub version: u32,
    /// The target, as its file names it.
    pub target: String,
    /// Issuer of its org authorization server.
    pub org_issuer: String,
    /// Edition of the guide that was followed.
    pub edition: String,
    /// Whether nothing is known to be wrong.
    pub ready: bool,
    /// Every check, in order.
    pub checks: Vec<Checked>,
}

impl Examination {
    /// From the results of every check.
    #[must_use]
    pub fn new(target: String, org_issuer: String, edition: String, checks: Vec<Checked>) -> Self {
        Self {
            version: VERSION,
            target,
            org_issuer,
            edition,
            ready: checks.iter().all(|one| one.status != Status::Problem),
            checks,
        }
    }

    /// How many checks came out so.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        let same = self.checks.iter().filter(|one| one.status == status);
        same.count()
    }
}

/// The JSON Schema of the document.
#[must_use]
pub fn schema() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<Examination>();
    schema.insert("title".to_owned(), "What atx doctor found".into());
    schema.to_value()
}
