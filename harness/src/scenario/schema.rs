//! The JSON Schema of a scenario file, made of the very forms that read it.

use serde_json::{Value, json};

use super::document::ScenarioForm;
use super::form::{Defs, Described};

/// JSON Schema (2020-12) for editors and for whoever writes scenarios with a program.
///
/// It says the shape; which names exist is known only to the reader.
#[must_use]
pub fn schema() -> Value {
    let mut defs = Defs::default();
    let root = ScenarioForm::schema(&mut defs);
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A conformance scenario of atx",
    });
    if let (Value::Object(schema), Value::Object(root)) = (&mut schema, root) {
        schema.extend(root);
        schema.insert("$defs".to_owned(), defs.into_json());
    }
    schema
}
