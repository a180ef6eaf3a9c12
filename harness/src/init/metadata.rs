//! Asks an address for its metadata, to know whether an org answers there.

use serde_json::Value;
use thiserror::Error;
use url::Url;

use crate::exchange::{Party, RequestSpec, Response};
use crate::targets::{Http, Trouble};

/// Where an org publishes its metadata, below its issuer (okta.md (a)).
const DOCUMENT: &str = ".well-known/openid-configuration";

/// Why an address is not known to be an org's issuer.
#[derive(Debug, Error)]
pub enum NoOrg {
    /// Nothing was answered.
    #[error("{0}")]
    Trouble(#[from] Trouble),
    /// Something else answers there.
    #[error("there is no Okta org at `{issuer}`: {why}")]
    Other {
        /// The address that was asked.
        issuer: String,
        /// What answers.
        why: String,
        /// What to do.
        cure: String,
    },
}

/// Proves that an org of Okta's answers at an issuer.
///
/// # Errors
/// What answers in place of it.
pub async fn find_org(http: &Http, issuer: &str) -> Result<(), NoOrg> {
    let url = format!("{issuer}/{DOCUMENT}");
    let request = RequestSpec::new(Party::Org, "GET", url);
    let exchange = http.send(request, |_| ()).await?;
    judge(issuer, &exchange.response).map_err(|(why, cure)| NoOrg::Other {
        issuer: issuer.to_owned(),
        why,
        cure,
    })
}

/// What is wrong with the answer, and what to do about it.
fn judge(issuer: &str, answer: &Response) -> Result<(), (String, String)> {
    const CHECK: &str =
        "check the address: the Admin Console shows it in the menu at the top right";
    let wrong = |why: String, cure: &str| Err((why, cure.to_owned()));
    match answer.status {
        200 => {}
        300..=399 => {
            let there = answer
                .header("location")
                .and_then(|location| origin(&location, issuer));
            return match there {
                Some(other) if other != issuer => wrong(
                    format!("it redirects to `{other}`"),
                    &format!(
                        "if that is the org, give `{other}`; a sign-in page or a proxy may have redirected the request as well"
                    ),
                ),
                _ => wrong(
                    "it redirects the request for its metadata".to_owned(),
                    "a sign-in page or a proxy stands in front of it: ask from a network that reaches the org itself",
                ),
            };
        }
        404 => return wrong("it has no metadata (404)".to_owned(), CHECK),
        429 => {
            return wrong(
                "it answers that there were too many requests (429)".to_owned(),
                "wait a minute and try again",
            );
        }
        status @ (401 | 403) => {
            return wrong(
                format!("it refuses the request for its metadata ({status})"),
                "an org's metadata are public: a firewall, a network zone or a proxy refuses the request",
            );
        }
        status => return wrong(format!("it answers {status}"), "try again later"),
    }
    let Some(document) = answer.json.as_ref().filter(|json| json.is_object()) else {
        let what = if is_page(answer) {
            "it answers with a web page"
        } else {
            "what it answers is not JSON"
        };
        return wrong(
            what.to_owned(),
            "give the org's URL and not that of a page in front of it; a sign-in wall of the network answers like this too",
        );
    };
    let said = |name: &str| document.get(name).and_then(Value::as_str);
    let Some(name) = said("issuer") else {
        return wrong("its metadata name no issuer".to_owned(), CHECK);
    };
    if name != issuer {
        return wrong(
            format!("it calls itself `{name}`, and issuers are compared letter by letter"),
            &format!("if that is the org, give `{name}`"),
        );
    }
    if said("token_endpoint") != Some(&format!("{issuer}/oauth2/v1/token")) {
        return wrong(
            "an authorization server answers, whose endpoints are not where an Okta org has them"
                .to_owned(),
            "`atx init` is for Okta orgs; for another server write the file by hand, with its endpoints (docs/targets.md)",
        );
    }
    Ok(())
}

/// Scheme, host and port of where a redirect leads.
fn origin(location: &str, from: &str) -> Option<String> {
    let url = Url::parse(from).ok()?.join(location).ok()?;
    let origin = url.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

fn is_page(answer: &Response) -> bool {
    let media_type = answer.header("content-type").unwrap_or_default();
    let text = answer.text.trim_start();
    media_type.contains("html") || text.starts_with("<!") || text.starts_with("<html")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ORG: &str = "https://acme.okta.com";

    fn judged(status: u16, headers: &[(&str, &str)], body: &str) -> Result<(), String> {
        let headers = headers.iter();
        let headers = headers.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let answer = Response::new(status, headers.collect(), body.as_bytes());
        judge(ORG, &answer).map_err(|(why, cure)| format!("{why}; {cure}"))
    }

    #[test]
    fn an_orgs_metadata_name_it() {
        let body = json!({ "issuer": ORG, "token_endpoint": format!("{ORG}/oauth2/v1/token") });
        assert_eq!(judged(200, &[], &body.to_string()), Ok(()));
    }

    #[test]
    fn anything_else_is_named() {
        let foreign =
            json!({ "issuer": ORG, "token_endpoint": format!("{ORG}/token") }).to_string();
        let custom = json!({ "issuer": "https://id.acme.example" }).to_string();
        let html = [("content-type", "text/html")];
        let elsewhere = [("location", "https://acme.okta.example/login")];
        let here = [("location", "/login")];
        for (status, headers, body, expected) in [
            (
                200,
                &[][..],
                custom.as_str(),
                "calls itself `https://id.acme.example`",
            ),
            (200, &[], foreign.as_str(), "not where an Okta org has them"),
            (200, &[], "{}", "name no issuer"),
            (200, &[], "[]", "not JSON"),
            (200, &html, "<html>sign in</html>", "a web page"),
            (
                302,
                &elsewhere,
                "",
                "redirects to `https://acme.okta.example`",
            ),
            (302, &here, "", "redirects the request"),
            (404, &[], "", "404"),
            (403, &[], "", "a firewall"),
            (429, &[], "", "too many requests"),
            (503, &[], "", "answers 503"),
        ] {
            let wrong = judged(status, headers, body).unwrap_err();
            assert!(wrong.contains(expected), "{status} {body}: {wrong}");
        }
    }
}
