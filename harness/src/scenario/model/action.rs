//! Steps: what is done, as resolved.

use std::time::Duration;

use strict_yaml::Place;

use super::{
    ClaimChange, ClientAuth, ClientRole, Expectation, Save, ServerRole, Template, UserRole,
    ValueTemplate,
};

/// One request (or one browser walk) and what must come back.
#[derive(Debug, Clone)]
pub struct Step {
    /// Written id, or the kind's name (`exchange`, `exchange-2`).
    pub id: String,
    /// What is done.
    pub action: Action,
    /// What must come back; empty when the step only prepares.
    pub expect: Vec<Expectation>,
    /// Values kept for later steps.
    pub save: Vec<Save>,
    /// Where it is written.
    pub place: Place,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum Action {
    /// GET a metadata document.
    Metadata {
        /// Whose.
        of: ServerRole,
        /// Which.
        document: MetadataDocument,
    },
    /// GET the published keys.
    Keys {
        /// Whose.
        of: ServerRole,
    },
    /// The whole code flow with PKCE; its response is the token response.
    SignIn {
        /// Client that signs the user in.
        client: ClientRole,
        /// User that signs in.
        user: UserRole,
        /// `scope`, when written.
        scope: Option<Template>,
        /// `nonce`, when written.
        nonce: Option<Template>,
    },
    /// The browser part of the code flow; its response is the final redirect or the refusing page.
    Authorize {
        /// Server asked.
        at: ServerRole,
        /// Client asking.
        client: ClientRole,
        /// User that signs in; `None` leaves the page unfilled.
        user: Option<UserRole>,
        /// Wrong password on purpose.
        password: Option<Template>,
        /// Query parameters as written, defaults not yet applied.
        params: Params,
        /// Which browser, and what the user does there besides signing in.
        browsing: Browsing,
    },
    /// A browser is sent to an address.
    Visit {
        /// Where.
        url: Template,
        /// Which browser; a fresh one when left out.
        browser: Option<String>,
    },
    /// A request at a token endpoint: code, exchange, redeem, refresh and the rest differ in parameters only.
    Token {
        /// Which of the written step kinds it is.
        kind: TokenStep,
        /// Server asked.
        at: ServerRole,
        /// Client asking.
        client: ClientRole,
        /// How the client authenticates.
        client_auth: ClientAuth,
        /// Form parameters as written, `grant_type` and defaults included, in order.
        params: Params,
    },
    /// POST to the revocation or introspection endpoint.
    Manage {
        /// Which.
        endpoint: ManageEndpoint,
        /// Server asked.
        at: ServerRole,
        /// Client asking.
        client: ClientRole,
        /// How the client authenticates.
        client_auth: ClientAuth,
        /// Form parameters in order.
        params: Params,
    },
    /// GET userinfo.
    UserInfo {
        /// Server asked.
        at: ServerRole,
        /// Bearer token.
        access_token: Template,
    },
    /// A browser at the third party's consent page.
    Consent {
        /// `interaction_uri`.
        at: Template,
        /// User at the browser (the mock knows it from the URI; a real page asks).
        user: Option<UserRole>,
        /// Allow, or deny.
        allow: bool,
    },
    /// A call of a protected resource.
    Call {
        /// Address.
        url: Template,
        /// HTTP method.
        method: String,
        /// Credential presented.
        credential: Credential,
        /// Query parameters.
        query: Params,
    },
    /// A command of the test control.
    Control(ControlCommand),
    /// Test control signs a JWT again, changed or not; its response has it as `jwt`.
    Sign {
        /// Whose key.
        by: ServerRole,
        /// The JWT it is made of.
        token: Template,
        /// Whether the token need not be a JWT; then there is nothing to sign.
        may_be_opaque: bool,
        /// Members of the header.
        header: Vec<(String, ClaimChange)>,
        /// Claims.
        claims: Vec<(String, ClaimChange)>,
    },
    /// Moves the target's clock forward.
    AdvanceClock(Duration),
    /// Anything else.
    Http {
        /// HTTP method.
        method: String,
        /// Address.
        url: Template,
        /// Header fields.
        headers: Params,
        /// Raw body.
        body: Option<Template>,
        /// Form body.
        form: Option<Params>,
    },
}

/// What happens in a browser besides signing in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Browsing {
    /// A browser that keeps its cookies from step to step of a case; a fresh one when left out.
    pub browser: Option<String>,
    /// What the user answers when asked for consent: allow, or deny.
    pub allow: Option<bool>,
    /// Whether the user leaves once the sign-in page was answered: the redirect is not followed.
    pub leaves: bool,
}

/// Named templates in written order.
pub type Params = Vec<(String, Template)>;

/// The written kinds of token request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenStep {
    /// `redeem_code`: `authorization_code`.
    RedeemCode,
    /// `exchange`: token exchange.
    Exchange,
    /// `redeem`: jwt-bearer.
    Redeem,
    /// `refresh`: `refresh_token`.
    Refresh,
    /// `token`: whatever `extra` says.
    Token,
}

/// The two endpoints that manage an issued token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManageEndpoint {
    /// RFC 7009.
    Revoke,
    /// RFC 7662.
    Introspect,
}

/// Which discovery document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetadataDocument {
    /// `{issuer}/.well-known/openid-configuration`.
    OpenIdConfiguration,
    /// RFC 8414 §3.1: the well-known part inserted before the issuer's path.
    OauthAuthorizationServer,
    /// The older place: appended to the issuer.
    OauthAuthorizationServerAppended,
}

/// What a protected resource is shown.
#[derive(Debug, Clone)]
pub enum Credential {
    /// Nothing.
    None,
    /// `Authorization: Bearer`.
    Bearer(Template),
    /// A header field of its own, such as `X-Api-Key`.
    Header(String, Template),
    /// HTTP Basic.
    Basic {
        /// User name.
        username: Template,
        /// Password.
        password: Template,
    },
}

/// Test control, in the roles of the scenario.
#[derive(Debug, Clone)]
pub enum ControlCommand {
    /// The user can no longer act.
    SuspendUser(UserRole),
    /// Undoes it.
    RestoreUser(UserRole),
    /// The agent can no longer act.
    DeactivateAgent(ClientRole),
    /// Undoes it.
    ActivateAgent(ClientRole),
    /// One resource connection of an agent.
    DeactivateConnection(ClientRole, Template),
    /// Undoes it.
    ActivateConnection(ClientRole, Template),
    /// As if the user had consented at the third party.
    GrantConsent(UserRole, ClientRole, Template),
    /// As if the user had refused.
    RefuseConsent(UserRole, ClientRole, Template),
    /// The third party's grant is gone.
    WithdrawConsent(UserRole, ClientRole, Template),
    /// A new signing key.
    RotateKey(ServerRole),
    /// Members of the org file that are changed; null removes one.
    Configure(Configured, Vec<(String, ValueTemplate)>),
    /// Keys that a client publishes at its `jwks_uri`.
    PublishKeys {
        /// The `jwks_uri`.
        at: Template,
        /// A list of JWKs, right or wrong.
        keys: Option<ValueTemplate>,
        /// The client whose own public key is the first of them.
        of: Option<ClientRole>,
        /// Members that this key has instead of its own.
        with: Vec<(String, ValueTemplate)>,
    },
}

/// What is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Configured {
    /// A client.
    Client(ClientRole),
    /// A custom authorization server, or the org itself.
    Server(ServerRole),
    /// What public sources leave open.
    Behaviours,
}
