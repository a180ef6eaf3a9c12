//! `change`: what a case alters in the request of its step.

mod fit;
mod mutation;

use serde_json::{Value, json};
use strict_yaml::{Entry, FromNode, Node, Place, Problems, Spanned};

use super::form::{Defs, Described, Named, Property, object};
use super::model::{
    Change, ClientAuth, ClientRole, Credential, Encoding, Mutation, ServerRole, Template,
};
use super::step::{BasicForm, HeaderForm, Method, credential};

/// A change as written, with the places of its keys, so that what does not fit the step can be shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChangeForm {
    place: Place,
    reserved: Vec<Spanned<&'static str>>,
    params: Vec<(Spanned<String>, Place, Mutation)>,
    client: Option<ClientRole>,
    client_auth: Option<ClientAuth>,
    at: Option<ServerRole>,
    method: Option<String>,
    encoding: Option<Encoding>,
    headers: Named<Template>,
    url: Option<Template>,
    bearer: Option<Template>,
    header: Option<HeaderForm>,
    basic: Option<BasicForm>,
}

/// A key that is no parameter.
struct Reserved {
    key: &'static str,
    doc: &'static str,
    schema: fn(&mut Defs) -> Value,
    read: fn(&mut ChangeForm, &Node, &mut Problems),
}

macro_rules! reserved {
    ($key:literal, $doc:literal, $type:ty, $set:expr) => {
        Reserved {
            key: $key,
            doc: $doc,
            schema: <$type as Described>::schema,
            read: |form, node, problems| {
                let set: fn(&mut ChangeForm, $type) = $set;
                if let Some(value) = <$type>::from_node(node, problems) {
                    set(form, value);
                }
            },
        }
    };
}

const RESERVED: [Reserved; 10] = [
    reserved!(
        "$as",
        "Another client, with its own credential.",
        ClientRole,
        |form, role| form.client = Some(role)
    ),
    reserved!(
        "$client_auth",
        "Another way to authenticate.",
        ClientAuth,
        |form, auth| form.client_auth = Some(auth)
    ),
    reserved!(
        "$at",
        "The same endpoint of another server.",
        ServerRole,
        |form, role| form.at = Some(role)
    ),
    reserved!("$method", "Another HTTP method.", Method, |form, method| {
        form.method = Some(method.0);
    }),
    reserved!(
        "$encoding",
        "Another encoding of the parameters.",
        Encoding,
        |form, encoding| {
            form.encoding = Some(encoding);
        }
    ),
    reserved!(
        "$headers",
        "Further header fields.",
        Named<Template>,
        |form, headers| form.headers = headers
    ),
    reserved!("$url", "Another address.", Template, |form, url| form.url =
        Some(url)),
    reserved!(
        "$bearer",
        "Another credential, as Authorization: Bearer.",
        Template,
        |form, bearer| {
            form.bearer = Some(bearer);
        }
    ),
    reserved!(
        "$header",
        "Another credential, in a header field of its own.",
        HeaderForm,
        |form, header| {
            form.header = Some(header);
        }
    ),
    reserved!(
        "$basic",
        "Another credential, as HTTP Basic.",
        BasicForm,
        |form, basic| form.basic = Some(basic)
    ),
];

impl FromNode for ChangeForm {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        let Some(map) = node.as_map() else {
            problems.push(node.mismatch("a map of parameters to changes"));
            return None;
        };
        let mut form = Self {
            place: node.place,
            ..Self::default()
        };
        for entry in &map.entries {
            if entry.key.value.starts_with('$') {
                form.read_reserved(entry, problems);
            } else if let Some(mutation) = Mutation::from_node(&entry.value, problems) {
                form.params
                    .push((entry.key.clone(), entry.value.place, mutation));
            }
        }
        Some(form)
    }
}

impl Described for ChangeForm {
    fn schema(defs: &mut Defs) -> Value {
        defs.named("change", |defs| {
            let properties: Vec<_> = RESERVED
                .iter()
                .map(|one| Property {
                    key: one.key,
                    required: false,
                    doc: one.doc,
                    schema: (one.schema)(defs),
                })
                .collect();
            let mut change = object(properties);
            if let Value::Object(change) = &mut change {
                change.insert(
                    "patternProperties".to_owned(),
                    json!({ "^[^$]": Mutation::schema(defs) }),
                );
            }
            change
        })
    }
}

impl ChangeForm {
    /// Whether it changes nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.reserved.is_empty() && self.params.is_empty()
    }

    fn read_reserved(&mut self, entry: &Entry, problems: &mut Problems) {
        let key = &entry.key;
        if let Some(one) = RESERVED.iter().find(|one| one.key == key.value) {
            self.reserved.push(Spanned::new(key.place, one.key));
            (one.read)(self, &entry.value, problems);
        } else {
            let known = RESERVED.iter().map(|one| one.key);
            problems.push(strict_yaml::unknown(
                key.place,
                "kind of change",
                &key.value,
                known,
            ));
        }
    }

    fn into_change(self, problems: &mut Problems) -> Change {
        let shown: Option<Credential> =
            credential(self.bearer, self.header, self.basic, self.place, problems);
        Change {
            client: self.client,
            client_auth: self.client_auth,
            at: self.at,
            method: self.method,
            encoding: self.encoding,
            headers: self.headers.into_pairs(),
            url: self.url,
            credential: shown,
            params: self
                .params
                .into_iter()
                .map(|(name, _, mutation)| (name.value, mutation))
                .collect(),
        }
    }
}
