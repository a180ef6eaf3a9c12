//! Token exchange at the org authorization server (RFC 8693, Okta's guide): one file a requested token type.

mod id_jag;
mod oauth_sts;
mod service_account;
mod vaulted_secret;

pub(crate) use oauth_sts::consented;

use crate::behaviour::ExchangeAtCustomServer;
use crate::context::{Context, Members};
use crate::keys::ServerName;
use crate::org::Client;
use crate::refusal::{Refusal, Refused};
use crate::rules::{parameters, subject_token};

const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";
const VAULTED_SECRET: &str = "urn:okta:params:oauth:token-type:vaulted-secret";
const SERVICE_ACCOUNT: &str = "urn:okta:params:oauth:token-type:service-account";
const OAUTH_STS: &str = "urn:okta:params:oauth:token-type:oauth-sts";

/// Server and client, then type, then subject, then what the type asks for. Only the org authorization server
/// exchanges, and only for agents.
pub fn run(cx: &mut Context<'_>, agent: &Client) -> Result<Members, Refused> {
    cx.gate
        .require(cx.org.ai_agents, Refusal::SubscriptionMissing)?;
    let knows_the_grant = cx.server == ServerName::Org
        || cx.behaviours().exchange_at_custom_server == ExchangeAtCustomServer::RequestedType;
    cx.gate
        .require(knows_the_grant, Refusal::ExchangeGrantUnsupported)?;
    let requested = parameters::required(cx, "requested_token_type")?;
    let recipe: fn(
        &mut Context<'_>,
        &Client,
        &subject_token::VerifiedSubject<'_>,
    ) -> Result<Members, Refused> = match requested {
        ID_JAG => id_jag::run,
        VAULTED_SECRET => vaulted_secret::run,
        SERVICE_ACCOUNT => service_account::run,
        OAUTH_STS => oauth_sts::run,
        _ => return Err(cx.gate.refuse(Refusal::RequestedTokenType)),
    };
    cx.gate
        .require(cx.server == ServerName::Org, Refusal::RequestedTokenType)?;
    cx.gate
        .require(agent.is_agent(), Refusal::ExchangeFlowUnsupported)?;
    if requested == OAUTH_STS {
        oauth_sts::judge_subject_type(cx)?;
    }
    let subject = subject_token::judge(cx, agent)?;
    recipe(cx, agent, &subject)
}
