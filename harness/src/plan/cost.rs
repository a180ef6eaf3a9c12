//! What a base flow or a case costs a target: the requests it sends, the sign-ins it makes, what it has issued. Read off its
//! steps; nothing is sent.

use std::collections::{BTreeMap, BTreeSet};

use super::acceptance::{Acceptance, expected};
use super::address::{Destination, address, document, endpoint};
use super::sign_ins::scope_of;
use crate::scenario::case_step::{CaseStep, case_steps};
use crate::scenario::model::{
    Change, ClientRole, Edition, JwtMutation, Mutation, Sending, ServerRole, SignWith, Template,
    UserRole,
};
use crate::scenario::step::{Action, FormPost, Request, SignIn};
use crate::scenario::{Case, Scenario};
use crate::targets::{Deployment, OFFLINE_ACCESS, SignInWay, acting};

const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
const REQUESTED_TOKEN_TYPE: &str = "requested_token_type";

/// What something costs, by endpoint and by user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cost {
    /// Requests by what is asked.
    pub requests: BTreeMap<Destination, usize>,
    /// Sign-ins by user, without those that cases share.
    pub sign_ins: BTreeMap<UserRole, usize>,
    /// Sign-ins that other cases use as well.
    pub shared_sign_ins: BTreeSet<SharedSignIn>,
    /// ID-JAGs that are issued if the org answers as expected, by user; `None` where no user is involved.
    pub id_jags: BTreeMap<Option<UserRole>, usize>,
    /// Requests for an ID-JAG, those that are to be refused included.
    pub id_jag_requests: BTreeMap<Option<UserRole>, usize>,
    /// Tokens that can be revoked at the end, by the server that issues them; at most.
    pub revocable: BTreeMap<ServerRole, usize>,
}

impl Cost {
    /// Adds what something else costs.
    pub fn add(&mut self, other: &Self) {
        merge(&mut self.requests, &other.requests);
        merge(&mut self.sign_ins, &other.sign_ins);
        self.shared_sign_ins
            .extend(other.shared_sign_ins.iter().cloned());
        merge(&mut self.id_jags, &other.id_jags);
        merge(&mut self.id_jag_requests, &other.id_jag_requests);
        merge(&mut self.revocable, &other.revocable);
    }
}

/// A sign-in that serves all cases with the same user, client and scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SharedSignIn {
    user: UserRole,
    client: ClientRole,
    scope: String,
}

/// What the sign-ins cost that cases share: each is made once.
pub fn of_shared(sign_ins: &BTreeSet<SharedSignIn>, deployment: &Deployment) -> Cost {
    let mut cost = Cost::default();
    for one in sign_ins {
        cost.add(&sign_in(one.user, &one.scope, deployment));
    }
    cost
}

/// What a sign-in costs.
fn sign_in(user: UserRole, scope: &str, deployment: &Deployment) -> Cost {
    let mut cost = Cost::default();
    let token = endpoint(deployment, ServerRole::Org, "token_endpoint");
    let token = Destination::request("POST", token);
    match &deployment.sign_in {
        Some(SignInWay::Given(_)) => return cost,
        // What such a sign-in gives stays, for it belongs to the one of the target file or the token cache.
        Some(SignInWay::Refresh(_) | SignInWay::Browser(_) | SignInWay::Cache(_)) => {
            add(&mut cost.requests, token, 1);
        }
        Some(SignInWay::Page | SignInWay::Session) | None => {
            if matches!(deployment.sign_in, Some(SignInWay::Session)) {
                let authn = Destination::request("POST", deployment.authn_endpoint());
                add(&mut cost.requests, authn, 1);
            }
            add(&mut cost.requests, Destination::Browser, 1);
            add(&mut cost.requests, token, 1);
            let tokens = 1 + usize::from(scope.contains(OFFLINE_ACCESS));
            add(&mut cost.revocable, ServerRole::Org, tokens);
        }
    }
    add(&mut cost.sign_ins, user, 1);
    cost
}

fn merge<K: Ord + Clone>(into: &mut BTreeMap<K, usize>, from: &BTreeMap<K, usize>) {
    for (key, count) in from {
        add(into, key.clone(), *count);
    }
}

fn add<K: Ord>(to: &mut BTreeMap<K, usize>, key: K, count: usize) {
    if count > 0 {
        *to.entry(key).or_default() += count;
    }
}

/// What a base flow, or one of its cases, costs.
pub fn cost(
    scenario: &Scenario,
    case: Option<&Case>,
    deployment: &Deployment,
    edition: Edition,
) -> Cost {
    let names = deployment.names(edition);
    let mut counting = Counting {
        deployment,
        names: &names,
        edition,
        shares_sign_ins: scenario.can_share_sign_ins(case),
        users: BTreeMap::new(),
        cost: Cost::default(),
    };
    for case_step in case_steps(scenario, case) {
        counting.step(&case_step);
    }
    counting.cost
}

struct Counting<'c> {
    deployment: &'c Deployment,
    names: &'c BTreeMap<String, String>,
    edition: Edition,
    /// Whether its sign-ins may be those of other cases.
    shares_sign_ins: bool,
    /// Whose sign-in a saved value goes back to.
    users: BTreeMap<&'c str, UserRole>,
    cost: Cost,
}

impl<'c> Counting<'c> {
    fn step(&mut self, case_step: &CaseStep<'c>) {
        let nothing = Change::default();
        let change = case_step.change.unwrap_or(&nothing);
        let times = match case_step.sending() {
            Sending::Once => 1,
            Sending::Repeated(times) | Sending::Raced { times, .. } => times,
        };
        let user = self.user(case_step);
        if let Some(user) = user {
            for save in case_step.save {
                self.users.insert(&save.name, user);
            }
        }
        let server = change.at.or_else(|| case_step.step.action.kind().server());
        let server = server.unwrap_or(ServerRole::Org);
        let method = change.method.as_deref();
        match &case_step.step.action {
            Action::SignIn(step) => self.sign_in(step),
            Action::Authorize(step) => {
                self.send(Destination::Browser, 1);
                add(
                    &mut self.cost.sign_ins,
                    step.user.unwrap_or(UserRole::Ada),
                    usize::from(step.user.is_some()),
                );
            }
            Action::Visit(_) | Action::Consent(_) => self.send(Destination::Browser, 1),
            Action::FormPost(form) => {
                let url = endpoint(self.deployment, server, form.request.endpoint());
                self.send(Destination::request(method.unwrap_or("POST"), url), times);
                self.issued(form, case_step, server, user, times);
            }
            Action::UserInfo(_) => {
                let url = endpoint(self.deployment, server, "userinfo_endpoint");
                self.send(Destination::request(method.unwrap_or("GET"), url), times);
            }
            Action::Metadata(step) => {
                let url = document(self.deployment, server, step.document);
                self.send(Destination::request(method.unwrap_or("GET"), url), times);
            }
            Action::Keys(_) => {
                let url = endpoint(self.deployment, server, "jwks_uri");
                self.send(Destination::request(method.unwrap_or("GET"), url), times);
            }
            Action::Call(step) => self.address(&step.url, change, &step.method, times),
            Action::Http(step) => self.address(&step.url, change, &step.method, times),
            Action::Control(_) | Action::Sign(_) | Action::AdvanceClock(_) => {
                self.send(Destination::Control, times);
            }
        }
        // What only a server could sign, test control signs.
        let signers = change.jwts().flat_map(JwtMutation::signers);
        let signed = signers.filter(|signer| matches!(signer, SignWith::Server(_)));
        let signed = signed.count();
        self.send(Destination::Control, signed * times);
    }

    fn send(&mut self, asked: Destination, times: usize) {
        add(&mut self.cost.requests, asked, times);
    }

    fn address(&mut self, url: &Template, change: &Change, method: &str, times: usize) {
        let url = change.url.as_ref().unwrap_or(url);
        let method = change.method.as_deref().unwrap_or(method);
        self.send(
            Destination::request(method, address(url, self.names)),
            times,
        );
    }

    fn sign_in(&mut self, step: &SignIn) {
        let way = self.deployment.sign_in.as_ref();
        let way = way.unwrap_or(&SignInWay::Page);
        let scope = scope_of(step, way);
        if way.is_shared() && self.shares_sign_ins {
            self.cost.shared_sign_ins.insert(SharedSignIn {
                user: step.user,
                client: acting(step.client, self.edition),
                scope,
            });
        } else {
            self.cost.add(&sign_in(step.user, &scope, self.deployment));
        }
    }

    /// What is issued in answer to a form.
    fn issued(
        &mut self,
        form: &FormPost,
        case_step: &CaseStep<'_>,
        server: ServerRole,
        user: Option<UserRole>,
        times: usize,
    ) {
        let accepted = match (expected(case_step), case_step.sending()) {
            (Acceptance::Refused, Sending::Raced { .. }) => 1,
            (Acceptance::Refused, Sending::Repeated(_)) => times - 1,
            (Acceptance::Refused, Sending::Once) => 0,
            (Acceptance::Either | Acceptance::Accepted, _) => times,
        };
        match form.request {
            Request::Exchange if asks_for_id_jag(form, case_step.change) => {
                add(&mut self.cost.id_jag_requests, user, times);
                add(&mut self.cost.id_jags, user, accepted);
            }
            Request::Exchange | Request::Revoke | Request::Introspect => {}
            // An access token, and a refresh token beside it where one was asked for.
            Request::RedeemCode | Request::Refresh | Request::Token | Request::Redeem => {
                add(&mut self.cost.revocable, server, 2 * accepted);
            }
        }
    }

    /// The user whom a step signs in, or whose credential it sends.
    fn user(&self, case_step: &CaseStep<'_>) -> Option<UserRole> {
        match &case_step.step.action {
            Action::SignIn(step) => return Some(step.user),
            Action::Authorize(step) => return step.user,
            _ => {}
        }
        let changed = case_step.change.into_iter().flat_map(|change| {
            change
                .params
                .iter()
                .filter_map(|(_, mutation)| match mutation {
                    Mutation::Set(template) => Some(template),
                    _ => None,
                })
        });
        let written = case_step.step.action.kind().templates();
        let mut names = changed.chain(written).flat_map(Template::references);
        names.find_map(|name| self.users.get(name).copied())
    }
}

/// Whether an exchange asks for an ID-JAG, changed or not.
fn asks_for_id_jag(form: &FormPost, change: Option<&Change>) -> bool {
    let changed = change.into_iter().flat_map(|change| &change.params);
    let set = changed
        .filter(|(name, _)| name == REQUESTED_TOKEN_TYPE)
        .map(|(_, mutation)| match mutation {
            Mutation::Set(template) => is_literally(template, ID_JAG),
            Mutation::Drop | Mutation::Empty => false,
            _ => true,
        })
        .next_back();
    let written = || {
        let mut params = form.params.iter();
        params.any(|(name, value)| name == REQUESTED_TOKEN_TYPE && is_literally(value, ID_JAG))
    };
    set.unwrap_or_else(written)
}

fn is_literally(template: &Template, text: &str) -> bool {
    template.as_literal().as_deref() == Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::embedded;
    use crate::targets::sample;

    /// The cost of a base flow or a case of the scenarios inside the program.
    fn of(id: &str, case: Option<&str>) -> Cost {
        let scenarios = embedded().unwrap();
        let scenario = scenarios.iter().find(|one| one.id == id).unwrap();
        let case = case.map(|case| scenario.cases.iter().find(|one| one.id == case).unwrap());
        let deployment = sample::deployment("https://a.example");
        cost(scenario, case, &deployment, Edition::E2026_10)
    }

    fn post(url: &str) -> Destination {
        Destination::request("POST", format!("https://a.example{url}"))
    }

    #[test]
    fn a_flow_costs_what_its_steps_send() {
        let whole = of("authorization-server/whole-flow", None);
        assert_eq!(whole.sign_ins, BTreeMap::from([(UserRole::Ada, 1)]));
        let ada = Some(UserRole::Ada);
        assert_eq!(whole.id_jags, BTreeMap::from([(ada, 1)]));
        assert_eq!(whole.id_jag_requests, BTreeMap::from([(ada, 1)]));
        // The sign-in's and the exchange's; the redemption goes to the custom server.
        assert_eq!(whole.requests[&post("/oauth2/v1/token")], 2);
        assert_eq!(whole.requests[&post("/oauth2/aus1/v1/token")], 1);
        assert_eq!(whole.requests[&Destination::Browser], 1);
    }

    #[test]
    fn a_request_that_is_to_be_refused_has_nothing_issued() {
        let scenarios = embedded().unwrap();
        let deployment = sample::deployment("https://a.example");
        let mut refused = 0;
        for scenario in &scenarios {
            for case in &scenario.cases {
                let cost = cost(scenario, Some(case), &deployment, Edition::E2026_10);
                for (user, issued) in &cost.id_jags {
                    assert!(*issued <= cost.id_jag_requests[user], "{}", case.id);
                }
                let sum = |map: &BTreeMap<_, usize>| map.values().sum::<usize>();
                refused += sum(&cost.id_jag_requests) - sum(&cost.id_jags);
            }
        }
        assert!(refused > 50, "{refused}");
    }
}
