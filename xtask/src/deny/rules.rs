//! deny.toml, as far as it is checked here. Names and meaning of the keys are cargo-deny's.
//!
//! A key or a value that is not declared here is an error: nobody shall believe that it is checked. Sections that are
//! cargo-deny's alone are not read.

use serde::Deserialize;
use spdx::Licensee;
use toml::Spanned;

/// The rules, and the text to tell their lines from.
pub struct Rules<'a> {
    text: &'a str,
    pub licenses: Licenses,
    pub bans: Bans,
}

#[derive(Deserialize)]
struct Sections {
    licenses: Licenses,
    bans: Bans,
    #[expect(dead_code, reason = "its one value is what is always checked")]
    sources: Sources,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licenses {
    pub allow: Spanned<Vec<Spanned<Allowed>>>,
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    #[expect(dead_code, reason = "its one value is what is always checked")]
    private: Private,
}

/// What one crate may have besides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    #[serde(rename = "crate")]
    pub package: CrateName,
    pub allow: Vec<Spanned<Allowed>>,
}

/// A licence, perhaps `WITH` an exception of its own.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub struct Allowed(pub Licensee);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Private {
    #[expect(dead_code, reason = "its one value is what is always checked")]
    ignore: False,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Bans {
    pub deny: Vec<Spanned<Ban>>,
    pub allow_wildcard_paths: bool,
    #[expect(dead_code, reason = "its one value is what is always checked")]
    wildcards: Deny,
    #[expect(dead_code, reason = "its one value is what is never checked")]
    multiple_versions: Allow,
}

/// A crate that only its wrappers may depend on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ban {
    #[serde(rename = "crate")]
    pub package: CrateName,
    pub reason: String,
    #[serde(default)]
    pub wrappers: Vec<CrateName>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "their one value is what is always checked")]
struct Sources {
    unknown_registry: Deny,
    unknown_git: Deny,
}

/// A name alone. cargo-deny would read a version too (`name@1`); here it would match nothing.
#[derive(Deserialize, PartialEq)]
#[serde(try_from = "String")]
pub struct CrateName(pub String);

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Deny {
    Deny,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Allow {
    Allow,
}

#[derive(Deserialize)]
#[serde(try_from = "bool")]
struct False;

impl<'a> Rules<'a> {
    /// The error shows the line.
    pub fn parse(text: &'a str) -> Result<Self, String> {
        let sections: Sections =
            toml::from_str(text).map_err(|error| format!("deny.toml: {error}"))?;
        Ok(Self {
            text,
            licenses: sections.licenses,
            bans: sections.bans,
        })
    }

    /// `deny.toml:12`.
    pub fn line<T>(&self, of: &Spanned<T>) -> String {
        let before = self.text.bytes().take(of.span().start);
        let line = 1 + before.filter(|byte| *byte == b'\n').count();
        format!("deny.toml:{line}")
    }
}

impl Licenses {
    /// What a crate of this name may have.
    pub fn allowed(&self, package: &str) -> impl Iterator<Item = &Licensee> {
        let excepted = self
            .exceptions
            .iter()
            .filter(move |exception| exception.package.0 == package)
            .flat_map(|exception| &exception.allow);
        let all = self.allow.get_ref().iter().chain(excepted);
        all.map(|allowed| &allowed.get_ref().0)
    }
}

impl TryFrom<String> for Allowed {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let licensee = Licensee::parse(&text);
        licensee
            .map(Self)
            .map_err(|error| format!("`{text}` is not an SPDX licence: {}", error.reason))
    }
}

impl TryFrom<String> for CrateName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !name.is_empty() && name.chars().all(plain) {
            Ok(Self(name))
        } else {
            Err(format!("`{name}` is not the name of a crate"))
        }
    }
}

impl TryFrom<bool> for False {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, &'static str> {
        if value {
            Err("our own packages are checked too: this can only be false")
        } else {
            Ok(Self)
        }
    }
}
