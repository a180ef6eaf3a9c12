//! `change`: what a case alters in the request of its step.

mod fit;
mod jwt;
mod mutation;
mod sending;

use serde_json::{Value, json};
use strict_yaml::{Entry, FromNode, Node, Place, Problem, Problems, Spanned};

use super::form::{Defs, Described, Named, Property, True, object};
use super::model::{
    Change, ClientAuth, ClientRole, Credential, Encoding, JwtMutation, Mutation, Sending,
    ServerRole, Template,
};
use super::step::{BasicForm, HeaderForm, Method, one_credential};
use jwt::JwtForm;
use sending::{Race, Times};

/// A change as written, with the places of its keys, so that what does not fit the step can be shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChangeForm {
    place: Place,
    reserved: Vec<Spanned<&'static str>>,
    params: Vec<(Spanned<String>, Mutation)>,
    client: Option<ClientRole>,
    client_auth: Option<ClientAuth>,
    at: Option<ServerRole>,
    method: Option<String>,
    encoding: Option<Encoding>,
    headers: Named<Template>,
    scheme: Option<String>,
    url: Option<Template>,
    shown: Vec<Credential>,
    bearer_jwt: Option<JwtMutation>,
    sendings: Vec<Sending>,
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

const RESERVED: [Reserved; 14] = [
    reserved!(
        "$as",
        "Another client, with its own credential.",
        ClientRole,
        |form, role| {
            form.client = Some(role);
        }
    ),
    reserved!(
        "$client_auth",
        "Another way to authenticate.",
        ClientAuth,
        |form, auth| {
            form.client_auth = Some(auth);
        }
    ),
    reserved!(
        "$at",
        "The same endpoint of another server.",
        ServerRole,
        |form, role| {
            form.at = Some(role);
        }
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
        |form, headers| {
            form.headers = headers;
        }
    ),
    reserved!(
        "$scheme",
        "Another spelling of the authentication scheme, before the same credential.",
        String,
        |form, scheme| {
            form.scheme = Some(scheme);
        }
    ),
    reserved!("$url", "Another address.", Template, |form, url| {
        form.url = Some(url);
    }),
    reserved!(
        "$bearer",
        "Another credential: Authorization: Bearer.",
        OrDrop<Template>,
        |form, bearer| {
            form.shown
                .push(bearer.0.map_or(Credential::None, Credential::Bearer));
        }
    ),
    reserved!(
        "$bearer_jwt",
        "The bearer token is changed as a JWT.",
        JwtForm,
        |form, jwt| {
            form.bearer_jwt = Some(jwt.into_mutation());
        }
    ),
    reserved!(
        "$header",
        "Another credential: a header field of its own.",
        OrDrop<HeaderForm>,
        |form, header| {
            form.shown
                .push(header.0.map_or(Credential::None, HeaderForm::credential));
        }
    ),
    reserved!(
        "$basic",
        "Another credential: HTTP Basic.",
        OrDrop<BasicForm>,
        |form, basic| {
            form.shown
                .push(basic.0.map_or(Credential::None, BasicForm::credential));
        }
    ),
    reserved!(
        "$repeat",
        "The same bytes so many times, one after the other; the last answer is judged.",
        Times,
        |form, times| {
            form.sendings.push(Sending::Repeated(times.0));
        }
    ),
    reserved!(
        "$race",
        "So many times at once: one must be answered as the twin, the others as `expect` says.",
        Race,
        |form, race| {
            form.sendings.push(race.0);
        }
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
                form.params.push((entry.key.clone(), mutation));
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
        let shown = one_credential(self.shown, self.place, problems);
        if self.sendings.len() > 1 {
            let problem = Problem::new(self.place, "a request is repeated or raced, not both");
            problems.push(problem.help("make a case of each"));
        }
        Change {
            client: self.client,
            client_auth: self.client_auth,
            at: self.at,
            method: self.method,
            encoding: self.encoding,
            headers: self.headers.into_pairs(),
            scheme: self.scheme,
            url: self.url,
            credential: shown,
            bearer_jwt: self.bearer_jwt,
            sending: self.sendings.into_iter().next().unwrap_or_default(),
            params: self
                .params
                .into_iter()
                .map(|(name, mutation)| (name.value, mutation))
                .collect(),
        }
    }
}

/// A credential, or `{ drop: true }` for none.
struct OrDrop<T>(Option<T>);

impl<T: FromNode> FromNode for OrDrop<T> {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        match node.as_map().map(|map| map.entries.as_slice()) {
            Some([entry]) if entry.key.value == "drop" => {
                True::from_node(&entry.value, problems).map(|_| Self(None))
            }
            _ => T::from_node(node, problems).map(|value| Self(Some(value))),
        }
    }
}

impl<T: Described> Described for OrDrop<T> {
    fn schema(defs: &mut Defs) -> Value {
        let drop = Property {
            key: "drop",
            required: true,
            doc: "None is shown.",
            schema: True::schema(defs),
        };
        json!({ "anyOf": [T::schema(defs), object([drop])] })
    }
}
