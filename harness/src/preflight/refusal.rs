//! Which setting is probably wrong when the first request of a flow is refused.

use super::mistake;
use crate::refusals::candidates;
use crate::result::{Answer, Asked, Misconfiguration, capitalised};
use crate::scenario::model::{ClientRole, Edition};
use crate::targets::{Deployment, RegisteredAuth, SignInWay, acting};

/// Errors that a wrong setting causes (RFC 6749 §5.2, RFC 8693 §2.2.2, RFC 8707 §2, Okta's error catalogue). Others say
/// more of the server than of the file.
const BY_SETTINGS: [&str; 9] = [
    "invalid_client",
    "unauthorized_client",
    "access_denied",
    "invalid_grant",
    "invalid_request",
    "invalid_target",
    "invalid_scope",
    "invalid_token",
    "unsupported_grant_type",
];

/// Whether a refusal is one that a wrong setting causes.
#[must_use]
pub fn is_by_settings(answer: &Answer) -> bool {
    let error = answer.error.as_deref();
    error.is_some_and(|error| BY_SETTINGS.contains(&error))
}

/// What is probably wrong, with the server's own words.
#[must_use]
pub fn explain(
    asked: Asked,
    answer: &Answer,
    deployment: &Deployment,
    edition: Edition,
) -> Misconfiguration {
    let role = if is_sign_in(asked) {
        acting(ClientRole::UserClient, edition)
    } else {
        ClientRole::Agent
    };
    explain_for(asked, answer, deployment, edition, role)
}

const fn is_sign_in(asked: Asked) -> bool {
    matches!(asked, Asked::Code | Asked::Tokens | Asked::RefreshedTokens)
}

/// The same for a request of another client than the one that usually makes it.
#[must_use]
pub fn explain_for(
    asked: Asked,
    answer: &Answer,
    deployment: &Deployment,
    edition: Edition,
    role: ClientRole,
) -> Misconfiguration {
    let error = answer.error.as_deref().unwrap_or_default();
    let description = answer.description.as_deref().unwrap_or_default();
    let signs_in = is_sign_in(asked);
    let said = match (error, description) {
        ("", _) => format!("status {} and a page", answer.status),
        (error, "") => format!("{} `{error}`", answer.status),
        (error, description) => format!("{} `{error}`: {description}", answer.status),
    };
    let what = format!("{} was refused with {said}", asked.request());
    let (setting, cure) = match error {
        "invalid_client" => client(role, description, deployment, edition),
        "unauthorized_client" | "unsupported_grant_type" => (
            format!("clients.{role}"),
            "allow the client this grant in the org, or name the client that has it".to_owned(),
        ),
        "invalid_scope" => scope(asked),
        "invalid_target" => resource(asked),
        _ if signs_in && answer.status == 404 => (
            "authorization_servers.org.issuer".to_owned(),
            "write the org's URL without a path: users sign in at the org authorization server"
                .to_owned(),
        ),
        "" | "invalid_request" if asked == Asked::Code && answer.status == 400 => (
            format!("clients.{role}.client_id"),
            "compare `client_id` and `redirect_uri` with the client's registration".to_owned(),
        ),
        _ if signs_in => user(role, deployment),
        "access_denied" => (
            "users.ada".to_owned(),
            format!(
                "assign the user and `clients.{role}` to what is asked for, and see whether a policy of the org refuses"
            ),
        ),
        _ => subject(asked, deployment),
    };
    let cure = tabled(asked, answer).unwrap_or(cure);
    mistake(setting, capitalised(&what), cure)
}

/// What to do by the table of refusals, and where, if the answer points to one row of it.
fn tabled(asked: Asked, answer: &Answer) -> Option<String> {
    let error = answer.error.as_deref()?;
    let description = answer.description.as_deref()?;
    let [row] = candidates(asked, answer.status, error, description)[..] else {
        return None;
    };
    Some(match row.console.path() {
        Some(path) => format!("{} (Admin Console: {path})", row.cure),
        None => row.cure.to_owned(),
    })
}

/// A sign-in that came to no end.
#[must_use]
pub fn unfinished(deployment: &Deployment, edition: Edition) -> Misconfiguration {
    let (setting, cure) = user(acting(ClientRole::UserClient, edition), deployment);
    let what = "the sign-in came to no end: the sign-in page was shown again, or the user was sent elsewhere";
    mistake(setting, what, cure)
}

fn client(
    role: ClientRole,
    description: &str,
    deployment: &Deployment,
    edition: Edition,
) -> (String, String) {
    let said = description.to_ascii_lowercase();
    let setting = |member: &str| format!("clients.{role}.{member}");
    let client = deployment.client(role, edition);
    match client.map(|client| &client.auth) {
        Some(RegisteredAuth::PrivateKeyJwt(key)) => {
            let kid = key.kid.as_deref().unwrap_or("none");
            if said.contains("signature") || said.contains("key") {
                let cure = format!(
                    "compare the key and its `kid` (`{kid}`) with the public keys registered for the client"
                );
                (setting("key"), cure)
            } else if said.contains("alg") {
                (setting("key.alg"), "write the algorithm that the registered key has".to_owned())
            } else {
                let cure = format!(
                    "compare `client_id`, key, `kid` (`{kid}`) and `alg` ({}) with the client's registration, and see that it is active",
                    key.alg
                );
                (setting("client_id"), cure)
            }
        }
        Some(RegisteredAuth::ClientSecretBasic(_) | RegisteredAuth::ClientSecretPost(_)) => (
            setting("client_secret"),
            "compare `client_id`, `auth` and the secret with the client's registration".to_owned(),
        ),
        Some(RegisteredAuth::None) | None => (
            setting("auth"),
            "the client has no credential in the target file; give the one that it is registered with"
                .to_owned(),
        ),
    }
}

fn scope(asked: Asked) -> (String, String) {
    let setting = match asked {
        Asked::IdJag | Asked::AccessToken => "authorization_servers.custom_as.scope",
        Asked::BrokeredToken => "resources.resource_server.scope",
        _ => "the scopes that are asked for",
    };
    let cure = "write scopes that exist at that server and that the connection allows";
    (setting.to_owned(), cure.to_owned())
}

fn resource(asked: Asked) -> (String, String) {
    let (setting, cure) = match asked {
        Asked::Secret => (
            "resources.secret.resource",
            "copy the ORN of the secret from the agent's connection",
        ),
        Asked::ServiceAccount => (
            "resources.service_account.resource",
            "copy the ORN of the service account from the agent's connection",
        ),
        Asked::BrokeredToken => (
            "resources.resource_server.resource",
            "copy the resource indicator from the agent's connection",
        ),
        _ => (
            "authorization_servers.custom_as.issuer",
            "name an authorization server that the agent has an active connection with",
        ),
    };
    (setting.to_owned(), cure.to_owned())
}

/// The token that stands for the user.
fn subject(asked: Asked, deployment: &Deployment) -> (String, String) {
    let mistake = |setting: &str, cure: &str| (setting.to_owned(), cure.to_owned());
    match deployment.sign_in {
        Some(SignInWay::Given(_)) => {
            return mistake(
                "sign_in.id_token",
                "take a fresh ID token that the org authorization server issued to the client that signs users in",
            );
        }
        Some(SignInWay::Cache(_) | SignInWay::Browser(_)) => {
            return mistake(
                "sign_in.cache",
                "sign in again (atx sign-in), and see that the user may use what is asked for",
            );
        }
        Some(SignInWay::Page | SignInWay::Refresh(_) | SignInWay::Session) | None => {}
    }
    let (setting, _) = resource(asked);
    let cure =
        "compare what is asked for with the agent's connection, and see that the user may use it";
    (setting, cure.to_owned())
}

/// The user who signs in, or what stands for the sign-in.
fn user(role: ClientRole, deployment: &Deployment) -> (String, String) {
    match &deployment.sign_in {
        Some(SignInWay::Refresh(_)) => (
            "sign_in.refresh_token".to_owned(),
            format!(
                "sign in again as `clients.{role}` with the scope offline_access, and put the new refresh token there"
            ),
        ),
        Some(SignInWay::Given(_)) => (
            "sign_in.id_token".to_owned(),
            "sign in again, and put the new ID token there".to_owned(),
        ),
        Some(SignInWay::Browser(_) | SignInWay::Cache(_)) => (
            "sign_in".to_owned(),
            format!("sign in again as `clients.{role}`: atx sign-in"),
        ),
        Some(SignInWay::Page | SignInWay::Session) | None => (
            "users.ada".to_owned(),
            format!(
                "compare login and password, and assign the user to the application of `clients.{role}`"
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_the_cure_where_the_answer_points_to_one_row() {
        let answer = |error: &str, description: &str| Answer {
            status: 401,
            error: Some(error.to_owned()),
            description: Some(description.to_owned()),
        };
        let policy = answer(
            "access_denied",
            "Policy evaluation failed for this request.",
        );
        let cure = tabled(Asked::AccessToken, &policy).unwrap();
        assert!(
            cure.contains("name the agent in an access policy"),
            "{cure}"
        );
        assert!(cure.ends_with("> the server > Access Policies)"), "{cure}");
        // What says nothing leaves several causes.
        let client = answer("invalid_client", "Client authentication failed.");
        assert_eq!(tabled(Asked::IdJag, &client), None);
    }
}
