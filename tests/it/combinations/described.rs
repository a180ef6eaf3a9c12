//! A mock org in this process, described as the target file of an org elsewhere would describe it.

use std::fmt;
use std::path::Path;

use harness::requirement::{Profile, Profiles};
use harness::scenario::model::{ClientRole, Edition, ServerRole, StateChange, UserRole};
use harness::secret::Secret;
use harness::targets::config::{self, Sources};
use harness::targets::{
    Deployment, Environment, GivenRefreshToken, GivenTokens, Limits, Permissions, SignInWay,
    StoredSignIns, Target, TargetKind,
};
use harness::token_cache::{CachedSignIn, TokenCache};
use jiff::{SignedDuration, Timestamp};
use mock_okta::MockOkta;
use mock_okta::switches::RefreshTokenRotation;
use serde_json::json;
use tempfile::TempDir;

/// How users sign in, and whether there is test control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// At the sign-in page, with test control and a consent page.
    Control,
    /// At the sign-in page, with a consent page and without test control.
    Page,
    /// The same, and the file allows everything that changes an org.
    Allowed,
    /// By a refresh token that stays.
    Refresh,
    /// By a refresh token that is another one after each use.
    Rotating,
    /// By an ID token that the file gives.
    Given,
    /// By an ID token and the access token beside it.
    GivenBoth,
    /// By tokens that `atx sign-in` has stored.
    Cache,
    /// By persons at a browser, who have signed in already.
    Browser,
    /// By the users' passwords, without a page.
    Session,
    /// The file says nothing of it.
    Nobody,
}

/// How the agent authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agent {
    Rs256,
    Es256,
    Basic,
    Post,
    /// It has no credential.
    Public,
}

/// How the web app authenticates, which signs users in in the older edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum App {
    /// With its secret in either place.
    Both,
    Basic,
    Post,
    Es256,
}

/// What the target file leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Without {
    Nothing,
    /// Everything but the org, the agent and ada.
    Everything,
    /// One entry of a section.
    One(Section, &'static str),
}

/// A section of a target file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Consent,
    Server,
    /// What the file says of `custom_as`.
    Fact,
    Client,
    User,
    Password,
    Resource,
}

/// One description of an org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Combination {
    pub mode: Mode,
    pub agent: Agent,
    pub app: App,
    pub without: Without,
    pub edition: Edition,
    /// Those that are chosen beside base.
    pub profiles: &'static [Profile],
}

/// Of the columns that tell combinations apart: mode, agent, app, left out, edition, profiles.
pub const WIDTHS: [usize; 6] = [9, 6, 5, 33, 8, 13];

impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let without = match self.without {
            Without::Nothing => "-".to_owned(),
            Without::Everything => "all".to_owned(),
            Without::One(section, name) => format!("{section:?} {name}"),
        };
        let profiles: Vec<_> = self.profiles.iter().map(|one| one.as_str()).collect();
        let profiles = if profiles.is_empty() {
            "base".to_owned()
        } else {
            profiles.join("+")
        };
        let columns = [
            format!("{:?}", self.mode),
            format!("{:?}", self.agent),
            format!("{:?}", self.app),
            without,
            self.edition.as_str().to_owned(),
            profiles,
        ];
        for (column, width) in columns.iter().zip(WIDTHS) {
            write!(f, "{column:<width$} ")?;
        }
        Ok(())
    }
}

/// An org and what describes it.
pub struct Described {
    /// As the combination has it.
    pub target: Target,
    /// The same description with nothing left out.
    pub whole: Deployment,
    /// Ends when dropped.
    _org: MockOkta,
    /// Where the token cache is.
    _folder: TempDir,
}

/// Starts an org and describes it.
pub async fn described(combination: &Combination) -> Described {
    let mode = combination.mode;
    let rotation = if mode == Mode::Rotating {
        RefreshTokenRotation::On
    } else {
        RefreshTokenRotation::Off
    };
    let org = MockOkta::builder()
        .edition(match combination.edition {
            Edition::E2025_10 => mock_okta::Edition::E2025_10,
            Edition::E2026_10 => mock_okta::Edition::E2026_10,
        })
        .org_yaml("org.yaml", org_file(combination.agent, combination.app))
        // The one of the embedded org, whose keys are made quickly.
        .seed(1028)
        .switch(rotation)
        .start()
        .await
        .expect("the org starts");
    let mut deployment = read(&org.target_file());
    deployment.profiles = Profiles::of(combination.profiles.iter().copied());
    if mode == Mode::Browser {
        // Nobody is there who could be asked: the user has consented at the third party before.
        consent(&deployment, combination.edition).await;
    }
    if mode != Mode::Control {
        as_a_real_org(&mut deployment, mode);
    }
    let folder = tempfile::tempdir().expect("a folder");
    if !matches!(mode, Mode::Control | Mode::Page | Mode::Allowed) {
        deployment.consent_page = false;
        if mode != Mode::Session {
            for user in deployment.users.values_mut() {
                user.password = None;
            }
        }
        deployment.sign_in = sign_in(mode, &org, &deployment, combination.edition, &folder).await;
    }
    let whole = deployment.clone();
    leave_out(&mut deployment, combination.without);
    Described {
        target: Target::with(deployment, Limits::default(), None).expect("an HTTP client"),
        whole,
        _org: org,
        _folder: folder,
    }
}

fn read(target_file: &str) -> Deployment {
    let sources = Sources {
        folder: Path::new("."),
        environment: &|_| None,
    };
    config::parse("target.yaml", target_file, &sources)
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// The file of the default org, with another client authentication.
fn org_file(agent: Agent, app: App) -> String {
    const AGENT: &str = "token_endpoint_auth_methods: [private_key_jwt]        # the default of agents\n    keys:\n";
    const AGENT_KEY: &str = "{ kid: agent-rsa-1, alg: RS256 }";
    const APP: &str = "token_endpoint_auth_methods: [client_secret_basic, client_secret_post]\n    client_secret: \"web-app+secret: 100 % für Tests only\"";
    let mut file = mock_okta::default_org().to_owned();
    let mut replace = |was: &str, now: &str| {
        assert!(file.contains(was), "the default org has no `{was}`");
        file = file.replacen(was, now, 1);
    };
    let by_secret = |method: &str| {
        format!(
            "token_endpoint_auth_methods: [{method}]\n    client_secret: secret-of-the-agent-for-tests-only\n    keys:\n"
        )
    };
    match agent {
        Agent::Rs256 => {}
        Agent::Es256 => replace(AGENT_KEY, "{ kid: agent-rsa-1, alg: ES256 }"),
        Agent::Basic => replace(AGENT, &by_secret("client_secret_basic")),
        Agent::Post => replace(AGENT, &by_secret("client_secret_post")),
        Agent::Public => replace(AGENT, "token_endpoint_auth_methods: [none]\n    keys:\n"),
    }
    let methods = "client_secret_basic, client_secret_post";
    match app {
        App::Both => {}
        App::Basic => replace(APP, &APP.replace(methods, "client_secret_basic")),
        App::Post => replace(APP, &APP.replace(methods, "client_secret_post")),
        App::Es256 => replace(
            APP,
            "token_endpoint_auth_methods: [private_key_jwt]\n    keys: [{ kid: app-ec-1, alg: ES256 }]",
        ),
    }
    file
}

fn as_a_real_org(deployment: &mut Deployment, mode: Mode) {
    let every = StateChange::ALL.iter().map(|(_, change)| *change);
    deployment.permissions = Permissions {
        owned: true,
        environment: Some(Environment::Test),
        allow: every.filter(|_| mode == Mode::Allowed).collect(),
        id_jag_budget: None,
    };
    deployment.kind = TargetKind::Okta;
    deployment.control = None;
    deployment.shows_internal_codes = false;
}

/// What a tester would put into the target file after having signed in once by hand.
async fn sign_in(
    mode: Mode,
    org: &MockOkta,
    deployment: &Deployment,
    edition: Edition,
    folder: &TempDir,
) -> Option<SignInWay> {
    let scopes: &[&str] = match mode {
        Mode::Refresh | Mode::Rotating => &["openid", "profile", "email", "offline_access"],
        Mode::Given | Mode::GivenBoth | Mode::Cache | Mode::Browser => {
            &["openid", "profile", "email"]
        }
        Mode::Session => return Some(SignInWay::Session),
        Mode::Control | Mode::Page | Mode::Allowed | Mode::Nobody => return None,
    };
    let signing_in = |user: &str| org.sign_in(user).scopes(scopes.iter().copied());
    if matches!(mode, Mode::Cache | Mode::Browser) {
        let client = deployment.client(ClientRole::UserClient, edition);
        let client_id = &client.expect("a client").client_id;
        let file = folder.path().join("tokens.json");
        // In the first mode the cases of others say what is missing; in the second a person would be asked for it.
        let everybody: &[&str] = if mode == Mode::Cache {
            &["ada"]
        } else {
            &["ada", "grace"]
        };
        for user in everybody {
            let tokens = signing_in(user).await.expect("the user signs in");
            let now = Timestamp::now();
            let sign_in = CachedSignIn {
                issuer: deployment.org().expect("an org").issuer.clone(),
                client_id: client_id.clone(),
                user: (*user).to_owned(),
                person: format!("{user}@example.com"),
                scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                obtained_at: now,
                // The mock's clock is its own, and begins before ours.
                expires_at: now + SignedDuration::from_hours(24),
                id_token: Secret::new(tokens.id_token),
                access_token: Some(Secret::new(tokens.access_token)),
                refresh_token: None,
            };
            TokenCache::keep(&file, sign_in).expect("a cache");
        }
        let stored = StoredSignIns::read(file);
        return Some(if mode == Mode::Cache {
            SignInWay::Cache(stored)
        } else {
            SignInWay::Browser(stored)
        });
    }
    let tokens = signing_in("ada").await.expect("ada signs in");
    Some(match mode {
        Mode::Refresh | Mode::Rotating => SignInWay::Refresh(GivenRefreshToken {
            token: Secret::new(tokens.refresh_token.expect("a refresh token")),
            file: None,
        }),
        _ => SignInWay::Given(GivenTokens {
            id_token: Secret::new(tokens.id_token),
            access_token: (mode == Mode::GivenBoth).then(|| Secret::new(tokens.access_token)),
        }),
    })
}

/// Has test control record a consent of ada for the agent.
async fn consent(deployment: &Deployment, edition: Edition) {
    let agent = deployment
        .client(ClientRole::Agent, edition)
        .expect("an agent");
    let body = json!({
        "user": deployment.users[&UserRole::Ada].id,
        "agent": agent.client_id,
        "resource": deployment.resources["resource_server"].resource,
    });
    let request = deployment.control_request("POST", "consents/grant", Some(&body));
    let target = Target::new(deployment.clone()).expect("an HTTP client");
    let answer = target
        .send(request.expect("test control"))
        .await
        .expect("an answer");
    assert!(answer.response.status < 300, "{}", answer.response.text);
}

fn leave_out(deployment: &mut Deployment, without: Without) {
    let Deployment {
        servers,
        clients,
        users,
        resources,
        consent_page,
        ..
    } = deployment;
    match without {
        Without::Nothing => {}
        Without::Everything => {
            *consent_page = false;
            servers.retain(|role, _| role.as_str() == "org");
            clients.retain(|role, _| role.as_str() == "agent");
            users.retain(|role, _| role.as_str() == "ada");
            resources.clear();
        }
        Without::One(section, name) => match section {
            Section::Consent => *consent_page = false,
            Section::Server => servers.retain(|role, _| role.as_str() != name),
            Section::Fact => {
                let server = servers.get_mut(&ServerRole::CustomAs).expect("custom_as");
                server.facts.remove(name).expect("the fact is there");
            }
            Section::Client => clients.retain(|role, _| role.as_str() != name),
            Section::User => users.retain(|role, _| role.as_str() != name),
            Section::Password => {
                let mut users = users.iter_mut();
                let (_, user) = users
                    .find(|(role, _)| role.as_str() == name)
                    .expect("the user");
                user.password = None;
            }
            Section::Resource => resources.retain(|role, _| *role != name),
        },
    }
}
