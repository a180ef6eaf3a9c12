//! One case: an org, the agent's command, its user; then the verdict from what arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;
use std::net::TcpListener;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU16, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::time::{Instant, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use url::Url;

use super::attend::{Idle, attend};
use super::browser::BrowserCommands;
use super::judge::Evidence;
use super::ledger::Ledger;
use super::output::Output;
use super::plan::{AgentOptions, SignIn};
use super::process::{Finished, Running};
use super::settings::{self, Settings};
use super::user::User;
use super::view::{self, Places, Seen};
use crate::fill::{self, Names};
use crate::forge::fresh;
use crate::scenario::agent::model::{AgentCase, AgentClient, Setup, UserActs};
use crate::scenario::model::{ClientRole, ResourceType, UserRole, ValueTemplate};
use crate::targets::{
    AgentOrg, AgentOrgError, AgentOrgPlan, Deployment, Http, Limits, Network, Trouble, origin,
};

/// Why a case could not be run at all.
#[derive(Debug, thiserror::Error)]
pub(super) enum CaseTrouble {
    /// The org of the case.
    #[error("{0}")]
    Org(#[from] AgentOrgError),
    /// Its files.
    #[error("the files of the case cannot be written: {0}")]
    Files(io::Error),
    /// The command.
    #[error("cannot start `{program}`: {error}")]
    Command {
        /// As given.
        program: String,
        /// Of the system.
        error: io::Error,
    },
    /// A template that names nothing.
    #[error("{0}")]
    Unfilled(#[from] fill::Unfilled),
    /// No HTTP client for the user.
    #[error("{0}")]
    Client(#[from] Trouble),
}

/// What was seen of an agent in a case.
pub(super) struct Conducted {
    pub(super) seen: Vec<Seen>,
    pub(super) output: Output,
    pub(super) names: CaseNames,
    pub(super) ledger: Ledger,
    pub(super) deployment: Deployment,
    pub(super) finished: Finished,
    /// Changes that would have concerned an answer.
    pub(super) touched_by: BTreeSet<String>,
    /// Whether the user came back to the agent from the org.
    pub(super) user_returned: bool,
    /// Why the user could not go on.
    pub(super) user_trouble: Option<String>,
}

impl Conducted {
    /// Whether the agent used the credential of its task at its API.
    pub(super) fn reached_purpose(&self) -> bool {
        let mut all = self.seen.iter();
        all.any(|one| one.view["at"] == "api" && one.view["status"] == 200 && !one.is_by_browser())
    }

    /// For the judge.
    pub(super) fn evidence(&self) -> Evidence<'_> {
        Evidence {
            seen: &self.seen,
            names: &self.names,
            output: &self.output,
        }
    }
}

/// Names of the org for templates.
#[derive(Debug, Clone, Default)]
pub(super) struct CaseNames(Arc<BTreeMap<String, String>>);

impl CaseNames {
    fn new(
        deployment: &Deployment,
        options: &AgentOptions,
        base_url: &str,
        settings: Option<&Settings>,
    ) -> Self {
        let mut names = deployment.names(options.edition);
        names.insert(
            "org.elsewhere".to_owned(),
            base_url.replace("127.0.0.1", "localhost"),
        );
        let task = [
            ("task.api", "ATX_API_URL"),
            ("task.resource", "ATX_RESOURCE"),
            ("task.scope", "ATX_SCOPE"),
        ];
        for (name, variable) in task {
            if let Some(value) = settings.and_then(|settings| settings.get(variable)) {
                names.insert(name.to_owned(), value.to_owned());
            }
        }
        Self(Arc::new(names))
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

impl Names for CaseNames {
    fn value(&self, name: &str) -> Option<Value> {
        self.0.get(name).map(|value| value.as_str().into())
    }
}

/// An org as a case begins with, the agent's settings there, and the names of templates.
struct Prepared {
    org: AgentOrg,
    deployment: Deployment,
    settings: Settings,
    names: CaseNames,
    redirect_uri: String,
}

/// The settings that an agent would get for a task.
pub(super) async fn example(
    task: ResourceType,
    options: &AgentOptions,
) -> Result<Settings, CaseTrouble> {
    let folder = tempfile::tempdir().map_err(CaseTrouble::Files)?;
    let prepared = prepare(&Setup::default(), task, options, folder.path()).await?;
    Ok(prepared.settings)
}

/// Starts an org and sets it up, all but what changes its answers.
async fn prepare(
    setup: &Setup,
    task: ResourceType,
    options: &AgentOptions,
    folder: &Path,
) -> Result<Prepared, CaseTrouble> {
    let plan = AgentOrgPlan {
        edition: Some(options.edition),
        tls: options.tls,
        auto_sign_in: options.sign_in == SignIn::Auto,
        port: options.port,
    };
    let org = AgentOrg::start(&plan).await?;
    let redirect_uri = options
        .redirect_uri
        .clone()
        .map_or_else(free_redirect_uri, Ok);
    let redirect_uri = redirect_uri.map_err(CaseTrouble::Files)?;
    let (client_id, kid) = agent_id(&org.deployment()?, options);
    let authentication = setup.client.unwrap_or_else(|| options.client());
    org.configure(client(&client_id, &kid, &redirect_uri, authentication))?;
    if !setup.switches.is_empty() {
        let switches: Map<String, Value> = setup
            .switches
            .iter()
            .map(|(name, position)| (name.clone(), position.as_str().into()))
            .collect();
        org.configure(Map::from_iter([("behaviours".to_owned(), switches.into())]))?;
    }
    let names = CaseNames::new(&org.deployment()?, options, org.base_url(), None);
    for change in &setup.org {
        if let Value::Object(change) = fill::json(change, &names)? {
            org.configure(change)?;
        }
    }
    let deployment = org.deployment()?;
    let id_token = match options.sign_in {
        SignIn::Given => Some(org.id_token(setup.id_token_age.unwrap_or(0)).await?),
        _ => None,
    };
    let sources = settings::Sources {
        org: &org,
        deployment: &deployment,
        edition: options.edition,
        task,
        id_token: id_token.as_deref(),
        ca_pem: org.ca_pem().map(|own| {
            if setup.other_ca {
                AgentOrg::another_ca()
            } else {
                own
            }
        }),
        folder,
    };
    let settings = Settings::write(&sources).map_err(CaseTrouble::Files)?;
    let names = CaseNames::new(&deployment, options, org.base_url(), Some(&settings));
    Ok(Prepared {
        org,
        deployment,
        settings,
        names,
        redirect_uri,
    })
}

/// Runs a case. `task` is what the agent is to do.
pub(super) async fn conduct(
    case: &AgentCase,
    task: ResourceType,
    options: &AgentOptions,
) -> Result<Conducted, CaseTrouble> {
    let folder = tempfile::Builder::new().prefix("atx-agent-").tempdir();
    let folder = folder.map_err(CaseTrouble::Files)?;
    let setup = &case.setup;
    let Prepared {
        mut org,
        deployment,
        settings,
        names,
        redirect_uri,
    } = prepare(setup, task, options, folder.path()).await?;
    org.change(&setup.defects, &setup.variations)?;
    for fault in &setup.faults {
        org.add_fault(&filled(fault, &names)?)?;
    }
    org.begin();

    let browser = BrowserCommands::make(folder.path()).map_err(CaseTrouble::Files)?;
    let mut user = user(&deployment, &org, &redirect_uri, case)?;
    let since = SystemTime::now();
    let mut variables = browser.variables();
    variables.extend(
        settings
            .variables()
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    for (name, template) in &options.env {
        variables.push((name.clone(), with_settings(template, &settings, &names)));
    }
    let mut running = start(options, &settings, &names, &variables)?;
    let deadline = Instant::now() + options.timeout;
    let api = settings
        .get("ATX_API_URL")
        .and_then(|url| Url::parse(url).ok());
    let idle = Idle {
        is_in_trouble: !setup.faults.is_empty(),
        api: api.map(|url| url.path().to_owned()).unwrap_or_default(),
    };
    let (links, user_trouble) = attend(
        &mut running,
        &mut user,
        &browser,
        &org,
        options,
        &idle,
        deadline,
    )
    .await;
    let printed = running.printed.clone();
    let finished = if running.is_running() && Instant::now() < deadline {
        running.stop().await
    } else {
        running.finish(deadline).await
    };

    let api = settings.get("ATX_API_URL");
    let places = Places::new(&deployment, org.base_url(), api);
    let mut ledger = Ledger::new(&settings.secrets);
    let received = org.received();
    let touched_by = received
        .iter()
        .flat_map(|one| one.touched_by.iter().cloned())
        .collect();
    let seen = view::seen(received, &places, &mut ledger);
    let mut output = Output {
        text: printed.text(),
        opened: links,
        left_out: printed.left_out(),
        ..Output::default()
    };
    let own_folder = std::env::current_dir().ok();
    let working_folder = options.folder.clone().or(own_folder);
    output.search(&ledger, working_folder.as_deref(), since);
    if output.left_out > 0 {
        let more = output.left_out;
        let _ = write!(
            output.text,
            "\n… and {more} bytes more, which were not searched"
        );
    }
    Ok(Conducted {
        seen,
        output,
        names,
        ledger,
        deployment,
        finished,
        touched_by,
        user_returned: user.has_returned,
        user_trouble,
    })
}

fn filled(
    template: &ValueTemplate,
    names: &CaseNames,
) -> Result<Map<String, Value>, fill::Unfilled> {
    Ok(match fill::json(template, names)? {
        Value::Object(members) => members,
        _ => Map::new(),
    })
}

/// Ports below those that systems give to connections, so that no connection takes one before the agent listens.
const PORTS: Range<u16> = 20_000..32_000;
/// Where the search goes on: cases beside each other get other ports.
static NEXT_PORT: LazyLock<AtomicU16> = LazyLock::new(|| {
    let offset = std::process::id() % u32::from(PORTS.end - PORTS.start);
    AtomicU16::new(PORTS.start + u16::try_from(offset).unwrap_or_default())
});

/// A redirect URI of the loopback interface whose port nobody uses.
fn free_redirect_uri() -> io::Result<String> {
    let mut failed = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in PORTS {
        let port = NEXT_PORT.fetch_update(Relaxed, Relaxed, |port| {
            let next = port.saturating_add(1);
            Some(if PORTS.contains(&next) {
                next
            } else {
                PORTS.start
            })
        });
        let port = port.unwrap_or(PORTS.start);
        match TcpListener::bind(("127.0.0.1", port)) {
            Ok(_) => return Ok(format!("http://127.0.0.1:{port}/callback")),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// The agent's client id, and the `kid` of its key.
fn agent_id(deployment: &Deployment, options: &AgentOptions) -> (String, String) {
    let agent = deployment.client(ClientRole::Agent, options.edition);
    let id = agent.map(|agent| agent.client_id.clone());
    let names = deployment.names(options.edition);
    let kid = names.get("agent.kid").cloned();
    (id.unwrap_or_default(), kid.unwrap_or_default())
}

/// The change of the org file that makes the agent the client that a case wants.
fn client(
    id: &str,
    kid: &str,
    redirect_uri: &str,
    authentication: AgentClient,
) -> Map<String, Value> {
    let mut agent = json!({ "id": id, "redirect_uris": [redirect_uri] });
    let secret = "agent secret: 100 % +für Tests only, and long enough to be one";
    match authentication {
        AgentClient::Rs256 => {}
        AgentClient::Es256 => {
            let pem = elliptic_curve_key().unwrap_or_default();
            // In place of the one that the org file has: entries of lists go by their ids.
            let key = json!({ "kid": kid, "alg": "ES256", "private_key_pem": pem });
            agent["keys"] = json!([key]);
        }
        AgentClient::SecretBasic | AgentClient::SecretPost => {
            let method = if authentication == AgentClient::SecretBasic {
                "client_secret_basic"
            } else {
                "client_secret_post"
            };
            agent["token_endpoint_auth_methods"] = json!([method]);
            agent["client_secret"] = secret.into();
            agent["keys"] = Value::Null;
        }
    }
    Map::from_iter([("agents".to_owned(), json!([agent]))])
}

/// A fresh key of P-256, PKCS#8 in PEM.
fn elliptic_curve_key() -> Option<String> {
    let random = SystemRandom::new();
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).ok()?;
    let body = STANDARD.encode(made.as_ref());
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    Some(format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        lines.join("\n")
    ))
}

fn user(
    deployment: &Deployment,
    org: &AgentOrg,
    redirect_uri: &str,
    case: &AgentCase,
) -> Result<User, CaseTrouble> {
    let ada = deployment.users.get(&UserRole::Ada);
    let password = ada.and_then(|ada| ada.password.as_ref());
    Ok(User {
        http: Http::new(
            Limits::default(),
            deployment.ca.as_ref(),
            &Network::default(),
        )?,
        org: origin(org.base_url()),
        login: ada.map(|ada| ada.login.clone()).unwrap_or_default(),
        password: password
            .map(|password| password.expose().to_owned())
            .unwrap_or_default(),
        redirect_uri: redirect_uri.to_owned(),
        acts: case.setup.user.unwrap_or(UserActs::Allows),
        callback: case.setup.callback,
        has_returned: false,
        visited: Vec::new(),
        cookies: BTreeMap::new(),
    })
}

/// Replaces `{ATX_NAME}` and `{org.issuer}` in what the user wrote. Other braces stay.
pub(super) fn with_settings(template: &str, settings: &Settings, names: &CaseNames) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        let name = &rest[start + 1..start + length];
        let value = settings.get(name).map(str::to_owned);
        let value = value.or_else(|| names.0.get(name).cloned());
        text.push_str(&rest[..start]);
        match value {
            Some(value) => text.push_str(&value),
            None => text.push_str(&rest[start..=start + length]),
        }
        rest = &rest[start + length + 1..];
    }
    text.push_str(rest);
    text
}

fn start(
    options: &AgentOptions,
    settings: &Settings,
    names: &CaseNames,
    variables: &[(String, String)],
) -> Result<Running, CaseTrouble> {
    let mark = fresh();
    let (program, mut arguments) = match (&options.command, &options.trigger) {
        (Some(command), _) => (command.program.clone(), command.arguments.clone()),
        (None, Some(trigger)) => {
            let line = with_settings(&trigger.command, settings, names);
            ("sh".into(), vec!["-c".into(), line.into()])
        }
        // The user's start address is all it takes.
        (None, None) => ("true".into(), Vec::new()),
    };
    for template in &options.arguments {
        arguments.push(with_settings(template, settings, names).into());
    }
    let folder = options.folder.as_deref();
    let started = Running::start(&program, arguments, variables, folder, &mark);
    started.map_err(|error| CaseTrouble::Command {
        program: program.to_string_lossy().into_owned(),
        error,
    })
}
