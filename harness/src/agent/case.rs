//! One case: an org, the agent's command, its user; then the verdict from what arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use url::Url;

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
    AgentOrg, AgentOrgError, AgentOrgPlan, Deployment, Http, Limits, Received, Trouble, origin,
};

/// How often links that the agent wants opened are looked for.
const LOOK: Duration = Duration::from_millis(10);
/// An agent that goes on running has done its work once nothing has arrived for so long: after it reached its purpose, otherwise,
/// and where answers are late or it is asked to wait.
const IDLE_AT_PURPOSE: Duration = Duration::from_millis(500);
const IDLE: Duration = Duration::from_millis(2000);
const IDLE_IN_TROUBLE: Duration = Duration::from_secs(6);
/// How long a web app may take until it answers at its start address.
const START_UP: Duration = Duration::from_secs(20);

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
    let kind = setup.client.unwrap_or_else(|| options.client());
    org.configure(client(&client_id, &kid, &redirect_uri, kind))?;
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
    let mut user = user(&deployment, &org, &redirect_uri, case, options)?;
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
        leaks: Vec::new(),
    };
    let own_folder = std::env::current_dir().ok();
    let working_folder = options.folder.clone().or(own_folder);
    output.search(&ledger, working_folder.as_deref(), since);
    if printed.left_out() > 0 {
        output.text.push_str(&format!(
            "\n… and {} bytes more, which were not searched",
            printed.left_out()
        ));
    }
    Ok(Conducted {
        seen,
        output,
        names,
        ledger,
        deployment,
        finished,
        touched_by,
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

/// A redirect URI of the loopback interface whose port nobody uses.
fn free_redirect_uri() -> io::Result<String> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    Ok(format!("http://127.0.0.1:{port}/callback"))
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
fn client(id: &str, kid: &str, redirect_uri: &str, kind: AgentClient) -> Map<String, Value> {
    let mut agent = json!({ "id": id, "redirect_uris": [redirect_uri] });
    let secret = "agent secret: 100 % +für Tests only, and long enough to be one";
    match kind {
        AgentClient::Rs256 => {}
        AgentClient::Es256 => {
            let pem = elliptic_curve_key().unwrap_or_default();
            // In place of the one that the org file has: entries of lists go by their ids.
            let key = json!({ "kid": kid, "alg": "ES256", "private_key_pem": pem });
            agent["keys"] = json!([key]);
        }
        AgentClient::SecretBasic | AgentClient::SecretPost => {
            let method = if kind == AgentClient::SecretBasic {
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
    options: &AgentOptions,
) -> Result<User, CaseTrouble> {
    let ada = deployment.users.get(&UserRole::Ada);
    let password = ada.and_then(|ada| ada.password.as_ref());
    let _ = options;
    Ok(User {
        http: Http::new(Limits::default(), deployment.ca.as_ref())?,
        org: origin(org.base_url()),
        login: ada.map(|ada| ada.login.clone()).unwrap_or_default(),
        password: password
            .map(|password| password.expose().to_owned())
            .unwrap_or_default(),
        redirect_uri: redirect_uri.to_owned(),
        acts: case.setup.user.unwrap_or(UserActs::Allows),
        callback: case.setup.callback,
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

/// Plays the user while the agent runs: until it has ended, the deadline has come, or an agent that goes on running is idle.
/// What comes back are the links that it wanted opened, and why one could not be.
async fn attend(
    running: &mut Running,
    user: &mut User,
    browser: &BrowserCommands,
    org: &AgentOrg,
    options: &AgentOptions,
    idle: &Idle,
    deadline: Instant,
) -> (Vec<String>, Option<String>) {
    let mut opened: Vec<String> = Vec::new();
    let mut printed_links: Vec<String> = Vec::new();
    let mut trouble = None;
    let goes_on = options.command.is_none() || matches!(options.sign_in, SignIn::StartUrl(_));
    if let SignIn::StartUrl(address) = &options.sign_in {
        trouble = begin_at(user, address, deadline).await.err();
    }
    let mut arrived = org.count();
    let mut last = Instant::now();
    let mut has_ended = false;
    loop {
        let new: Vec<String> = browser.links().split_off(opened.len());
        for link in new {
            opened.push(link.clone());
            if origin(&link) == user.org && !printed_links.contains(&link) {
                trouble = within(deadline, user.open(&link)).await.err().or(trouble);
            }
            last = Instant::now();
        }
        for link in links_in(&running.printed.text(), &user.org) {
            let is_wanted = options.follow_output || link.contains("/sts/");
            if is_wanted && !printed_links.contains(&link) && !opened.contains(&link) {
                printed_links.push(link.clone());
                trouble = within(deadline, user.open(&link)).await.err().or(trouble);
                last = Instant::now();
            }
        }
        if org.count() != arrived {
            arrived = org.count();
            last = Instant::now();
        }
        // What it asked for last is still looked at once it has ended.
        if has_ended || Instant::now() >= deadline {
            break;
        }
        has_ended = if goes_on {
            // Whoever asks the agent may wait for its answer.
            let is_asking = options.command.is_none() && running.is_running();
            !is_asking && last.elapsed() > idle.limit(org)
        } else {
            !running.is_running()
        };
        if !has_ended {
            tokio::time::sleep(LOOK).await;
        }
    }
    opened.append(&mut user.visited);
    (opened, trouble)
}

/// How long nothing may arrive until an agent that goes on running has done its work.
struct Idle {
    is_in_trouble: bool,
    /// Path of the API of the task.
    api: String,
}

impl Idle {
    fn limit(&self, org: &AgentOrg) -> Duration {
        let received = org.received();
        let has_reached = |one: &Received| {
            one.endpoint == "protected-resource"
                && one.status == 200
                && one.target.split('?').next() == Some(&self.api)
        };
        if received.iter().any(has_reached) {
            IDLE_AT_PURPOSE
        } else if self.is_in_trouble {
            IDLE_IN_TROUBLE
        } else {
            IDLE
        }
    }
}

async fn within(
    deadline: Instant,
    opening: impl Future<Output = Result<(), String>>,
) -> Result<(), String> {
    let opened = tokio::time::timeout_at(deadline.into(), opening).await;
    opened.unwrap_or_else(|_| Err("the page did not answer in time".to_owned()))
}

/// Opens the start address of a web app, once it listens.
async fn begin_at(user: &mut User, address: &str, deadline: Instant) -> Result<(), String> {
    let latest = deadline.min(Instant::now() + START_UP);
    loop {
        match within(latest, user.open(address)).await {
            Err(why) if Instant::now() < latest => {
                tokio::time::sleep(Duration::from_millis(100)).await;
                drop(why);
            }
            Err(why) => return Err(format!("{address} cannot be opened: {why}")),
            opened => return opened,
        }
    }
}

/// Links at the org in what was printed.
fn links_in(text: &str, org: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(org) {
        let from = &rest[at..];
        let ends = |character: char| character.is_whitespace() || "\"'<>`|\\)".contains(character);
        let end = from.find(ends).unwrap_or(from.len());
        let link = from[..end]
            .trim_end_matches(['.', ',', ';'])
            .replace("&amp;", "&");
        // Without the end of its line it may not be complete.
        if end < from.len() && link.len() > org.len() + 1 && !links.contains(&link) {
            links.push(link);
        }
        rest = &from[end..];
    }
    links
}
