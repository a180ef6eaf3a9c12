//! Forms: what a map in a scenario file may hold, said once for the reader and for the JSON Schema.
//!
//! `form!` declares a struct whose fields are keys. It reads itself from a node ([`FromNode`]) and describes itself as
//! schema ([`Described`]). All fields are `Option`, the compulsory ones too: one that is missing has been noted, and
//! whoever reads on goes by a stand-in, so that later mistakes are found as well. Nothing made with a stand-in is
//! ever handed out, because it comes with a problem.

mod collections;
mod duration;
mod words;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use strict_yaml::{FromNode, Node, Problem, Problems, Spanned};

pub(crate) use collections::{Named, OneOrMany};
pub(crate) use duration::Seconds;
pub(crate) use words::{Decision, Judge, Signer};

/// What can say of itself, as JSON Schema, what it accepts.
pub(crate) trait Described {
    /// The schema; named parts go to `defs` and are referred to.
    fn schema(defs: &mut Defs) -> Value;
}

/// The named parts of a schema.
#[derive(Debug, Default)]
pub(crate) struct Defs(BTreeMap<&'static str, Value>);

impl Defs {
    /// Refers to a named part, making it on the first call. A part may refer to itself.
    pub(crate) fn named(
        &mut self,
        name: &'static str,
        make: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        if !self.0.contains_key(name) {
            self.0.insert(name, Value::Null);
            let part = make(self);
            self.0.insert(name, part);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// All parts, by name.
    pub(crate) fn into_json(self) -> Value {
        self.0
            .into_iter()
            .map(|(name, part)| (name.to_owned(), part))
            .collect::<Map<_, _>>()
            .into()
    }
}

/// One key of an object schema.
pub(crate) struct Property {
    pub(crate) key: &'static str,
    pub(crate) required: bool,
    pub(crate) doc: &'static str,
    pub(crate) schema: Value,
}

/// The schema of a map with these keys and no others.
pub(crate) fn object(properties: impl IntoIterator<Item = Property>) -> Value {
    let mut members = Map::new();
    let mut required = Vec::new();
    for property in properties {
        let mut schema = property.schema;
        if let (Value::Object(schema), false) = (&mut schema, property.doc.is_empty()) {
            schema.insert("description".to_owned(), property.doc.trim().into());
        }
        if property.required {
            required.push(Value::from(property.key));
        }
        members.insert(property.key.to_owned(), schema);
    }
    let mut object =
        json!({ "type": "object", "properties": members, "additionalProperties": false });
    if let (Value::Object(object), false) = (&mut object, required.is_empty()) {
        object.insert("required".to_owned(), required.into());
    }
    object
}

/// Adds the earlier name of a key, so that editors accept it and strike it through.
pub(crate) fn deprecate(object: &mut Value, earlier: &str, now: &str) {
    let Some(properties) = object["properties"].as_object_mut() else {
        return;
    };
    let mut property = properties.get(now).cloned().unwrap_or_default();
    property["deprecated"] = true.into();
    property["description"] = strict_yaml::renamed(earlier, now).into();
    properties.insert(earlier.to_owned(), property);
}

/// The key of a form's field: its name, or what is written behind `=`.
macro_rules! form_key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}
pub(crate) use form_key;

/// Declares a form. See the module.
///
/// `form! { Name, "what messages call it", "schema-name" { required key: Type, optional field = "key": Type } }`. A key that
/// had another name before is `optional key was "earlier": Type`.
macro_rules! form {
    ($(#[$doc:meta])* $name:ident, $what:literal, $def:literal {
        $($(#[doc = $field_doc:literal])* $presence:ident $field:ident $(= $key:literal)? $(was $earlier:literal)? : $type:ty),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub(crate) struct $name {
            /// Where the map stands.
            #[allow(dead_code, reason = "not every form needs its place")]
            pub(crate) place: strict_yaml::Place,
            $($(#[doc = $field_doc])* pub(crate) $field: Option<$type>,)*
        }

        impl strict_yaml::FromNode for $name {
            fn from_node(node: &strict_yaml::Node, problems: &mut strict_yaml::Problems) -> Option<Self> {
                let is_map = node.as_map().is_some();
                let mut reader = strict_yaml::MapReader::new(node, problems, $what);
                $($(reader.renamed($earlier, stringify!($field));)?)*
                $(let $field = reader.$presence::<$type>($crate::scenario::form::form_key!($field $($key)?));)*
                reader.finish();
                is_map.then_some(Self { place: node.place, $($field),* })
            }
        }

        impl $crate::scenario::form::Described for $name {
            fn schema(defs: &mut $crate::scenario::form::Defs) -> serde_json::Value {
                defs.named($def, |defs| {
                    let properties = [$($crate::scenario::form::Property {
                        key: $crate::scenario::form::form_key!($field $($key)?),
                        required: stringify!($presence) == "required",
                        doc: concat!($($field_doc),*),
                        schema: <$type as $crate::scenario::form::Described>::schema(defs),
                    }),*];
                    #[allow(unused_mut, reason = "few forms have keys with an earlier name")]
                    let mut object = $crate::scenario::form::object(properties);
                    $($($crate::scenario::form::deprecate(
                        &mut object,
                        $earlier,
                        stringify!($field),
                    );)?)*
                    object
                })
            }
        }
    };
}
pub(crate) use form;

impl Described for String {
    fn schema(_: &mut Defs) -> Value {
        json!({ "type": "string" })
    }
}

impl Described for bool {
    fn schema(_: &mut Defs) -> Value {
        json!({ "type": "boolean" })
    }
}

impl<T: Described> Described for Spanned<T> {
    fn schema(defs: &mut Defs) -> Value {
        T::schema(defs)
    }
}

impl<T: Described> Described for Vec<T> {
    fn schema(defs: &mut Defs) -> Value {
        json!({ "type": "array", "items": T::schema(defs) })
    }
}

/// `true` and nothing else: for keys that are there or not, such as `drop: true`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct True;

impl FromNode for True {
    fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
        if bool::from_node(node, problems)? {
            Some(Self)
        } else {
            problems.push(
                Problem::new(node.place, "`false` says nothing here")
                    .help("write `true`, or remove the key"),
            );
            None
        }
    }
}

impl Described for True {
    fn schema(_: &mut Defs) -> Value {
        json!({ "const": true })
    }
}
