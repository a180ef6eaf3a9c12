//! Scenarios for an agent under test, as resolved: how the org behaves, what the agent is asked to do, and what must be seen of
//! its requests.

use strict_yaml::Place;

use crate::requirement::{Level, Profile, RequirementId};
use crate::scenario::model::{Edition, Located, Matcher, ResourceType, SourceFile, ValueTemplate};

/// A task and what must be seen while the agent does it, with cases that each change something of its surroundings.
#[derive(Debug, Clone)]
pub struct AgentScenario {
    /// Stable name: the path of the file without `.yaml`.
    pub id: String,
    /// One sentence.
    pub title: String,
    /// Prose, for `atx agent show`.
    pub about: Option<String>,
    /// Where it was read.
    pub source: SourceFile,
    /// Requirements cited by observations that cite none themselves.
    pub covers: Vec<RequirementId>,
    /// The task, undisturbed: the agent must reach its purpose.
    pub base: AgentCase,
    /// The same task under other conditions.
    pub cases: Vec<AgentCase>,
    /// Where the scenario begins.
    pub place: Place,
}

/// One run of the agent's command.
#[derive(Debug, Clone)]
pub struct AgentCase {
    /// Its name within the scenario; the base has none.
    pub id: Option<String>,
    /// One sentence.
    pub title: String,
    /// What the agent is to do; `None`: the first task that it supports.
    pub task: Option<ResourceType>,
    /// Editions of the guide it belongs to; all when empty.
    pub editions: Vec<Edition>,
    /// What must be so for the case to make sense.
    pub needs: Vec<Need>,
    /// How the org is set up and behaves.
    pub setup: Setup,
    /// What the undisturbed task must have shown; otherwise the case does not apply to this agent.
    pub applies_if: Vec<Selector>,
    /// What it must not have shown.
    pub unless: Vec<Selector>,
    /// The change that must concern an answer that the undisturbed task got.
    pub touched_by: Option<String>,
    /// The profile under which the case judges; any when there is none.
    pub profile: Option<Profile>,
    /// Why it is right, where that is not obvious.
    pub why: Option<String>,
    /// The severest verdict that the case may have, whatever the level of what it cites.
    pub at_most: Option<Level>,
    /// What must be seen, in the order written.
    pub observe: Vec<Observation>,
    /// Whether the agent must get as far as using its credential. An undisturbed task must.
    pub purpose: Option<Purpose>,
    /// Requirements cited by observations that cite none themselves.
    pub covers: Vec<RequirementId>,
    /// Where it is written.
    pub place: Place,
}

/// Whether the agent uses the credential of its task at the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// It does.
    Reached,
    /// It does not.
    NotReached,
}

impl Purpose {
    /// All, with their words.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("reached", Self::Reached),
        ("not-reached", Self::NotReached),
    ];
}

/// What a case needs of the way the agent is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The agent signs the user in itself.
    SignIn,
    /// The user signs in at a page in a browser that the kit plays.
    Browser,
    /// The ID token is handed over.
    GivenIdToken,
    /// The org speaks https.
    Tls,
}

impl Need {
    /// All, with their words.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("sign-in", Self::SignIn),
        ("browser", Self::Browser),
        ("given-id-token", Self::GivenIdToken),
        ("tls", Self::Tls),
    ];
}

/// How the org is set up and behaves in a case.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Members merged into the org file.
    pub org: Vec<ValueTemplate>,
    /// Switches and their positions.
    pub switches: Vec<(String, String)>,
    /// Ids of defects.
    pub defects: Vec<String>,
    /// Ids of variations.
    pub variations: Vec<String>,
    /// Wire faults, as an org file has them.
    pub faults: Vec<ValueTemplate>,
    /// How the agent's client authenticates.
    pub client: Option<AgentClient>,
    /// What the user does.
    pub user: Option<UserActs>,
    /// What is done to the callback before the agent gets it.
    pub callback: Option<CallbackChange>,
    /// Whether the settings name another certificate authority than that of the org.
    pub other_ca: bool,
    /// Age of the ID token that is handed over, in seconds: one that has expired is older than an hour.
    pub id_token_age: Option<u64>,
}

impl Setup {
    /// This one on top of another: what both say, this one decides; lists are joined.
    #[must_use]
    pub fn over(&self, base: &Self) -> Self {
        let joined = |a: &[ValueTemplate], b: &[ValueTemplate]| [a, b].concat();
        let names = |a: &[String], b: &[String]| [a, b].concat();
        Self {
            org: joined(&base.org, &self.org),
            switches: [base.switches.clone(), self.switches.clone()].concat(),
            defects: names(&base.defects, &self.defects),
            variations: names(&base.variations, &self.variations),
            faults: joined(&base.faults, &self.faults),
            client: self.client.or(base.client),
            user: self.user.or(base.user),
            callback: self.callback.or(base.callback),
            other_ca: self.other_ca || base.other_ca,
            id_token_age: self.id_token_age.or(base.id_token_age),
        }
    }
}

/// The registered client that the agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentClient {
    /// An RSA key, RS256.
    Rs256,
    /// An elliptic curve key, ES256.
    Es256,
    /// A secret, in the `Authorization` header.
    SecretBasic,
    /// A secret, in the form.
    SecretPost,
}

impl AgentClient {
    /// All, with their words.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("rs256", Self::Rs256),
        ("es256", Self::Es256),
        ("client_secret_basic", Self::SecretBasic),
        ("client_secret_post", Self::SecretPost),
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        let mut all = Self::ALL.iter();
        all.find(|(_, one)| *one == self)
            .map_or("rs256", |(word, _)| word)
    }
}

/// What the user does at the pages that are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserActs {
    /// Signs in and allows what is asked.
    Allows,
    /// Signs in and refuses what a third party asks.
    Denies,
    /// Looks at no page.
    Ignores,
    /// Refuses to sign in: the app gets `access_denied`.
    Cancels,
    /// Is sent back at once, because the server does not take the code challenge.
    MeetsPkceError,
}

impl UserActs {
    /// All, with their words.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("allows", Self::Allows),
        ("denies", Self::Denies),
        ("ignores", Self::Ignores),
        ("cancels", Self::Cancels),
        ("meets-pkce-error", Self::MeetsPkceError),
    ];
}

/// What somebody between the org and the agent does to the redirect to the agent's redirect URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackChange {
    /// Another `state`.
    StateOther,
    /// No `state`.
    StateDropped,
    /// `iss` of another server.
    IssOther,
    /// `iss` with a slash behind it.
    IssSlash,
    /// The redirect is delivered twice.
    Twice,
}

impl CallbackChange {
    /// All, with their words.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("state-other", Self::StateOther),
        ("state-dropped", Self::StateDropped),
        ("iss-other", Self::IssOther),
        ("iss-slash", Self::IssSlash),
        ("twice", Self::Twice),
    ];
}

/// Which requests: those whose members all match.
#[derive(Debug, Clone)]
pub struct Selector {
    /// Matchers by path.
    pub members: Vec<(String, Located<Matcher>)>,
    /// Where it is written.
    pub place: Place,
}

/// Something that must be seen of the agent.
#[derive(Debug, Clone)]
pub struct Observation {
    /// Its name: what the requests are, such as `exchange`.
    pub id: String,
    /// Requirements cited.
    pub covers: Vec<RequirementId>,
    /// What is looked at.
    pub what: Observed,
    /// How a correct request reads, for whoever has to correct the agent.
    pub correct: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// What an observation looks at.
#[derive(Debug, Clone)]
pub enum Observed {
    /// Requests.
    Requests(Box<RequestsObserved>),
    /// The link that an answer asks the agent to show to its user: opened or printed.
    LinkShown {
        /// Member of the answers that holds it.
        member: String,
    },
    /// What the agent printed and wrote: none of these kinds of credentials.
    NothingPrinted,
}

/// What must hold of the requests that a selector finds.
#[derive(Debug, Clone)]
pub struct RequestsObserved {
    /// Which requests.
    pub requests: Selector,
    /// Only those that arrive after the first request of this observation was answered.
    pub after: Option<String>,
    /// How many there are.
    pub count: Option<Located<Matcher>>,
    /// What each of them must be, by path.
    pub expect: Vec<(String, Located<Matcher>)>,
    /// Paths whose values must differ from request to request.
    pub distinct: Vec<Located<String>>,
    /// Form parameters that may differ between them; all others must be the same.
    pub same_except: Option<Located<Vec<String>>>,
}

/// Rules that hold for every request of an agent, whatever the case.
#[derive(Debug, Clone, Default)]
pub struct AgentRules {
    /// In the order written.
    pub rules: Vec<AgentRule>,
    /// The file they were read from.
    pub source: Option<SourceFile>,
}

/// One rule.
#[derive(Debug, Clone)]
pub struct AgentRule {
    /// One sentence.
    pub title: String,
    /// What must be seen in every case.
    pub observe: Observation,
    /// Whether what must be distinct is compared from case to case, and not within one.
    pub across_cases: bool,
}
