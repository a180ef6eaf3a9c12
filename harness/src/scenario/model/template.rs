//! Text and JSON with references, as resolved.

use strict_yaml::Place;

/// Text with `${…}` references.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// In order.
    pub parts: Vec<TemplatePart>,
    /// Where it is written.
    pub place: Place,
}

/// A piece of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePart {
    /// As it stands.
    Literal(String),
    /// A dotted reference, e.g. `custom_as.issuer`.
    Reference(String),
}

/// JSON with templates in its strings.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueTemplate {
    /// null
    Null,
    /// true or false
    Bool(bool),
    /// Whole number.
    Int(i64),
    /// Other number.
    Float(f64),
    /// Text.
    Text(Template),
    /// List.
    List(Vec<ValueTemplate>),
    /// Object in written order.
    Object(Vec<(String, ValueTemplate)>),
}
