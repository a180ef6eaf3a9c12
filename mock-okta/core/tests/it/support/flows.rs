//! The steps of the flows, each right in every part, for tests that bend the next one.

use mock_okta_core::control::{Command, ConsentChange};

use super::browser::{ADA, Authorize, REDIRECT, VERIFIER};
use super::{
    AGENT, ASSERTION_TYPE, Answer, CHAT, CHAT_AUTHORIZE, CHAT_TOKEN, Client, EXCHANGE, ID_JAG,
    ID_TOKEN, JWT_BEARER, Jws, OAUTH_STS, SERVICE_APP, SERVICE_APP_SECRET, TOKEN, TRACKER, WEB_APP,
    WEB_APP_SECRET,
};

/// A header field with HTTP Basic credentials (RFC 7617).
pub fn basic(credentials: &str) -> String {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(credentials);
    format!("Basic {encoded}")
}

impl Client {
    /// A request of an agent, authenticated by `private_key_jwt`.
    pub fn post_as(&self, agent: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_proving(&self.assertion(agent, path), path, form)
    }

    /// A request that carries this client assertion.
    pub fn post_proving(&self, assertion: &Jws, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_showing(&assertion.compact(), path, form)
    }

    /// A request that carries this text as its client assertion.
    pub fn post_showing(&self, assertion: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let mut form = form.to_vec();
        form.push(("client_assertion_type", ASSERTION_TYPE));
        form.push(("client_assertion", assertion));
        self.post(path, &form)
    }

    /// A code is redeemed by an agent.
    pub fn redeem_code(&self, agent: &str, path: &str, code: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        self.post_as(agent, path, &form)
    }

    /// The tokens of Ada at the agent's own client.
    pub fn sign_in(&self) -> Answer {
        let code = Authorize::new().code(self, ADA);
        self.redeem_code(AGENT, TOKEN, &code)
    }

    /// A code is redeemed by the web app.
    pub fn redeem_portal_code(&self, path: &str, code: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        self.post_basic(WEB_APP, WEB_APP_SECRET, path, &form)
    }

    /// The tokens of Ada at the web app, from the chat server.
    pub fn sign_in_at_chat(&self) -> Answer {
        let code = Authorize::new()
            .at(CHAT_AUTHORIZE)
            .with("client_id", WEB_APP)
            .with("scope", "openid chat.read offline_access")
            .code(self, ADA);
        self.redeem_portal_code(CHAT_TOKEN, &code)
    }

    /// An exchange for the user of an ID token.
    pub fn exchange(&self, id_token: &str, requested: &str, target: &[(&str, &str)]) -> Answer {
        let mut form = vec![
            ("grant_type", EXCHANGE),
            ("subject_token", id_token),
            ("subject_token_type", ID_TOKEN),
            ("requested_token_type", requested),
        ];
        form.extend_from_slice(target);
        self.post_as(AGENT, TOKEN, &form)
    }

    /// Test control lets an agent use the tracker in a user's name.
    pub fn consent(&self, user: &str, agent: &str) {
        let command = Command::Consent {
            user: user.to_owned(),
            agent: agent.to_owned(),
            resource: TRACKER.to_owned(),
            change: ConsentChange::Grant,
        };
        let given = self.core.control(command, self.instant());
        given.expect("a consent that can be given");
    }

    /// The agent asks for the tracker's token in Ada's name.
    pub fn brokered(&self) -> Answer {
        let id_token = self.sign_in().text("id_token");
        self.exchange(&id_token, OAUTH_STS, &[("resource", TRACKER)])
    }

    /// An ID-JAG for Ada and the chat server.
    pub fn id_jag(&self) -> String {
        let id_token = self.sign_in().text("id_token");
        let target = [("audience", CHAT), ("scope", "chat.read")];
        self.exchange(&id_token, ID_JAG, &target)
            .text("access_token")
    }

    /// An ID-JAG is redeemed by the agent at the chat server.
    pub fn redeem(&self, id_jag: &str) -> Answer {
        let form = [("grant_type", JWT_BEARER), ("assertion", id_jag)];
        self.post_as(AGENT, CHAT_TOKEN, &form)
    }

    /// An access token of the chat server for Ada and the agent.
    pub fn chat_token(&self) -> String {
        self.redeem(&self.id_jag()).text("access_token")
    }

    /// The service app asks for itself at the chat server.
    pub fn machine(&self, extra: &[(&str, &str)]) -> Answer {
        let form = [&[("grant_type", "client_credentials")], extra].concat();
        self.post_basic(SERVICE_APP, SERVICE_APP_SECRET, CHAT_TOKEN, &form)
    }

    /// A request with HTTP Basic credentials.
    pub fn post_basic(&self, id: &str, secret: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let part =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", part(id), part(secret));
        self.post_with(path, form, &[("authorization", &basic(&pair))])
    }
}
