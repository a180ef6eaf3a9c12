//! The JSON Schema of a baseline, for editors.

use serde_json::{Value, json};

use super::model::Expected;

/// JSON Schema (2020-12). It says the shape; which cases and requirements exist is known only to the reader.
#[must_use]
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Known deviations of a target, for atx run --baseline",
        "type": ["array", "null"],
        "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["case", "verdict", "reason"],
            "properties": {
                "case": {
                    "description": "Id of the case, as `atx list` names it; a scenario's id means its base flow",
                    "type": "string"
                },
                "problem": {
                    "description": "Id of the problem that the case shows, as reports name it; cases that deviate because of it are covered as well",
                    "type": "string",
                    "pattern": "/"
                },
                "verdict": {
                    "description": "How it deviates: a MUST does not hold, it cannot be judged, a SHOULD does not hold, or what sources leave open is other than expected",
                    "enum": Expected::WORDS.map(|(word, _)| word)
                },
                "requirements": {
                    "description": "The requirements that may be broken; without the key, any",
                    "type": "array",
                    "items": { "type": "string" },
                    "minItems": 1
                },
                "reason": {
                    "description": "Why that is accepted",
                    "type": "string",
                    "pattern": "\\S"
                },
                "until": {
                    "description": "The last day on which it is accepted, in UTC",
                    "type": "string",
                    "format": "date",
                    "pattern": "^\\d{4}-\\d{2}-\\d{2}$"
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_takes_what_the_reader_takes() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let entry = json!({ "case": "a/b", "verdict": "failed", "requirements": ["req.a"], "reason": "x", "until": "2027-03-31" });
        assert!(validator.is_valid(&json!([entry])));
        assert!(validator.is_valid(&Value::Null));
        for (key, wrong) in [
            ("verdict", json!("passed")),
            ("requirements", json!([])),
            ("reason", json!(" ")),
            ("until", json!("soon")),
            ("verdikt", json!("failed")),
        ] {
            let mut entry = entry.clone();
            entry[key] = wrong;
            assert!(!validator.is_valid(&json!([entry])), "{key}");
        }
    }
}
