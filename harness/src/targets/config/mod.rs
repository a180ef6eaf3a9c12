//! Reads a target file strictly: unknown keys are refused with a suggestion, and all mistakes are reported at once.

mod ca;
mod clients;
mod env_file;
mod management;
mod network;
mod permissions;
mod schema;
mod secret;
mod servers;
mod sign_in;
mod variables;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use strict_yaml::{Document, FromNode, Guard, MapReader, Node, Problem, Problems, guarded_text_of};

use self::env_file::EnvFile;
pub(crate) use self::env_file::is_name as is_variable_name;
pub use self::schema::schema;
pub use self::secret::Sources;
use super::deployment::{ControlAccess, Deployment, Resource, TargetKind, User};
use crate::files;
use crate::requirement::{Profile, Profiles};
use crate::scenario::model::{Edition, RESOURCES, UserRole};

/// Where secrets stand in a target file, in the right place or in a wrong one.
const SECRETS: Guard<'_> = Guard {
    secrets: &[
        "api_token",
        "oauth_token",
        "value",
        "password",
        "client_secret",
        "private_key_pem",
        "private_jwk",
        "private_key",
        "token",
        "id_token",
        "access_token",
        "refresh_token",
    ],
    references: &REFERENCES,
};

/// Keys below a secret that say where it is.
const REFERENCES: [&str; 2] = ["env", "file"];

/// Whether a key has a secret as its value. `value` stands below such a key, and below others.
fn is_secret(key: &str) -> bool {
    key != "value" && SECRETS.secrets.contains(&key)
}

/// Why a target file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Not readable at all.
    #[error("cannot read the target file {path}: {error}")]
    Unreadable {
        /// As given.
        path: String,
        /// The system's words.
        error: std::io::Error,
    },
    /// Readable, with mistakes: in this file, and in `.env` beside it where a variable is missing.
    #[error("{}", .0.iter().map(Problems::to_string).collect::<Vec<_>>().join("\n"))]
    Mistakes(Vec<Problems>),
}

impl From<Problems> for ConfigError {
    fn from(problems: Problems) -> Self {
        Self::Mistakes(vec![problems])
    }
}

/// Reads the target file at a path. Variables come from the process's environment or from `.env` beside the file, secrets from
/// there and from files.
pub fn read(path: &Path) -> Result<Deployment, ConfigError> {
    let bytes = files::bytes(path, files::WRITTEN).map_err(|error| ConfigError::Unreadable {
        path: path.display().to_string(),
        error,
    })?;
    let name = path.display().to_string();
    let text = guarded_text_of(&name, &bytes)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let env_file = EnvFile::beside(folder);
    let environment = |name: &str| {
        let set = std::env::var(name).ok();
        set.or_else(|| env_file.as_ref()?.get(name))
    };
    let sources = Sources {
        folder,
        environment: &environment,
    };
    match parse_all(&name, text, &sources) {
        Ok((mut deployment, variables)) => {
            let holds = |file: &EnvFile| variables.iter().any(|name| file.get(name).is_some());
            deployment.env_file = env_file.filter(holds).map(|file| file.path);
            Ok(deployment)
        }
        Err(problems) => {
            let mut mistakes = problems.sorted().into_iter();
            let is_missing = mistakes.any(variables::is_missing);
            let unread = env_file.map(|file| file.mistakes);
            let unread = unread.filter(|mistakes| is_missing && !mistakes.is_empty());
            let files = std::iter::once(problems).chain(unread);
            Err(ConfigError::Mistakes(files.collect()))
        }
    }
}

/// The value of a variable for a target file in this folder: from the process's environment, or from `.env` there.
pub fn variable(folder: &Path, name: &str) -> Option<String> {
    let set = std::env::var(name).ok();
    set.or_else(|| EnvFile::beside(folder)?.get(name))
}

/// Reads a target file's text.
pub fn parse(name: &str, text: &str, sources: &Sources<'_>) -> Result<Deployment, Problems> {
    parse_all(name, text, sources).map(|(deployment, _)| deployment)
}

/// What the text says, and the variables whose values are secrets of the target.
fn parse_all(
    name: &str,
    text: &str,
    sources: &Sources<'_>,
) -> Result<(Deployment, BTreeSet<String>), Problems> {
    let mut document = Document::parse_guarded(name, text, SECRETS)?;
    let mut problems = document.problems();
    variables::replace(&mut document.root, sources, &mut problems);
    let found = target(&document.root, name, sources, &mut problems);
    match found {
        Some(found) if problems.is_empty() => Ok(found),
        _ => {
            if problems.is_empty() {
                let place = document.root.place;
                problems.push(Problem::new(place, "this describes no target"));
            }
            Err(problems)
        }
    }
}

/// What reading a part of the file needs to know of the whole.
struct Context<'c> {
    /// The target file, as it is named in messages.
    file_name: &'c str,
    kind: Option<TargetKind>,
    /// A real server is judged as Okta's.
    is_okta: bool,
    sources: &'c Sources<'c>,
    /// Whether a secret has been read that stands in the file itself.
    writes_out_secrets: Cell<bool>,
    /// The variables that secrets have been read from.
    secret_variables: RefCell<BTreeSet<String>>,
}

impl Context<'_> {
    fn secret(&self, node: &Node, problems: &mut Problems) -> Option<crate::secret::Secret> {
        let entries = node.as_map().map(|map| map.entries.as_slice());
        for entry in entries.unwrap_or_default() {
            match entry.key.value.as_str() {
                "value" => self.writes_out_secrets.set(true),
                "env" => {
                    let name = entry.value.as_str().map(str::to_owned);
                    self.secret_variables.borrow_mut().extend(name);
                }
                _ => {}
            }
        }
        secret::read(node, self.kind, self.sources, problems)
    }
}

fn target(
    node: &Node,
    file_name: &str,
    sources: &Sources<'_>,
    problems: &mut Problems,
) -> Option<(Deployment, BTreeSet<String>)> {
    let kinds = [("mock", TargetKind::Mock), ("okta", TargetKind::Okta)];
    let editions = Edition::ALL.map(|edition| (edition.as_str(), edition));

    let mut file = MapReader::new(node, problems, "a target");
    let kind = file
        .required_one_of("target", &kinds)
        .map(|kind| kind.value);
    let name = file.optional::<String>("name");
    let edition = file.optional_one_of("edition", &editions);
    let profiles = file
        .node("profiles")
        .and_then(|node| profiles(node, file.problems()));
    let is_judged = (profiles.as_ref()).is_none_or(|profiles| profiles.has(Profile::Okta));
    let cx = Context {
        file_name,
        kind,
        is_okta: kind == Some(TargetKind::Okta) && is_judged,
        sources,
        writes_out_secrets: Cell::new(false),
        secret_variables: RefCell::default(),
    };
    let shows_internal_codes = file.optional_bool("shows_internal_codes");
    let permissions = permissions::read(&mut file);
    let ca = file
        .node("ca")
        .and_then(|node| ca::read(node, sources, file.problems()));
    let network = network::read(&mut file, &cx, node.place);
    let control = file
        .node("control")
        .and_then(|node| control(node, &cx, file.problems()));
    let management = file
        .node("management")
        .and_then(|node| management::read(node, &cx, file.problems()));
    let sign_in = file
        .node("sign_in")
        .and_then(|node| sign_in::read(node, &cx, file.problems()));
    let consent = file.optional_one_of("consent", &[("page", ())]);
    let servers = file.required_node("authorization_servers");
    let servers = servers.and_then(|node| servers::read(node, &cx, file.problems()));
    let clients = file.required_node("clients");
    let clients = clients.and_then(|node| clients::read(node, &cx, file.problems()));
    let users = file.node("users");
    let users = users.map(|node| users_of(node, &cx, file.problems()));
    let resources = file.node("resources");
    let resources = resources.map(|node| resources_of(node, file.problems()));
    file.finish();

    let kind = kind?;
    let deployment = Deployment {
        name: name.unwrap_or_else(|| kind.as_str().to_owned()),
        kind,
        edition: edition.map(|edition| edition.value),
        profiles: profiles.unwrap_or_default(),
        shows_internal_codes: shows_internal_codes.is_some_and(|shows| shows.value),
        writes_out_secrets: cx.writes_out_secrets.get(),
        permissions,
        env_file: None,
        ca,
        network,
        control,
        management,
        sign_in,
        consent_page: consent.is_some(),
        servers: servers?,
        clients: clients?,
        users: users.unwrap_or_default(),
        resources: resources.unwrap_or_default(),
    };
    Some((deployment, cx.secret_variables.into_inner()))
}

/// A list of profiles; each once.
fn profiles(node: &Node, problems: &mut Problems) -> Option<Profiles> {
    let names: Vec<Node> = FromNode::from_node(node, problems)?;
    let mut chosen = Vec::new();
    for name in &names {
        let profile = name.one_of(&Profiles::CHOICE, problems)?;
        if chosen.contains(&profile) {
            let message = format!("profile {profile} is named twice");
            problems.push(Problem::new(name.place, message));
        }
        chosen.push(profile);
    }
    Some(Profiles::of(chosen))
}

fn control(node: &Node, cx: &Context<'_>, problems: &mut Problems) -> Option<ControlAccess> {
    let mut control = MapReader::new(node, problems, "the test control");
    let url = control
        .required_node("url")
        .and_then(|node| address(node, cx, control.problems()));
    control.guard("token");
    let token = control
        .node("token")
        .map(|node| cx.secret(node, control.problems()));
    control.finish();
    Some(ControlAccess {
        url: format!("{}/", url?.trim_end_matches('/')),
        token: match token {
            Some(token) => Some(token?),
            None => None,
        },
    })
}

fn users_of(node: &Node, cx: &Context<'_>, problems: &mut Problems) -> BTreeMap<UserRole, User> {
    let mut users = MapReader::new(node, problems, "the users");
    let mut found = BTreeMap::new();
    for (name, role) in UserRole::ALL {
        if let Some(node) = users.node(name) {
            let mut user = MapReader::new(node, users.problems(), "a user");
            let id = user.optional::<String>("id");
            let login = user.required::<String>("login");
            user.guard("password");
            let password = user.node("password");
            let password = password.and_then(|node| cx.secret(node, user.problems()));
            user.finish();
            if let Some(login) = login {
                found.insert(
                    *role,
                    User {
                        id,
                        login,
                        password,
                    },
                );
            }
        }
    }
    users.finish();
    found
}

fn resources_of(node: &Node, problems: &mut Problems) -> BTreeMap<&'static str, Resource> {
    let mut resources = MapReader::new(node, problems, "the resources");
    let mut found = BTreeMap::new();
    for name in RESOURCES.map(|role| role.name) {
        if let Some(node) = resources.node(name) {
            let mut resource = MapReader::new(node, resources.problems(), "a resource");
            let indicator = resource.required::<String>("resource");
            let api = resource.optional::<String>("api");
            let field = resource.optional::<String>("field");
            let scope = resource.optional::<String>("scope");
            resource.finish();
            if let Some(resource) = indicator {
                found.insert(
                    name,
                    Resource {
                        resource,
                        api,
                        field,
                        scope,
                    },
                );
            }
        }
    }
    resources.finish();
    found
}

/// An absolute http or https address; a real org's is https.
fn address(node: &Node, cx: &Context<'_>, problems: &mut Problems) -> Option<String> {
    let Some(text) = node.as_str() else {
        problems.push(node.mismatch("an address (a string)"));
        return None;
    };
    let scheme = url::Url::parse(text).map(|url| url.scheme().to_owned());
    match scheme.as_deref() {
        Ok("https") => Some(text.to_owned()),
        Ok("http") if cx.kind != Some(TargetKind::Okta) => Some(text.to_owned()),
        Ok("http") => {
            problems.push(
                Problem::new(node.place, "a real org is asked over https only")
                    .help("write https://…"),
            );
            None
        }
        _ => {
            problems.push(
                Problem::new(node.place, format!("`{text}` is not an address"))
                    .expected("an absolute address such as https://example.okta.com"),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests;
