//! What a run would send and leave, before anything is sent.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::address::{Destination, document, endpoint};
use super::cost::{Cost, cost, of_shared};
use super::permission::refused;
use super::{Planned, PlannedScenario};
use crate::scenario::model::{Edition, ResourceType, ServerRole, StateChange};
use crate::scenario::step::{Action, MetadataDocument, Request};
use crate::scenario::{Case, Scenario, state_changes};
use crate::targets::{Deployment, MOST_REQUESTS_OF_A_WALK};

/// What a run would do. Counts of requests hold for an org that answers as expected: it gets no more, and fewer where a case
/// ends early.
#[derive(Debug, Clone, Serialize)]
pub struct Forecast {
    /// The target as its file names it.
    pub target: String,
    /// `embedded`, `mock` or `okta`.
    pub kind: &'static str,
    /// Edition followed.
    pub edition: String,
    /// Why the run would send nothing but requests for metadata and keys, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Base flows and cases that would be run.
    pub cases: usize,
    /// Requests, those below included.
    pub requests_at_most: usize,
    /// By method and address, most first.
    pub requests: Vec<RequestCount>,
    /// Times that a browser is sent to a page.
    pub browser: WalkCount,
    /// Requests to test control.
    pub test_control_at_most: usize,
    /// By user.
    pub sign_ins: Vec<SignInCount>,
    /// By user.
    pub id_jags: Vec<IdJagCount>,
    /// ID-JAGs that the run may have issued for each user, where that is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_jag_budget: Option<usize>,
    /// What cases that would be run change.
    pub changes: Vec<ChangeCount>,
    /// What stays, whatever is done.
    pub remains: Vec<String>,
    /// What is not run, by reason, most first.
    pub skipped: Vec<SkippedCount>,
}

/// Requests to one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestCount {
    /// HTTP method.
    pub method: String,
    /// Without a query. `${…}` is what an answer or the case itself will name.
    pub url: String,
    /// How many.
    pub at_most: usize,
}

/// Browsers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WalkCount {
    /// How often one is sent to a page.
    pub walks: usize,
    /// Requests that these make, redirects and forms included.
    pub requests_at_most: usize,
}

/// Sign-ins of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignInCount {
    /// Who.
    pub user: String,
    /// How often.
    pub at_most: usize,
}

/// ID-JAGs for a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdJagCount {
    /// For whom; none where no user is involved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Issued, by an org that refuses what it has to refuse.
    pub issued_at_most: usize,
    /// Asked for.
    pub requested_at_most: usize,
}

/// Cases that change something of the org.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeCount {
    /// As a target file names it.
    pub change: &'static str,
    /// In words.
    pub meaning: &'static str,
    /// How many cases.
    pub cases: usize,
    /// What cannot be undone about it at this target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remains: Option<&'static str>,
}

/// Cases that are not run for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkippedCount {
    /// How many.
    pub cases: usize,
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub cure: String,
}

/// What happens around the cases.
#[derive(Debug, Clone, Copy)]
pub struct Around {
    /// The target file is checked before the run.
    pub preflight: bool,
    /// Tokens are revoked at the end.
    pub revokes: bool,
}

/// What a run of these scenarios would do.
#[must_use]
pub fn forecast(
    planned: &[PlannedScenario],
    deployment: &Deployment,
    edition: Edition,
    around: Around,
) -> Forecast {
    let running: Vec<(&PlannedScenario, Option<&Case>, &Planned)> =
        planned.iter().flat_map(running).collect();
    let mut total = Cost::default();
    for (one, case, _) in &running {
        total.add(&cost(&one.scenario, *case, deployment, edition));
    }
    if !running.is_empty() {
        total.add(&before(planned, deployment, edition, around));
        let exclusive = running.iter().filter(|(.., planned)| planned.exclusive);
        total.add(&of_control(deployment, exclusive.count()));
        total.add(&of_shared(&total.shared_sign_ins, deployment));
    }
    if around.revokes {
        for (server, tokens) in &total.revocable {
            let url = endpoint(deployment, *server, "revocation_endpoint");
            *total
                .requests
                .entry(Destination::request("POST", url))
                .or_default() += tokens;
        }
    }
    let walks = total.requests.get(&Destination::Browser).copied();
    let walks = walks.unwrap_or_default();
    let control = total.requests.get(&Destination::Control).copied();
    let control = control.unwrap_or_default();
    let requests = addresses(&total);
    let browser = WalkCount {
        walks,
        requests_at_most: walks * MOST_REQUESTS_OF_A_WALK,
    };
    let of_addresses: usize = requests.iter().map(|one| one.at_most).sum();
    let (changes, remains) = changes(&running, &total, deployment);
    Forecast {
        target: deployment.name.clone(),
        kind: deployment.kind.as_str(),
        edition: edition.to_string(),
        refused: refused(planned, deployment).map(|why| format!("{why}; {}", why.cure())),
        cases: running.len(),
        requests_at_most: of_addresses + browser.requests_at_most + control,
        requests,
        browser,
        test_control_at_most: control,
        sign_ins: total
            .sign_ins
            .iter()
            .map(|(user, count)| SignInCount {
                user: user.to_string(),
                at_most: *count,
            })
            .collect(),
        id_jags: total
            .id_jag_requests
            .iter()
            .map(|(user, count)| IdJagCount {
                user: user.map(|user| user.to_string()),
                issued_at_most: total.id_jags.get(user).copied().unwrap_or_default(),
                requested_at_most: *count,
            })
            .collect(),
        id_jag_budget: deployment.id_jag_budget(),
        changes,
        remains,
        skipped: skipped(planned),
    }
}

/// The base flow and the cases that run.
fn running(
    one: &PlannedScenario,
) -> impl Iterator<Item = (&PlannedScenario, Option<&Case>, &Planned)> {
    let cases = one.scenario.cases.iter().map(Some).zip(&one.cases);
    let all = std::iter::once((None, &one.base)).chain(cases);
    all.filter(|(_, planned)| planned.lack.is_none())
        .map(move |(case, planned)| (one, case, planned))
}

/// What is asked before the first case: whether anybody is there, what the check of the target file asks, and the keys that
/// signatures are judged by.
fn before(
    planned: &[PlannedScenario],
    deployment: &Deployment,
    edition: Edition,
    around: Around,
) -> Cost {
    let mut cost = Cost::default();
    let mut get = |url: String, times: usize| {
        *cost
            .requests
            .entry(Destination::request("GET", url))
            .or_default() += times;
    };
    let metadata = |server| document(deployment, server, MetadataDocument::OpenIdConfiguration);
    get(metadata(ServerRole::Org), 1 + usize::from(around.preflight));
    for server in deployment.servers.keys() {
        get(endpoint(deployment, *server, "jwks_uri"), 1);
    }
    let entered: BTreeSet<ResourceType> = planned
        .iter()
        .filter(|one| one.base.lack.is_none())
        .map(|one| one.scenario.resource_type)
        .filter(|of| *of != ResourceType::None)
        .collect();
    if around.preflight {
        if entered.contains(&ResourceType::AuthorizationServer) {
            get(metadata(ServerRole::CustomAs), 1);
        }
        let mut signs_in = true;
        for of in entered {
            let mut of_type = planned
                .iter()
                .filter(|one| one.base.lack.is_none() && one.scenario.resource_type == of);
            if let Some(mut scenario) = of_type.find_map(|one| first_exchange(&one.scenario)) {
                // One sign-in serves all exchanges.
                if !std::mem::take(&mut signs_in) {
                    scenario.steps.remove(0);
                }
                cost.add(&super::cost::cost(&scenario, None, deployment, edition));
            }
        }
    }
    cost
}

/// A sign-in and the exchange behind it.
fn first_exchange(scenario: &Scenario) -> Option<Scenario> {
    let [sign_in, exchange, ..] = scenario.steps.as_slice() else {
        return None;
    };
    let is_entry = matches!(sign_in.action, Action::SignIn(_))
        && matches!(&exchange.action, Action::FormPost(form) if form.request == Request::Exchange);
    is_entry.then(|| Scenario {
        steps: scenario.steps[..2].to_vec(),
        cases: Vec::new(),
        ..scenario.clone()
    })
}

/// Resets and looks at the clock, where there is test control.
fn of_control(deployment: &Deployment, exclusive: usize) -> Cost {
    let mut cost = Cost::default();
    if deployment.control.is_some() {
        // A reset and a look at the clock before each such case and at the end; a look more where a step moves it.
        cost.requests
            .insert(Destination::Control, 3 * exclusive + 3);
    }
    cost
}

fn addresses(total: &Cost) -> Vec<RequestCount> {
    let mut requests: Vec<RequestCount> = total
        .requests
        .iter()
        .filter_map(|(asked, count)| match asked {
            Destination::Address { method, url } => Some(RequestCount {
                method: method.clone(),
                url: url.clone(),
                at_most: *count,
            }),
            Destination::Browser | Destination::Control => None,
        })
        .collect();
    requests.sort_by_key(|one| Reverse(one.at_most));
    requests
}

/// What is changed, and what is left of it at a target without test control.
fn changes(
    running: &[(&PlannedScenario, Option<&Case>, &Planned)],
    total: &Cost,
    deployment: &Deployment,
) -> (Vec<ChangeCount>, Vec<String>) {
    let undone = deployment.control.is_some();
    let mut counted: BTreeMap<StateChange, usize> = BTreeMap::new();
    for (one, case, _) in running {
        for change in state_changes(&one.scenario, *case) {
            *counted.entry(change).or_default() += 1;
        }
    }
    let changes: Vec<ChangeCount> = counted
        .into_iter()
        .map(|(change, cases)| ChangeCount {
            change: change.as_str(),
            meaning: change.meaning(),
            cases,
            remains: change.remains().filter(|_| !undone),
        })
        .collect();
    let mut remains: Vec<String> = Vec::new();
    if !undone {
        if total.requests.contains_key(&Destination::Browser) {
            remains.push("sessions at the sign-in page, which end by themselves".to_owned());
        }
        if !total.id_jags.is_empty() {
            remains.push(
                "ID-JAGs that were issued count towards what the org issues in a month".to_owned(),
            );
        }
        if !total.requests.is_empty() {
            remains.push("the org's log has an entry for each of these requests".to_owned());
        }
    }
    (changes, remains)
}

fn skipped(planned: &[PlannedScenario]) -> Vec<SkippedCount> {
    let all = planned
        .iter()
        .flat_map(|one| std::iter::once(&one.base).chain(&one.cases));
    let mut groups: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for lack in all.filter_map(|planned| planned.lack.as_ref()) {
        *groups.entry((&lack.reason, &lack.cure)).or_default() += 1;
    }
    let mut skipped: Vec<SkippedCount> = groups
        .into_iter()
        .map(|((reason, cure), cases)| SkippedCount {
            cases,
            reason: reason.to_owned(),
            cure: cure.to_owned(),
        })
        .collect();
    skipped.sort_by_key(|one| Reverse(one.cases));
    skipped
}
