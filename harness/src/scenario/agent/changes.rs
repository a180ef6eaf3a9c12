//! `agent/changes.yaml`: what a client can notice of each change that the mock can make to an answer. Every change that it must
//! notice, and every lawful one that it must bear, becomes a case.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use strict_yaml::{Document, FromNode, Map, Node, Place, Problem, Problems, Spanned};

use super::model::{
    AgentCase, AgentScenario, Need, Observation, Observed, Purpose, RequestsObserved, Selector,
    Setup,
};
use crate::requirement::{Catalogue, Level, Profile, RequirementId};
use crate::scenario::form::{Defs, Described, form};
use crate::scenario::model::{Matcher, ResourceType, SourceFile, Template, ValueTemplate};

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
        for case in cases_of(change, catalogue, &mut problems) {
            cases.entry(case.task).or_default().push(case);
        }
    }
    let scenarios = cases
        .into_iter()
        .map(|(task, cases)| scenario(task, cases, &source))
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

/// The undisturbed task beside the cases.
fn scenario(
    task: Option<ResourceType>,
    cases: Vec<AgentCase>,
    source: &SourceFile,
) -> AgentScenario {
    let name = task.map_or("any", ResourceType::as_str);
    let covers = vec![RequirementId::new("client.reaches-resource")];
    AgentScenario {
        id: format!("agent/changes/{name}"),
        title: "The task, undisturbed, beside which changed answers are judged".to_owned(),
        about: Some(
            "One answer of the org is changed in each case. Which changes a client must notice, and which lawful ones it must \
             bear, is said in changes.yaml, with the reason."
                .to_owned(),
        ),
        source: source.clone(),
        covers: covers.clone(),
        base: AgentCase {
            id: None,
            title: "The task, undisturbed, beside which changed answers are judged".to_owned(),
            task,
            editions: Vec::new(),
            needs: Vec::new(),
            setup: Setup::default(),
            applies_if: Vec::new(),
            unless: Vec::new(),
            touched_by: None,
            profile: None,
            at_most: None,
            why: None,
            observe: Vec::new(),
            purpose: Some(Purpose::Reached),
            covers,
            place: Place::START,
        },
        cases,
        place: Place::START,
    }
}

/// The cases of a change: none where nobody has to notice it.
fn cases_of(change: &Change, catalogue: &Catalogue, problems: &mut Problems) -> Vec<AgentCase> {
    let form = &change.form;
    let Some(class) = form.client.filter(|_| !change.id.starts_with("fault/")) else {
        return Vec::new();
    };
    let refuses = match class {
        Class::MustRefuse | Class::ShouldRefuse => true,
        Class::MustTolerate => false,
        Class::MayRefuse | Class::CannotNotice => return Vec::new(),
    };
    let Some(requirement) = &form.requirement else {
        problems.push(
            Problem::new(change.place, "no requirement says so")
                .help("name one under `requirement`"),
        );
        return Vec::new();
    };
    let covers = catalogue.cite_all(std::slice::from_ref(requirement), problems);
    let is_defect = change.id.starts_with("bend/");
    let id = change.id.replace('/', "-");
    let case = |suffix: &str, observe: Vec<Observation>, purpose: Option<Purpose>| AgentCase {
        id: Some(format!("{id}{suffix}")),
        title: title(class, &change.id, form.stops),
        task: form.task.and_then(|task| task.0),
        editions: Vec::new(),
        needs: needs(form.stops),
        setup: Setup {
            defects: if is_defect {
                vec![change.id.clone()]
            } else {
                Vec::new()
            },
            variations: if is_defect {
                Vec::new()
            } else {
                vec![change.id.clone()]
            },
            ..Setup::default()
        },
        applies_if: form
            .when
            .map(|when| selector(&requests_of(when), change.place))
            .into_iter()
            .collect(),
        unless: Vec::new(),
        touched_by: Some(change.id.clone()),
        profile: form.profile,
        why: form.why.clone(),
        at_most: (class == Class::ShouldRefuse).then_some(Level::Should),
        observe,
        purpose,
        covers: covers.clone(),
        place: change.place,
    };
    if !refuses {
        return vec![case("", Vec::new(), Some(Purpose::Reached))];
    }
    let none = |id: &str, members: &[(&str, Value)]| none_of(id, members, &covers, change.place);
    match form.stops {
        Some(Stops::Exchange) => {
            let requests = [
                ("endpoint", json!("token")),
                ("grant", json!("token-exchange")),
            ];
            vec![case("", vec![none("exchange", &requests)], None)]
        }
        Some(Stops::CodeRedemption) => {
            let requests = [
                ("endpoint", json!("token")),
                ("grant", json!("authorization_code")),
            ];
            vec![case("", vec![none("code-redemption", &requests)], None)]
        }
        Some(Stops::Redemption) => {
            let requests = [("endpoint", json!("token")), ("grant", json!("jwt-bearer"))];
            vec![case("", vec![none("redemption", &requests)], None)]
        }
        Some(Stops::Api) => vec![case("", Vec::new(), Some(Purpose::NotReached))],
        Some(Stops::Authorize) => {
            let metadata = |at: &str| {
                selector(
                    &[("endpoint", json!("metadata")), ("at", json!(at))],
                    change.place,
                )
            };
            let at_org = [
                ("at", json!("org")),
                ("endpoint", json!(["authorize", "token"])),
            ];
            let mut org = case("", vec![none("request", &at_org)], None);
            org.applies_if.push(metadata("org"));
            let at_custom = [("at", json!("custom")), ("endpoint", json!("token"))];
            let mut custom = case("-custom", vec![none("redemption", &at_custom)], None);
            custom.applies_if.push(metadata("custom"));
            // Who stops at the org's metadata does not get as far.
            custom.unless.push(metadata("org"));
            custom.task = Some(ResourceType::AuthorizationServer);
            vec![org, custom]
        }
        Some(Stops::Repeat) => Vec::new(),
        None => {
            problems.push(
                Problem::new(change.place, "it is not said what does not follow")
                    .help("name it under `stops`"),
            );
            Vec::new()
        }
    }
}

fn title(class: Class, id: &str, stops: Option<Stops>) -> String {
    let follows = match stops {
        Some(Stops::Authorize) => "asks nothing of that server",
        Some(Stops::CodeRedemption) => "redeems no code",
        Some(Stops::Exchange) => "does not exchange the ID token",
        Some(Stops::Redemption) => "does not redeem the ID-JAG",
        Some(Stops::Api) => "does not use what it got",
        Some(Stops::Repeat) => "does not come back too soon",
        None => "",
    };
    match class {
        Class::MustTolerate => format!("The agent reaches its purpose under {id}"),
        _ => format!("The agent notices {id} and {follows}"),
    }
}

/// What a sign-in must show can be noticed by agents that sign users in.
fn needs(stops: Option<Stops>) -> Vec<Need> {
    match stops {
        Some(Stops::CodeRedemption | Stops::Exchange) => vec![Need::SignIn],
        _ => Vec::new(),
    }
}

/// The requests by which a client meets a change.
fn requests_of(when: When) -> Vec<(&'static str, Value)> {
    let present = || json!({ "present": true });
    let by_agent = || ("by", json!("agent"));
    let endpoint = |name: &str| vec![("endpoint", json!(name)), by_agent()];
    let authorize = |parameter| vec![("endpoint", json!("authorize")), (parameter, present())];
    match when {
        When::FetchesKeys => endpoint("keys"),
        When::FetchesMetadata => vec![
            ("endpoint", json!("metadata")),
            (
                "path",
                json!({ "matches": "openid-configuration|oauth-authorization-server" }),
            ),
        ],
        When::FetchesResourceMetadata => vec![
            ("endpoint", json!("metadata")),
            ("path", json!({ "contains": "oauth-protected-resource" })),
        ],
        When::Challenged => vec![
            ("endpoint", json!("protected-resource")),
            ("status", json!(401)),
        ],
        When::SendsNonce => authorize("query.nonce"),
        When::SendsState => authorize("query.state"),
        When::SendsMaxAge => authorize("query.max_age"),
        When::CallsUserinfo => endpoint("userinfo"),
        When::Introspects => endpoint("introspect"),
        When::Revokes => endpoint("revoke"),
        When::Refreshes => vec![by_agent(), ("grant", json!("refresh_token"))],
        When::ClientCredentials => vec![by_agent(), ("grant", json!("client_credentials"))],
        When::AcceptsGzip => vec![
            by_agent(),
            ("headers.accept-encoding", json!({ "contains": "gzip" })),
        ],
    }
}

fn selector(members: &[(&str, Value)], place: Place) -> Selector {
    Selector {
        members: members
            .iter()
            .map(|(path, wanted)| ((*path).to_owned(), located(wanted, place)))
            .collect(),
        place,
    }
}

fn none_of(
    id: &str,
    members: &[(&str, Value)],
    covers: &[RequirementId],
    place: Place,
) -> Observation {
    let requests = selector(members, place);
    Observation {
        id: id.to_owned(),
        covers: covers.to_vec(),
        what: Observed::Requests(Box::new(RequestsObserved {
            requests,
            after: None,
            count: Some(Spanned {
                value: Matcher::Equals(ValueTemplate::Int(0)),
                place,
            }),
            expect: Vec::new(),
            distinct: Vec::new(),
            same_except: None,
        })),
        place,
    }
}

/// The few matchers that are needed here.
fn located(wanted: &Value, place: Place) -> Spanned<Matcher> {
    let text = |text: &str| Template::literal(place, text);
    let equals = |value: &Value| match value {
        Value::Number(number) => ValueTemplate::Int(number.as_i64().unwrap_or_default()),
        other => ValueTemplate::Text(text(other.as_str().unwrap_or_default())),
    };
    let value = match wanted {
        Value::Object(words) => match (words.get("contains"), words.get("matches")) {
            (Some(Value::String(part)), _) => Matcher::Contains(text(part)),
            (_, Some(Value::String(pattern))) => {
                regex::Regex::new(pattern).map_or(Matcher::Absent, Matcher::Matches)
            }
            _ => Matcher::Present,
        },
        Value::Array(values) => Matcher::OneOf(values.iter().map(equals).collect()),
        other => Matcher::Equals(equals(other)),
    };
    Spanned { value, place }
}
