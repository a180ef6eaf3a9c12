//! An agent on the oauth2 crate: signs the user in, exchanges the ID token at the org, and uses at the API what it got.
//!
//! Start here with an agent of your own. `atx agent -- example-agent` runs it through every case; the environment
//! variables are those of `atx agent`.

mod client;
mod exchange;
mod sign_in;

use std::{io::Write as _, process::ExitCode};

use jiff::Timestamp;

use client::{Client, Failure, Object, retry, send, setting};
use exchange::{SECRET, SERVICE_ACCOUNT, brokered, exchange, id_jag, redeem, text};

/// What opens the API.
enum Credential {
    Bearer(String),
    Basic(String, String),
    Header(String, String),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody is left to be told when this fails.
            let _ = writeln!(std::io::stderr(), "agent: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let client = Client::from_env()?;
    let id_token = match setting("ATX_ID_TOKEN") {
        Ok(token) if !has_expired(&token) => token,
        _ => sign_in::sign_in(&client).await?,
    };
    let credential = obtain(&client, &id_token).await?;
    match call_api(&client, &credential).await {
        // It may have been revoked in the meantime: one new exchange, and no more.
        Err(Failure::Refused { status: 401, .. }) => {
            let credential = obtain(&client, &id_token).await?;
            call_api(&client, &credential).await
        }
        done => done,
    }
}

/// Whoever handed the ID token over has validated it, but that may be an hour ago.
fn has_expired(id_token: &str) -> bool {
    let claims = jsonwebtoken::dangerous::insecure_decode::<Object>(id_token);
    let exp = claims
        .ok()
        .and_then(|token| token.claims.get("exp")?.as_f64());
    exp.is_none_or(|exp| exp <= Timestamp::now().as_duration().as_secs_f64())
}

async fn obtain(client: &Client, id_token: &str) -> Result<Credential, Failure> {
    match setting("ATX_TASK")?.as_str() {
        "authorization-server" => {
            // An ID-JAG is never redeemed twice: when the answer is lost, the next try begins with the exchange.
            let token =
                retry(async || redeem(client, &id_jag(client, id_token).await?).await).await?;
            Ok(Credential::Bearer(token))
        }
        "secret" => {
            let answer = exchange(client, SECRET, id_token).await?;
            let secret = text(&answer["vaulted_secret"][setting("ATX_SECRET_FIELD")?])?;
            Ok(Credential::Header(setting("ATX_SECRET_HEADER")?, secret))
        }
        "service-account" => {
            let account = &exchange(client, SERVICE_ACCOUNT, id_token).await?["service_account"];
            Ok(Credential::Basic(
                text(&account["username"])?,
                text(&account["password"])?,
            ))
        }
        "resource-server" => Ok(Credential::Bearer(brokered(client, id_token).await?)),
        task => Err(Failure::Stop(format!("{task} is not a task"))),
    }
}

async fn call_api(client: &Client, credential: &Credential) -> Result<(), Failure> {
    let url = setting("ATX_API_URL")?;
    retry(async || {
        let request = client.http.get(&url);
        let request = match credential {
            Credential::Bearer(token) => request.bearer_auth(token),
            Credential::Basic(username, password) => request.basic_auth(username, Some(password)),
            Credential::Header(name, value) => request.header(name, value),
        };
        let status = send(request).await?.status();
        if status.is_success() {
            return Ok(());
        }
        Err(Failure::Refused {
            status: status.as_u16(),
            error: "by the API".to_owned(),
            interaction_uri: None,
        })
    })
    .await
}
