//! A mock org in this process for an agent under test: set up as a case says, and asked afterwards what arrived. With the
//! embedded target the only file that knows `mock_okta`.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use mock_okta::{Behaviours, Defect, Fault, MockOkta, Variation};
use serde_json::{Map, Value};

use super::config::{self, Sources};
use super::{Deployment, acting};
use crate::scenario::model::{ClientRole, Edition};

/// How an org begins.
#[derive(Debug, Clone, Default)]
pub struct AgentOrgPlan {
    /// Edition of the guide; the newest without one.
    pub edition: Option<Edition>,
    /// Whether it speaks https.
    pub tls: bool,
    /// Whether the authorization endpoint answers as for a browser in which Ada is signed in.
    pub auto_sign_in: bool,
    /// The port to listen on; any free one without it.
    pub port: Option<u16>,
}

/// Why there is no org, or not this one.
#[derive(Debug, thiserror::Error)]
pub enum AgentOrgError {
    /// It does not start: the port is taken, for example.
    #[error("the mock org does not start: {0}")]
    Start(String),
    /// The scenario asks for something that the mock does not know or that contradicts itself.
    #[error("the org cannot be set up as the scenario says: {0}")]
    Setup(String),
    /// It describes itself in a way that the harness does not understand; a defect of the kit.
    #[error("the mock org describes itself wrongly:\n{0}")]
    Description(#[from] strict_yaml::Problems),
    /// Nobody can sign in; a defect of the scenario or of the kit.
    #[error("no ID token can be obtained: {0}")]
    SignIn(String),
}

/// A request that the org received, and its answer.
#[derive(Debug, Clone, Default)]
pub struct Received {
    /// Counts from 1.
    pub number: u64,
    /// When, by the org's clock, in seconds since the epoch.
    pub at: f64,
    /// HTTP method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Header fields in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Content.
    pub body: String,
    /// Version of HTTP.
    pub http_version: String,
    /// Which endpoint: `token`, `authorize`, `keys`, `metadata`, `protected-resource` and so on.
    pub endpoint: String,
    /// Status of the answer; 0 where the connection ended without one.
    pub status: u16,
    /// Internal code of the refusal, if it was refused.
    pub refusal: Option<String>,
    /// The wire fault that happened to its answer.
    pub fault: Option<String>,
    /// Defects and variations that would have changed the answer.
    pub touched_by: Vec<String>,
    /// Header fields of the answer.
    pub answer_headers: Vec<(String, String)>,
    /// Content of the answer.
    pub answer_body: String,
}

/// The org of a case. It ends when it is dropped.
#[derive(Debug)]
pub struct AgentOrg {
    okta: MockOkta,
    edition: Edition,
    /// Entries of the journal up to this one are the kit's own.
    own: u64,
}

impl AgentOrg {
    /// Starts an org.
    pub async fn start(plan: &AgentOrgPlan) -> Result<Self, AgentOrgError> {
        let edition = plan.edition.unwrap_or(Edition::E2026_10);
        let mut builder = MockOkta::builder()
            .edition(match edition {
                Edition::E2025_10 => mock_okta::Edition::E2025_10,
                Edition::E2026_10 => mock_okta::Edition::E2026_10,
            })
            // Keys are shared by the orgs of this process: making them takes longer than most cases.
            .keys_ahead(false)
            .internal_codes(false)
            .keep_raw_exchanges(true);
        if plan.auto_sign_in {
            builder = builder.auto_sign_in("ada");
        }
        if plan.tls {
            builder = builder.tls();
        }
        if let Some(port) = plan.port {
            builder = builder.port(port);
        }
        let okta = builder.start().await;
        Ok(Self {
            okta: okta.map_err(|error| AgentOrgError::Start(error.to_string()))?,
            edition,
            own: 0,
        })
    }

    /// Scheme, host and port.
    pub fn base_url(&self) -> &str {
        self.okta.base_url()
    }

    /// The certificate authority of an org that speaks https, as PEM.
    pub fn ca_pem(&self) -> Option<&str> {
        self.okta.ca_pem()
    }

    /// The certificate of an authority that signed nothing here. Its key was thrown away.
    pub fn another_ca() -> &'static str {
        include_str!("another_ca.pem")
    }

    /// What the org says of itself: servers, clients, users, resources.
    pub fn deployment(&self) -> Result<Deployment, AgentOrgError> {
        let sources = Sources {
            folder: Path::new("."),
            environment: &|_| None,
        };
        Ok(config::parse(
            "the org",
            &self.okta.target_file(),
            &sources,
        )?)
    }

    /// The client's private key, as PEM and as JWK.
    pub fn private_key(&self, client_id: &str) -> Option<(String, Value)> {
        let pem = self.okta.private_key_pem(client_id)?;
        Some((pem, self.okta.private_jwk(client_id)?))
    }

    /// Merges members into the org file, as `PATCH /_mock/org` does.
    pub fn configure(&self, change: Map<String, Value>) -> Result<(), AgentOrgError> {
        let changed = self.okta.configure(change);
        changed.map_err(|error| AgentOrgError::Setup(error.to_string()))
    }

    /// An ID token of Ada as the app hands it to the agent, obtained so many seconds ago.
    pub async fn id_token(&self, age: u64) -> Result<String, AgentOrgError> {
        let failed = |error: String| AgentOrgError::SignIn(error);
        if age > 0 {
            let then = Timestamp::now() - Duration::from_secs(age);
            let moved = self.okta.set_clock(then);
            moved.map_err(|error| failed(error.to_string()))?;
        }
        let client = acting(ClientRole::UserClient, self.edition).as_str();
        let signed_in = self.okta.sign_in("ada").client(client).await;
        self.okta.resume_clock();
        Ok(signed_in
            .map_err(|error| failed(error.to_string()))?
            .id_token)
    }

    /// What the mock does not know of a setup, if anything: a defect, a variation, a switch or its position, a wire fault.
    pub fn unknown(
        defects: &[String],
        variations: &[String],
        switches: &[(String, String)],
        faults: &[Map<String, Value>],
    ) -> Option<String> {
        let defect = defects.iter().find_map(|id| Defect::parse(id).err());
        let variation = || {
            let is_known = |id: &String| Variation::ALL.iter().any(|one| one.id() == *id);
            let unknown = variations.iter().find(|id| !is_known(id));
            unknown.map(|id| format!("there is no variation `{id}`"))
        };
        let switch = || {
            switches.iter().find_map(|(name, position)| {
                let Some(switch) = Behaviours::SWITCHES
                    .iter()
                    .find(|switch| switch.name == name)
                else {
                    return Some(format!("there is no switch `{name}`"));
                };
                let is_known = switch.choices.contains(&position.as_str());
                let choices = switch.choices.join(", ");
                (!is_known).then(|| format!("`{name}` is one of {choices}, not `{position}`"))
            })
        };
        let fault = || {
            faults
                .iter()
                .find_map(|fault| Fault::from_json(fault).err())
        };
        defect
            .map(|error| error.to_string())
            .or_else(variation)
            .or_else(switch)
            .or_else(|| fault().map(|error| error.to_string()))
    }

    /// Switches these defects and variations on, and no others.
    pub fn change(&self, defects: &[String], variations: &[String]) -> Result<(), AgentOrgError> {
        let setup = |error: String| AgentOrgError::Setup(error);
        let defects: Result<Vec<_>, _> = defects.iter().map(|id| Defect::parse(id)).collect();
        self.okta
            .set_defects(defects.map_err(|error| setup(error.to_string()))?);
        let mut chosen = Vec::new();
        for id in variations {
            let one = Variation::ALL.iter().find(|one| one.id() == *id);
            chosen.push(*one.ok_or_else(|| setup(format!("there is no variation `{id}`")))?);
        }
        let set = self.okta.set_variations(chosen);
        set.map_err(|error| setup(error.to_string()))
    }

    /// Adds a wire fault, as an org file has it.
    pub fn add_fault(&self, fault: &Map<String, Value>) -> Result<(), AgentOrgError> {
        let fault = Fault::from_json(fault).and_then(|fault| self.okta.add_fault(fault));
        fault.map_err(|error| AgentOrgError::Setup(error.to_string()))?;
        Ok(())
    }

    /// How many requests there were.
    pub fn count(&self) -> u64 {
        self.okta.journal().last().map_or(0, |entry| entry.n)
    }

    /// From here on requests are the agent's and its user's.
    pub fn begin(&mut self) {
        self.own = self.count();
    }

    /// What arrived since then, in order.
    pub fn received(&self) -> Vec<Received> {
        let entries = self.okta.journal().into_iter();
        let since = entries.filter(|entry| entry.n > self.own);
        since.map(|entry| received(&entry)).collect()
    }

    /// Ends it and waits until its address is free.
    pub async fn stop(self) {
        self.okta.shutdown().await;
    }
}

fn received(entry: &mock_okta::JournalEntry) -> Received {
    let raw = entry.raw.as_deref();
    let answer = raw.and_then(mock_okta::RawExchange::answer);
    let at: Option<Timestamp> = entry.at.parse().ok();
    Received {
        number: entry.n,
        at: at.map_or(0.0, |at| at.as_duration().as_secs_f64()),
        method: entry.method.clone(),
        target: raw.map_or_else(|| entry.path.clone(), |raw| raw.target.clone()),
        headers: raw.map(|raw| raw.headers.clone()).unwrap_or_default(),
        body: raw.map(|raw| raw.body.clone()).unwrap_or_default(),
        http_version: entry.http_version.to_owned(),
        endpoint: entry.endpoint.to_owned(),
        status: entry.status,
        refusal: entry.refusal.map(str::to_owned),
        fault: entry.fault.map(str::to_owned),
        touched_by: touched_by(entry),
        answer_headers: answer.map(|one| one.headers.clone()).unwrap_or_default(),
        answer_body: answer.map(|one| one.body.clone()).unwrap_or_default(),
    }
}

/// The ids of all changes that concern an answer, as the journal has them.
fn touched_by(entry: &mock_okta::JournalEntry) -> Vec<String> {
    let entry = serde_json::to_value(entry).unwrap_or_default();
    let ids = ["bends", "variations"].map(|member| entry[member].as_array().cloned());
    let ids = ids.into_iter().flatten().flatten();
    ids.filter_map(|id| id.as_str().map(str::to_owned))
        .collect()
}
