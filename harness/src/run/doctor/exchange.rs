//! One exchange for each resource that the target file describes, and the redemption of the ID-JAG.

use serde_json::Value;

use super::refused::{Refused, refused_check};
use super::{Asking, Reply, Visit, licence};
use crate::doctor::{Board, Check, Checked};
use crate::exchange::Exchange;
use crate::preflight::{Misconfiguration, refusal};
use crate::refusals::{Console, Row};
use crate::result::{Asked, ResourceType};
use crate::scenario::model::{ClientRole, ServerRole};
use crate::scenario::step::{GRANT_JWT_BEARER, GRANT_TOKEN_EXCHANGE, Request, TYPE_ID_TOKEN};

/// What each resource type is asked for with (okta.md (c)), and what it is called in the target file.
pub(super) const KINDS: [(ResourceType, &str, &str, Asked); 4] = [
    (
        ResourceType::AuthorizationServer,
        "authorization-server",
        "urn:ietf:params:oauth:token-type:id-jag",
        Asked::IdJag,
    ),
    (
        ResourceType::Secret,
        "secret",
        "urn:okta:params:oauth:token-type:vaulted-secret",
        Asked::Secret,
    ),
    (
        ResourceType::ServiceAccount,
        "service_account",
        "urn:okta:params:oauth:token-type:service-account",
        Asked::ServiceAccount,
    ),
    (
        ResourceType::ResourceServer,
        "resource_server",
        "urn:okta:params:oauth:token-type:oauth-sts",
        Asked::BrokeredToken,
    ),
];

/// An exchange for a resource.
pub(in crate::run) struct Exchanged {
    /// What it is called in the target file.
    pub(super) name: &'static str,
    pub(in crate::run) asked: Asked,
    pub(in crate::run) reply: Reply,
}

impl Asking<'_> {
    /// Exchanges an ID token for what a resource of this type gives. `None` where the target file describes none.
    pub(in crate::run) async fn exchange(
        &self,
        of: ResourceType,
        id_token: &str,
    ) -> Option<Exchanged> {
        let (_, name, requested, asked) = KINDS.into_iter().find(|(kind, ..)| *kind == of)?;
        let deployment = self.deployment();
        let mut parameters = vec![
            ("grant_type", GRANT_TOKEN_EXCHANGE),
            ("subject_token", id_token),
            ("subject_token_type", TYPE_ID_TOKEN),
            ("requested_token_type", requested),
        ];
        if of == ResourceType::AuthorizationServer {
            let server = deployment.servers.get(&ServerRole::CustomAs)?;
            parameters.push(("audience", server.issuer.as_str()));
            parameters.push(("scope", server.facts.get("scope")?.as_str()));
        } else {
            let resource = deployment.resources.get(name)?;
            parameters.push(("resource", resource.resource.as_str()));
        }
        let reply = self
            .post(
                "token",
                Request::Exchange,
                ServerRole::Org,
                ClientRole::Agent,
                &parameters,
            )
            .await;
        Some(Exchanged { name, asked, reply })
    }

    /// Redeems an ID-JAG at the custom authorization server.
    async fn redeem(&self, id_jag: &str) -> Reply {
        let parameters = [("grant_type", GRANT_JWT_BEARER), ("assertion", id_jag)];
        self.post(
            "custom token",
            Request::Redeem,
            ServerRole::CustomAs,
            ClientRole::Agent,
            &parameters,
        )
        .await
    }
}

/// What is probably wrong in the target file, where an exchange was refused for such a reason.
pub(in crate::run) fn mistake(
    asking: &Asking<'_>,
    exchanged: &Exchanged,
) -> Option<Misconfiguration> {
    let Reply::Answered(exchange) = &exchanged.reply else {
        return None;
    };
    let answer = asking.answer(&exchange.response);
    (answer.is_refusal() && refusal::is_by_settings(&answer)).then(|| {
        refusal::explain(
            exchanged.asked,
            &answer,
            asking.deployment(),
            asking.edition,
        )
    })
}

/// Asks for everything once.
pub(super) async fn check(visit: &Visit<'_>, id_token: &str, board: &mut Board) {
    let mut granted = 0;
    let mut described = 0;
    for (of, name, ..) in KINDS {
        let Some(exchanged) = visit.asking.exchange(of, id_token).await else {
            undescribed(of, name, board);
            continue;
        };
        described += 1;
        if let Some(id_jag) = one(visit, &exchanged, board).await {
            granted += 1;
            if of == ResourceType::AuthorizationServer {
                redemption(visit, &id_jag, board).await;
            }
        }
    }
    if granted > 0 {
        let said = format!("the org granted {granted} of {described} exchanges");
        board.note(Checked::ok(Check::AgentsFeature, said));
    }
    licence::conclude(visit, granted, described, board);
}

fn undescribed(of: ResourceType, name: &'static str, board: &mut Board) {
    let key = match of {
        ResourceType::AuthorizationServer => "authorization_servers.custom_as` with `scope",
        _ => "resources",
    };
    let why = match of {
        ResourceType::AuthorizationServer => format!("the target file describes no `{key}`"),
        _ => format!("the target file describes no `{key}.{name}`"),
    };
    let find_out = "nothing is tested there; describe it to test it";
    board.note(Checked::unknown(Check::Resource, why, find_out).of(name));
}

/// Judges one exchange. Gives what came where a token came.
async fn one(visit: &Visit<'_>, exchanged: &Exchanged, board: &mut Board) -> Option<String> {
    let name = exchanged.name;
    let unknown =
        |why: String, find_out: &str| Checked::unknown(Check::Resource, why, find_out).of(name);
    let exchange = match &exchanged.reply {
        Reply::Answered(exchange) => exchange,
        Reply::Unanswered(trouble) => {
            board.note(unknown(trouble.to_string(), "run `atx doctor` again"));
            return None;
        }
        Reply::Unsent(why) => {
            board.note(unknown(why.clone(), "correct the target file"));
            return None;
        }
    };
    let response = &exchange.response;
    if response.status == 200 {
        let (member, value) = issued(exchanged.asked, response.json.as_ref());
        let Some(value) = value else {
            let why = format!("the exchange was answered with 200 and without `{member}`");
            board.note(unknown(why, "see what the org logs of the request"));
            return None;
        };
        accepted(name, exchanged.asked, board);
        return Some(value.as_str().unwrap_or_default().to_owned());
    }
    let answer = visit.asking.answer(response);
    if exchanged.asked == Asked::BrokeredToken
        && answer.error.as_deref() == Some("interaction_required")
    {
        let said = "the org asks for the user's consent at the third party";
        accepted_subject(board);
        board.note(Checked::ok(Check::Resource, said).of(name));
        board.note(consent(visit, said));
        return Some(String::new());
    }
    if !answer.is_refusal() || answer.error.is_none() {
        let why = format!("the exchange was answered with {}", answer.status);
        board.note(unknown(
            why,
            "run `atx doctor` again, and see the status page of Okta",
        ));
        return None;
    }
    refused(visit, exchanged, exchange, board).await;
    None
}

/// What an exchange issues: in which member of the answer, and its value where it is there (okta.md (c)).
fn issued(asked: Asked, body: Option<&Value>) -> (&'static str, Option<&Value>) {
    let member = match asked {
        Asked::Secret => "vaulted_secret",
        Asked::ServiceAccount => "service_account",
        _ => "access_token",
    };
    let value = body.and_then(|body| body.get(member));
    let value = value.filter(|value| match value {
        Value::String(token) => member == "access_token" && !token.is_empty(),
        Value::Object(parts) => member != "access_token" && !parts.is_empty(),
        _ => false,
    });
    (member, value)
}

/// The token that stands for the user was accepted.
fn accepted_subject(board: &mut Board) {
    let said = "an exchange took it as subject";
    let of = [Check::UserActive, Check::UserAssigned, Check::IdToken];
    board.note_all(of.map(|check| Checked::ok(check, said)));
}

fn accepted(name: &str, asked: Asked, board: &mut Board) {
    accepted_subject(board);
    board.note(Checked::ok(Check::Resource, format!("{} was granted", asked.request())).of(name));
    match asked {
        Asked::Secret | Asked::ServiceAccount => {
            let said = format!("the vault gave {}", asked.noun());
            board.note(Checked::ok(Check::Entitlement, said).of(name));
        }
        Asked::BrokeredToken => {
            board.note(Checked::ok(
                Check::Consent,
                "the org has the third party's token",
            ));
        }
        _ => {}
    }
}

/// A user who has not consented yet. In a run a program that can drive the consent page does it, or a person who is asked.
fn consent(visit: &Visit<'_>, said: &str) -> Checked {
    if visit.asking.deployment().consent_page {
        let said = format!("{said}; a run drives the consent page itself");
        return Checked::ok(Check::Consent, said);
    }
    if visit.run_asks_for_consent {
        let said = format!("{said}; a run shows the link to whoever has to give it");
        return Checked::ok(Check::Consent, said);
    }
    let cure = "let the user follow the `interaction_uri` of an exchange once; without it, cases that need the third party's token are skipped";
    Checked::problem(Check::Consent, said, cure)
        .setting("resources.resource_server")
        .at(None)
}

/// Puts a refusal where it belongs.
async fn refused(visit: &Visit<'_>, exchanged: &Exchanged, exchange: &Exchange, board: &mut Board) {
    let refused = Refused::read(visit, exchanged.asked, exchange).await;
    let checks: Vec<Check> = refused.rows().iter().map(|row| check_of(row)).collect();
    let check = checks.first().copied().unwrap_or(Check::Resource);
    let is_clear = checks.iter().all(|one| *one == check);
    let is_of_vault = matches!(exchanged.asked, Asked::Secret | Asked::ServiceAccount)
        && checks.contains(&Check::Entitlement);
    let is_about_agents =
        exchanged.asked == Asked::IdJag || board.has_problem(Check::AgentsFeature);
    let check = match check {
        // The same words refuse one kind of exchange alone: only the ID-JAG shows whether agents may exchange at all.
        Check::AgentsFeature if is_clear && !is_about_agents => Check::Licence,
        check if is_clear => check,
        // The other causes would have refused the client itself before.
        _ if is_of_vault => Check::Entitlement,
        _ => Check::Resource,
    };
    let checked = refused_check(check, &refused, ClientRole::Agent, visit);
    let checked = match check {
        Check::Resource | Check::Entitlement | Check::Licence => checked.of(exchanged.name),
        Check::ClientKey | Check::ClientActive => checked.of(ClientRole::Agent.as_str()),
        _ => checked,
    };
    board.note(checked);
    if check != Check::Resource {
        let why = format!("the exchange was refused for `{}`", check.id());
        let find_out = "mend that first";
        board.note(Checked::unknown(Check::Resource, why, find_out).of(exchanged.name));
    }
}

/// The check that a row of the table belongs to.
fn check_of(row: &Row) -> Check {
    match (row.console, row.error) {
        (Console::Features, _) => Check::AgentsFeature,
        (Console::AgentConnections | Console::ServerScopes, "invalid_scope") => Check::Scopes,
        (Console::ServerPolicies, "access_denied") if row.status == 400 => Check::Scopes,
        (Console::ServerPolicies, _) => Check::Policy,
        (Console::ServerScopes | Console::TargetFile, "invalid_scope" | "consent_required") => {
            Check::Scopes
        }
        (Console::Vault, _) => Check::Entitlement,
        (Console::ResourceServers, _) => Check::Consent,
        (Console::Server, _) => Check::CustomServer,
        (Console::AgentClient, _) => Check::ClientKey,
        (Console::AgentProfile, _) => Check::ClientActive,
        (Console::People, _) => Check::UserActive,
        (Console::AgentUsers, _) if row.code.ends_with("user_not_assigned") => Check::UserAssigned,
        (
            Console::AgentUsers
            | Console::AgentMachines
            | Console::Sessions
            | Console::AppGeneral
            | Console::TargetFile,
            _,
        ) => Check::IdToken,
        _ => Check::Resource,
    }
}

/// The second leg: the server's policy.
async fn redemption(visit: &Visit<'_>, id_jag: &str, board: &mut Board) {
    let exchange = match visit.asking.redeem(id_jag).await {
        Reply::Answered(exchange) => exchange,
        Reply::Unanswered(trouble) => {
            let find_out = "see whether the custom authorization server can be reached";
            board.note(Checked::unknown(
                Check::Policy,
                trouble.to_string(),
                find_out,
            ));
            return;
        }
        Reply::Unsent(why) => {
            board.note(Checked::unknown(
                Check::Policy,
                why,
                "correct the target file",
            ));
            return;
        }
    };
    if exchange.response.status == 200 {
        board.note(Checked::ok(Check::Policy, "the server took the ID-JAG"));
        board.note(Checked::ok(
            Check::Scopes,
            "the server issued a token with every scope that was asked for",
        ));
        return;
    }
    let answer = visit.asking.answer(&exchange.response);
    if !answer.is_refusal() || answer.error.is_none() {
        let why = format!("the redemption was answered with {}", answer.status);
        board.note(Checked::unknown(
            Check::Policy,
            why,
            "run `atx doctor` again",
        ));
        return;
    }
    let refused = Refused::read(visit, Asked::AccessToken, &exchange).await;
    let check = match refused.rows() {
        [] => Check::Policy,
        [first, rest @ ..] => {
            let check = check_of(first);
            let is_clear = rest.iter().all(|row| check_of(row) == check);
            if is_clear { check } else { Check::Policy }
        }
    };
    let checked = refused_check(check, &refused, ClientRole::Agent, visit);
    board.note(match check {
        Check::Resource => checked.of("authorization-server"),
        Check::ClientKey | Check::ClientActive => checked.of(ClientRole::Agent.as_str()),
        _ => checked,
    });
}
