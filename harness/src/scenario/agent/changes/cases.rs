//! A change becomes a case: what the mock does, and what must, or must not, be seen of the agent.

use serde_json::{Value, json};
use strict_yaml::{Place, Problem, Problems, Spanned};

use super::{Change, Class, Stops, When};
use crate::requirement::{Catalogue, Level, RequirementId};
use crate::scenario::agent::model::{
    AgentCase, AgentScenario, Need, Observation, Observed, Purpose, RequestsObserved, Selector,
    Setup,
};
use crate::scenario::model::{Matcher, ResourceType, SourceFile, Template, ValueTemplate};

/// The undisturbed task beside the cases.
pub(super) fn scenario(
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
             tolerate, is said in changes.yaml, with the reason."
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
pub(super) fn cases_of(
    change: &Change,
    catalogue: &Catalogue,
    problems: &mut Problems,
) -> Vec<AgentCase> {
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
    let base = case(change, class, covers);
    if !refuses {
        return vec![AgentCase {
            purpose: Some(Purpose::Reached),
            ..base
        }];
    }
    let Some(stops) = form.stops else {
        problems.push(
            Problem::new(change.place, "it is not said what does not follow")
                .help("name it under `stops`"),
        );
        return Vec::new();
    };
    refusals(base, stops)
}

/// A case of a change that observes nothing yet.
fn case(change: &Change, class: Class, covers: Vec<RequirementId>) -> AgentCase {
    let form = &change.form;
    let is_defect = change.id.starts_with("bend/");
    let when = form
        .when
        .map(|when| selector(&requests_of(when), change.place));
    let ids = vec![change.id.clone()];
    let (defects, variations) = if is_defect {
        (ids, Vec::new())
    } else {
        (Vec::new(), ids)
    };
    AgentCase {
        id: Some(change.id.replace('/', "-")),
        title: title(class, &change.id, form.stops),
        task: form.task.and_then(|task| task.0),
        editions: Vec::new(),
        needs: needs(form.stops),
        setup: Setup {
            defects,
            variations,
            ..Setup::default()
        },
        applies_if: when.into_iter().collect(),
        unless: Vec::new(),
        touched_by: Some(change.id.clone()),
        profile: form.profile,
        why: form.why.clone(),
        at_most: (class == Class::ShouldRefuse).then_some(Level::Should),
        observe: Vec::new(),
        purpose: None,
        covers,
        place: change.place,
    }
}

/// What must not follow, as cases.
fn refusals(base: AgentCase, stops: Stops) -> Vec<AgentCase> {
    let place = base.place;
    let without = |base: AgentCase, id: &str, members: &[(&str, Value)]| {
        let none = none_of(id, members, &base.covers, place);
        AgentCase {
            observe: vec![none],
            ..base
        }
    };
    let grant = |grant: &str| [("endpoint", json!("token")), ("grant", json!(grant))];
    match stops {
        Stops::Exchange => vec![without(base, "exchange", &grant("token-exchange"))],
        Stops::CodeRedemption => {
            vec![without(
                base,
                "code-redemption",
                &grant("authorization_code"),
            )]
        }
        Stops::Redemption => vec![without(base, "redemption", &grant("jwt-bearer"))],
        Stops::Api => vec![AgentCase {
            purpose: Some(Purpose::NotReached),
            ..base
        }],
        Stops::Authorize => {
            let metadata =
                |at: &str| selector(&[("endpoint", json!("metadata")), ("at", json!(at))], place);
            let at_org = [
                ("at", json!("org")),
                ("endpoint", json!(["authorize", "token"])),
            ];
            let mut org = without(base.clone(), "request", &at_org);
            org.applies_if.push(metadata("org"));
            let at_custom = [("at", json!("custom")), ("endpoint", json!("token"))];
            let mut custom = without(base, "redemption", &at_custom);
            custom.id = custom.id.map(|id| format!("{id}-custom"));
            custom.applies_if.push(metadata("custom"));
            // Who stops at the org's metadata does not get as far.
            custom.unless.push(metadata("org"));
            custom.task = Some(ResourceType::AuthorizationServer);
            vec![org, custom]
        }
        Stops::Repeat => Vec::new(),
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
        correct: None,
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
