//! A second look at what was recorded, once every credential of a run is known: a target may show a credential before it
//! hands it out.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    RecordedBody, RecordedField, RecordedRequest, RecordedResponse, RecordedStep, RecordedValue,
    Redacted, RedactedJson, Redactor,
};

/// Looks through recorded texts. Most of them recur, so that each is searched once.
#[derive(Debug)]
pub struct Review<'r> {
    redactor: &'r Redactor,
    clean: HashSet<String>,
}

impl<'r> Review<'r> {
    /// With everything that is known now.
    #[must_use]
    pub fn new(redactor: &'r Redactor) -> Self {
        Self {
            redactor,
            clean: HashSet::new(),
        }
    }

    /// Replaces what is known to be secret by now.
    pub fn text(&mut self, text: &mut String) {
        if self.clean.contains(text.as_str()) {
            return;
        }
        match self.redactor.known_in(text) {
            Some(shown) => *text = shown,
            None => {
                self.clean.insert(text.clone());
            }
        }
    }

    /// The same for a text that may be missing.
    pub fn optional(&mut self, text: &mut Option<String>) {
        if let Some(text) = text {
            self.text(text);
        }
    }

    /// The same for every text of an exchange.
    pub fn step(&mut self, step: &mut RecordedStep) {
        let RecordedStep {
            request:
                RecordedRequest {
                    url,
                    headers,
                    parameters,
                    method: _,
                },
            response,
            trouble,
            step: _,
            from: _,
            to: _,
            judged: _,
            milliseconds: _,
        } = step;
        self.redacted(url);
        self.fields(headers);
        self.fields(parameters);
        if let Some(trouble) = trouble {
            self.redacted(trouble);
        }
        let Some(RecordedResponse {
            headers,
            body,
            internal_code,
            status: _,
        }) = response
        else {
            return;
        };
        self.fields(headers);
        if let Some(code) = internal_code {
            self.redacted(code);
        }
        match body {
            RecordedBody::Empty => {}
            RecordedBody::Text { text } => self.redacted(text),
            RecordedBody::Json { value, tokens } => {
                self.json(value.inner());
                self.fields(tokens);
            }
        }
    }

    fn redacted(&mut self, text: &mut Redacted) {
        self.text(text.inner());
    }

    fn fields(&mut self, fields: &mut [RecordedField]) {
        for RecordedField { name, value } in fields {
            self.redacted(name);
            match value {
                RecordedValue::Plain { text } => self.redacted(text),
                RecordedValue::Secret { .. } => {}
                RecordedValue::Jwt { header, claims, .. } => {
                    self.map(header);
                    self.map(claims);
                }
            }
        }
    }

    fn map(&mut self, map: &mut RedactedJson<Map<String, Value>>) {
        self.members(map.inner());
    }

    fn json(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Value::Object(members) => self.members(members),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn members(&mut self, members: &mut Map<String, Value>) {
        members.values_mut().for_each(|member| self.json(member));
        let renamed: Vec<(String, String)> = members
            .keys()
            .filter_map(|name| {
                let mut shown = name.clone();
                self.text(&mut shown);
                (shown != *name).then(|| (name.clone(), shown))
            })
            .collect();
        for (name, shown) in renamed {
            if let Some(member) = members.remove(&name) {
                members.insert(shown, member);
            }
        }
    }
}
