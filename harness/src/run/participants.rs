//! Who sent a request, and to whom, for the picture of a flow.

use crate::evidence::Participant;
use crate::exchange::{Party, RequestSpec};
use crate::targets::Deployment;

/// Resources of the target whose protected resource is the third party itself.
const BROKERED: &str = "resource_server";

/// Sender and receiver of a request.
pub(crate) fn of(request: &RequestSpec, deployment: &Deployment) -> (Participant, Participant) {
    let from = match request.party {
        Party::Control => Participant::Harness,
        _ if request.by_browser => Participant::Browser,
        _ => Participant::Agent,
    };
    let to = match request.party {
        Party::Control => Participant::TestControl,
        Party::Org => Participant::OrgServer,
        Party::Custom => Participant::CustomServer,
        Party::Resource if request.by_browser => consent_page(&request.url, deployment),
        Party::Resource if is_brokered(&request.url, deployment) => Participant::ThirdParty,
        Party::Resource => Participant::Resource,
    };
    (from, to)
}

/// Okta sends the browser from its own address to the third party's page and back (okta.md, OAuth STS).
fn consent_page(url: &str, deployment: &Deployment) -> Participant {
    let own = deployment.org().is_some_and(|org| {
        url.strip_prefix(org.issuer.trim_end_matches('/'))
            .is_some_and(|path| path.starts_with("/oauth2/"))
    });
    if own {
        Participant::OrgServer
    } else {
        Participant::ThirdParty
    }
}

fn is_brokered(url: &str, deployment: &Deployment) -> bool {
    let address = url.split(['?', '#']).next().unwrap_or_default();
    deployment.resources.iter().any(|(name, resource)| {
        name.ends_with(BROKERED) && resource.api.as_deref() == Some(address)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::sample;

    #[test]
    fn a_request_has_a_sender_and_a_receiver() {
        use Participant::{
            Agent, Browser, CustomServer, Harness, OrgServer, Resource, TestControl, ThirdParty,
        };
        let mut deployment = sample::deployment("http://localhost:1");
        let brokered = deployment.resources.entry("resource_server");
        let api = "http://localhost:1/third-party/api";
        brokered
            .or_insert_with(|| crate::targets::Resource {
                resource: "orn".to_owned(),
                api: None,
                field: None,
                scope: None,
            })
            .api = Some(api.to_owned());
        for (party, by_browser, path, expected) in [
            (Party::Org, false, "/oauth2/v1/token", (Agent, OrgServer)),
            (
                Party::Org,
                true,
                "/oauth2/v1/authorize",
                (Browser, OrgServer),
            ),
            (
                Party::Custom,
                false,
                "/oauth2/aus1/v1/token",
                (Agent, CustomServer),
            ),
            (
                Party::Resource,
                true,
                "/oauth2/v1/sts/redirect",
                (Browser, OrgServer),
            ),
            (
                Party::Resource,
                true,
                "/third-party/x/authorize",
                (Browser, ThirdParty),
            ),
            (
                Party::Resource,
                false,
                "/third-party/api?x=1",
                (Agent, ThirdParty),
            ),
            (Party::Resource, false, "/resources/chat", (Agent, Resource)),
            (
                Party::Control,
                false,
                "/_mock/clock",
                (Harness, TestControl),
            ),
        ] {
            let mut request = RequestSpec::new(party, "GET", format!("http://localhost:1{path}"));
            request.by_browser = by_browser;
            assert_eq!(of(&request, &deployment), expected, "{path}");
        }
    }
}
