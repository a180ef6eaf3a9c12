//! Requests that are accepted: what the properties bend, and the twin that proves what was bent.

use conformance_tests::org::{AGENT, CHAT_TOKEN, Form, TOKEN, TestOrg, text};
use mock_okta_core::control::{Command, ConsentChange};
use proptest::prelude::{Strategy, prop_oneof};
use proptest::strategy::Just;

/// One way to a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Code,
    Refresh,
    IdJag,
    Secret,
    ServiceAccount,
    Sts,
    RedeemIdJag,
}

/// A request that is accepted once.
#[derive(Debug, Clone)]
pub struct Valid {
    pub path: &'static str,
    pub form: Form,
}

/// Names of the parameters by which a client proves who it is.
pub const CLIENT: [&str; 2] = ["client_assertion", "client_assertion_type"];

pub fn any_flow() -> impl Strategy<Value = Flow> {
    prop_oneof![
        Just(Flow::Code),
        Just(Flow::Refresh),
        Just(Flow::IdJag),
        Just(Flow::Secret),
        Just(Flow::ServiceAccount),
        Just(Flow::Sts),
        Just(Flow::RedeemIdJag),
    ]
}

impl Flow {
    /// A request of this flow, everything in it fresh.
    pub fn valid(self, org: &TestOrg) -> Valid {
        let id_token = || org.id_token(AGENT);
        let resource = |kind: &str, resource: &str| {
            let kind = format!("urn:okta:params:oauth:token-type:{kind}");
            org.exchange(AGENT, &id_token(), &kind, ("resource", resource))
        };
        let form = match self {
            Self::Code => org.redeem_code(AGENT, &org.code(AGENT, "openid")),
            Self::Refresh => {
                let tokens = org.sign_in(AGENT, "openid offline_access");
                let token = text(&tokens, "refresh_token");
                org.authenticated(
                    AGENT,
                    TOKEN,
                    &[("grant_type", "refresh_token"), ("refresh_token", &token)],
                )
            }
            Self::IdJag => org.exchange_for_id_jag(AGENT, &id_token()),
            Self::Secret => resource(
                "vaulted-secret",
                "orn:okta:pam:00omockokta000000001:secrets:5a3c1f0e-0000-4000-8000-000000000001",
            ),
            Self::ServiceAccount => resource(
                "service-account",
                "orn:okta:pam:00omockokta000000001:apps:warehouse:0oawarehouse00000001:service_accounts:7b8d2e1a-0000-4000-8000-000000000001",
            ),
            Self::Sts => {
                consent(org);
                resource("oauth-sts", "https://tracker.example.com")
            }
            Self::RedeemIdJag => org.redeem(AGENT, &org.id_jag(AGENT, &id_token())),
        };
        let path = if self == Self::RedeemIdJag {
            CHAT_TOKEN
        } else {
            TOKEN
        };
        Valid { path, form }
    }
}

impl Valid {
    /// The same request by the same client, with an assertion that was not used.
    pub fn with_fresh_assertion(&self, org: &TestOrg) -> Self {
        let mut form: Form = self.form.clone();
        form.retain(|(name, _)| !CLIENT.contains(&name.as_str()));
        let authenticated = org.authenticated(AGENT, self.path, &[]);
        form.extend(authenticated);
        Self {
            path: self.path,
            form,
        }
    }

    /// The value of a parameter.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.form
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Sets a parameter that is there.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let pair = self.form.iter_mut().find(|(key, _)| key == name);
        pair.expect("the parameter is there").1 = value.into();
    }
}

fn consent(org: &TestOrg) {
    let command = Command::Consent {
        user: "ada@example.com".to_owned(),
        agent: AGENT.to_owned(),
        resource: "https://tracker.example.com".to_owned(),
        change: ConsentChange::Grant,
    };
    org.core
        .control(command, org.now())
        .expect("a consent that can be given");
}

/// Every flow is accepted as it stands: otherwise a property that expects refusals would prove nothing.
#[test]
fn every_flow_is_accepted_when_nothing_is_bent() {
    let org = TestOrg::new();
    for (flow, credential) in [
        (Flow::Code, "id_token"),
        (Flow::Refresh, "access_token"),
        (Flow::IdJag, "access_token"),
        (Flow::Secret, "vaulted_secret"),
        (Flow::ServiceAccount, "service_account"),
        (Flow::Sts, "access_token"),
        (Flow::RedeemIdJag, "access_token"),
    ] {
        let Valid { path, form } = flow.valid(&org);
        let granted = org.post(path, &form).granted();
        assert!(granted.get(credential).is_some(), "{flow:?}: {granted}");
    }
}
