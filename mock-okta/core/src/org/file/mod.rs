//! The org as a file: YAML in, an [`Org`] out, or every mistake at once, each with its place and a way to correct it.
//!
//! The format is documented by the file that the mock carries itself: see [`Org::default_yaml`].

mod clients;
mod connections;
mod faults;
mod keys;
mod people;
mod private_key;
mod resolve;
mod resources;
mod roles;
mod schema;
mod servers;
mod vault;
mod words;
mod written;

use std::collections::BTreeSet;

use jiff::SignedDuration;
use strict_yaml::{Document, FromNode as _, Guard, MapReader, Node, Problem, Problems, Value};

use self::resolve::KnownNames;
pub use self::written::Written;
use super::target::TargetRoles;
use super::{KeyAlg, Org, SessionLimits, uri};
use crate::behaviour::{BehaviourError, Behaviours, Edition};
use crate::secret::Secret;

/// Where secrets stand in an org file, in the right place or in a wrong one.
const SECRETS: Guard<'_> = Guard {
    secrets: &["password", "client_secret", "private_key_pem", "value"],
    references: &[],
};

/// A configuration file, read.
#[derive(Debug, Clone)]
pub struct OrgFile {
    /// The org.
    pub org: Org,
    /// Who plays which role in a target file, where the file says so.
    pub target: TargetRoles,
}

impl OrgFile {
    /// Reads a file that messages call `name`.
    ///
    /// # Errors
    /// With all mistakes of the file.
    pub fn from_yaml(name: &str, text: &str, edition: Edition) -> Result<Self, Problems> {
        let document = Document::parse_guarded(name, text, SECRETS)?;
        let mut problems = document.problems();
        let read = read(&document.root, &mut problems, edition);
        problems.into_result(read)
    }

    /// The org that the mock holds when no other is given.
    #[expect(clippy::missing_panics_doc, reason = "it does not panic")]
    pub fn standard(edition: Edition) -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the file is part of the program, and a test reads it"
        )]
        Self::from_yaml("default.yaml", Org::default_yaml(), edition)
            .expect("the default org is right")
    }
}

impl Org {
    /// Reads an org; see [`OrgFile::from_yaml`].
    ///
    /// # Errors
    /// With all mistakes of the file.
    pub fn from_yaml(name: &str, text: &str, edition: Edition) -> Result<Self, Problems> {
        OrgFile::from_yaml(name, text, edition).map(|file| file.org)
    }

    /// The file of the default org, which is also the documentation of the format.
    pub const fn default_yaml() -> &'static str {
        include_str!("../../../org/default.yaml")
    }

    /// The org that the mock holds when no other is given.
    pub fn standard(edition: Edition) -> Self {
        OrgFile::standard(edition).org
    }
}

/// Sections in an order in which every reference points back.
fn read(root: &Node, problems: &mut Problems, edition: Edition) -> OrgFile {
    let mut known = KnownNames::default();
    let mut top = MapReader::new(root, problems, "the org file");
    let about = about(&mut top);
    let users = people::users(&mut top, &mut known);
    let mut clients = clients::apps(&mut top, &mut known);
    clients.extend(clients::agents(&mut top, &mut known));
    let custom_servers = servers::servers(&mut top, &mut known);
    let vault = vault::vault(&mut top, &mut known);
    let third_parties = vault::third_parties(&mut top, &mut known);
    let connections = connections::connections(&mut top, &mut known);
    let protected_resources = resources::resources(&mut top, &known, &vault.secrets);
    let behaviours = behaviours(&mut top, edition);
    let faults = faults::faults(&mut top, &known);
    let target = roles::roles(&mut top, &known);
    top.finish();
    OrgFile {
        org: Org {
            id: about.id,
            name: about.name,
            ai_agents: about.ai_agents,
            session: about.session,
            trusted_origins: about.trusted_origins,
            users,
            clients,
            custom_servers,
            org_key_pem: about.key_pem,
            secrets: vault.secrets,
            service_accounts: vault.service_accounts,
            third_parties,
            connections,
            protected_resources,
            behaviours,
            faults,
            written: Written::of(root),
        },
        target,
    }
}

/// The section `org`.
struct About {
    id: String,
    name: String,
    ai_agents: bool,
    session: SessionLimits,
    trusted_origins: BTreeSet<String>,
    key_pem: Option<Secret>,
}

fn about(top: &mut MapReader<'_, '_>) -> About {
    let mut about = About {
        id: String::new(),
        name: String::new(),
        ai_agents: true,
        // Okta's default global session policy ends a session that is idle for two hours.
        session: SessionLimits {
            idle: SignedDuration::from_hours(2),
            lifetime: SignedDuration::from_hours(24),
        },
        trusted_origins: BTreeSet::new(),
        key_pem: None,
    };
    let Some(node) = top.required_node("org") else {
        return about;
    };
    let mut org = MapReader::new(node, top.problems(), "the org");
    let id = words::id(&mut org, "00o", None).map(|id| id.value);
    about.id = id.unwrap_or_default();
    about.name = org.required::<String>("name").unwrap_or_default();
    about.ai_agents = org.optional("ai_agents").unwrap_or(about.ai_agents);
    let bounds = ("1m", "8760h");
    let SessionLimits { idle, lifetime } = about.session;
    about.session.idle = words::lifetime(&mut org, "session_idle", bounds, idle);
    about.session.lifetime = words::lifetime(&mut org, "session_lifetime", bounds, lifetime);
    about.trusted_origins = trusted_origins(&mut org);
    about.key_pem = private_key::private_key(&mut org, Some(KeyAlg::Rs256));
    org.finish();
    about
}

/// Origins as browsers send them: an address with a path or a slash behind it would match nothing.
fn trusted_origins(org: &mut MapReader<'_, '_>) -> BTreeSet<String> {
    let items = words::items(org, "trusted_origins");
    let written = words::strings(items, org.problems());
    for origin in &written {
        let as_sent = uri::origin(&origin.value);
        if as_sent.as_deref() != Some(origin.value.as_str()) {
            let shown = uri::shown(&origin.value);
            let problem = Problem::new(origin.place, format!("`{shown}` is not an origin"))
                .expected(
                    "scheme, host and port as a browser sends them, such as http://localhost:3000",
                );
            org.problems().push(match as_sent {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            });
        }
    }
    words::set(&written)
}

/// A switch's value may look like a number (`policy_denied: 401`): it is read as it was written.
fn behaviours(top: &mut MapReader<'_, '_>, edition: Edition) -> Behaviours {
    let mut all = Behaviours::of(edition);
    let Some(node) = top.node("behaviours") else {
        return all;
    };
    let Some(map) = node.as_map() else {
        top.problems()
            .push(node.mismatch("a map from switches to values"));
        return all;
    };
    for entry in &map.entries {
        let (name, value) = (&entry.key, &entry.value);
        let text = match &value.value {
            Value::Int(number) => Some(number.to_string()),
            _ => String::from_node(value, top.problems()),
        };
        let Some(text) = text else { continue };
        let problem = match all.set(&name.value, &text) {
            Ok(()) => continue,
            Err(BehaviourError::UnknownSwitch(_)) => {
                let names: Vec<&str> = Behaviours::SWITCHES
                    .iter()
                    .map(|switch| switch.name)
                    .collect();
                let problem = Problem::new(
                    name.place,
                    format!("there is no behaviour `{}`", name.value),
                )
                .help("`mock-okta behaviours` lists them all");
                problem.did_you_mean(&name.value, names)
            }
            Err(BehaviourError::UnknownChoice { choices, .. }) => {
                let message = format!("behaviour `{}` cannot be `{text}`", name.value);
                Problem::new(value.place, message)
                    .expected(format!("one of {}", choices.join(", ")))
                    .did_you_mean(&text, choices.iter().copied())
            }
        };
        top.problems().push(problem);
    }
    all
}
