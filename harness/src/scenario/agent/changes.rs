//! `agent/changes.yaml`: what a client can notice of each change that the mock can make to an answer. Every change that it must
//! notice, and every lawful one that it must tolerate, becomes a case.

mod cases;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use strict_yaml::{Document, FromNode, Map, Node, Place, Problems, Spanned};

use super::model::{AgentCase, AgentScenario};
use crate::requirement::{Catalogue, Profile};
use crate::scenario::form::{Defs, Described, form};
use crate::scenario::model::{ResourceType, SourceFile};

form! {
    /// What a client can notice of a change.
    ChangeForm, "a change", "agent-change" {
        /// What is right.
        required client: Class,
        /// What is judged.
        optional requirement: Spanned<String>,
        /// The profile under which the class holds; all when left out.
        optional profile: Profile,
        /// What the client has to do for the class to hold.
        optional when: When,
        /// Which task meets the change.
        optional task: Task,
        /// What does not follow.
        optional stops: Stops,
        /// The reason, where the class is not obvious.
        optional why: String,
    }
}

/// What a client can, or must, do about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    MustRefuse,
    ShouldRefuse,
    MayRefuse,
    MustTolerate,
    CannotNotice,
}

/// What a client does that makes it meet a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    FetchesKeys,
    FetchesMetadata,
    FetchesResourceMetadata,
    Challenged,
    SendsNonce,
    SendsState,
    SendsMaxAge,
    CallsUserinfo,
    Introspects,
    Revokes,
    Refreshes,
    ClientCredentials,
    AcceptsGzip,
}

/// The task that meets a change; `None` for any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Task(Option<ResourceType>);

/// What does not follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stops {
    Authorize,
    CodeRedemption,
    Exchange,
    Redemption,
    Api,
    Repeat,
}

macro_rules! words {
    ($($type:ty, $what:literal, [$($word:literal => $value:expr),+ $(,)?];)+) => {$(
        impl FromNode for $type {
            fn from_node(node: &Node, problems: &mut Problems) -> Option<Self> {
                let known: &[(&str, Self)] = &[$(($word, $value)),+];
                let Some(text) = node.as_str() else {
                    problems.push(node.mismatch("a word"));
                    return None;
                };
                let found = known.iter().find(|(word, _)| *word == text);
                if found.is_none() {
                    let names = known.iter().map(|(word, _)| *word);
                    problems.push(strict_yaml::unknown(node.place, $what, text, names));
                }
                found.map(|(_, value)| *value)
            }
        }

        impl Described for $type {
            fn schema(_: &mut Defs) -> Value {
                json!({ "enum": [$($word),+] })
            }
        }
    )+};
}

words! {
    Class, "class", [
        "must-refuse" => Self::MustRefuse,
        "should-refuse" => Self::ShouldRefuse,
        "may-refuse" => Self::MayRefuse,
        "must-tolerate" => Self::MustTolerate,
        "cannot-notice" => Self::CannotNotice,
    ];
    When, "condition", [
        "fetches-keys" => Self::FetchesKeys,
        "fetches-metadata" => Self::FetchesMetadata,
        "fetches-resource-metadata" => Self::FetchesResourceMetadata,
        "challenged" => Self::Challenged,
        "sends-nonce" => Self::SendsNonce,
        "sends-state" => Self::SendsState,
        "sends-max-age" => Self::SendsMaxAge,
        "calls-userinfo" => Self::CallsUserinfo,
        "introspects" => Self::Introspects,
        "revokes" => Self::Revokes,
        "refreshes" => Self::Refreshes,
        "client-credentials" => Self::ClientCredentials,
        "accepts-gzip" => Self::AcceptsGzip,
    ];
    Task, "task", [
        "any" => Self(None),
        "authorization-server" => Self(Some(ResourceType::AuthorizationServer)),
        "secret" => Self(Some(ResourceType::Secret)),
        "service-account" => Self(Some(ResourceType::ServiceAccount)),
        "resource-server" => Self(Some(ResourceType::ResourceServer)),
    ];
    Stops, "step that does not follow", [
        "authorize" => Self::Authorize,
        "code-redemption" => Self::CodeRedemption,
        "exchange" => Self::Exchange,
        "redemption" => Self::Redemption,
        "api" => Self::Api,
        "repeat" => Self::Repeat,
    ];
    Profile, "profile", [
        "okta" => Self::Okta,
        "mcp-ema" => Self::McpEma,
        "dpop" => Self::Dpop,
    ];
}

/// One change and what is said of it.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) id: String,
    form: ChangeForm,
    place: Place,
}

/// Reads the file.
pub(super) fn parse(
    name: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
) -> Result<Vec<AgentScenario>, Problems> {
    let (changes, source) = read(name, bytes)?;
    let mut problems = Problems::new(name, source.text.clone());
    let mut cases: BTreeMap<Option<ResourceType>, Vec<AgentCase>> = BTreeMap::new();
    for change in &changes {
        for case in cases::cases_of(change, catalogue, &mut problems) {
            cases.entry(case.task).or_default().push(case);
        }
    }
    let scenarios = cases
        .into_iter()
        .map(|(task, cases)| cases::scenario(task, cases, &source))
        .collect();
    problems.into_result(scenarios)
}

/// All changes, whatever is said of them.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<(Vec<Change>, SourceFile), Problems> {
    let document = Document::parse_bytes(name, bytes)?;
    let mut problems = document.problems();
    let source = SourceFile {
        name: name.to_owned(),
        text: document.text.clone(),
    };
    let mut changes = Vec::new();
    let empty = Map::default();
    for entry in &document.root.as_map().unwrap_or(&empty).entries {
        if let Some(form) = ChangeForm::from_node(&entry.value, &mut problems) {
            changes.push(Change {
                id: entry.key.value.clone(),
                form,
                place: entry.key.place,
            });
        }
    }
    problems.into_result((changes, source))
}
