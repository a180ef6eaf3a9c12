//! The resolved scenario: what the files say, with every name checked. No I/O, no places lost.
//!
//! Written (`document`) → **resolved (here)** → planned → sent → recorded are separate types.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use strict_yaml::Place;

use crate::requirement::RequirementId;

/// The file a scenario was read from, kept for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path as the user gave it, or the path inside the binary.
    pub name: String,
    /// Whole text, so that a message can show the line.
    pub text: Arc<str>,
}

/// One base flow and its variations.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Stable id; also the path of its file without `.yaml`.
    pub id: String,
    /// One sentence.
    pub title: String,
    /// Prose for `atx show`.
    pub about: Option<String>,
    /// The guide's resource type this belongs to.
    pub resource_type: ResourceType,
    /// Requirements cited by expectations that name none themselves.
    pub covers: Vec<RequirementId>,
    /// Capabilities the target must have, explicit and derived from the base steps.
    pub needs: BTreeSet<Capability>,
    /// Editions it belongs to; empty means all.
    pub editions: Vec<Edition>,
    /// Runs alone, on a reset target, because it changes what others would see.
    pub exclusive: bool,
    /// The positive twin.
    pub steps: Vec<Step>,
    /// Variations of one step each.
    pub cases: Vec<Case>,
    /// Where it was written.
    pub source: SourceFile,
}

/// A variation of one step of the base flow, with a result of its own.
#[derive(Debug, Clone)]
pub struct Case {
    /// Stable id within the scenario.
    pub id: String,
    /// One sentence.
    pub title: String,
    /// Requirements this case cites (the scenario's when it names none).
    pub covers: Vec<RequirementId>,
    /// Needs of the case beyond the scenario's, derived ones included.
    pub needs: BTreeSet<Capability>,
    /// Editions it belongs to; empty means the scenario's.
    pub editions: Vec<Edition>,
    /// See [`Scenario::exclusive`].
    pub exclusive: bool,
    /// Index into [`Scenario::steps`] of the step that is varied.
    pub at: usize,
    /// Steps inserted before the varied one.
    pub before: Vec<Step>,
    /// What is changed in the request.
    pub change: Change,
    /// What must come back.
    pub expect: Vec<Expectation>,
    /// Values kept for `then`.
    pub save: Vec<Save>,
    /// Steps after the varied one.
    pub then: Vec<Step>,
    /// The rest of the base flow runs as well, its expectations included.
    pub continue_flow: bool,
    /// Where the case is written.
    pub place: Place,
}

/// The guide's four resource types, and what belongs to none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceType {
    /// ID token → ID-JAG → access token of a custom authorization server.
    AuthorizationServer,
    /// ID token → vaulted secret.
    Secret,
    /// ID token → service account.
    ServiceAccount,
    /// ID token → third party's token, brokered with consent (OAuth STS).
    ResourceServer,
    /// Sign-in, metadata, client authentication.
    None,
}

impl ResourceType {
    /// All, in the order of the guide.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::AuthorizationServer,
        Self::Secret,
        Self::ServiceAccount,
        Self::ResourceServer,
    ];

    /// As written in scenario files and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationServer => "authorization-server",
            Self::Secret => "secret",
            Self::ServiceAccount => "service-account",
            Self::ResourceServer => "resource-server",
            Self::None => "none",
        }
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The revision of Okta's guide that is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// A linked web app signs the user in and hands over the ID token.
    E2025_10,
    /// The agent is the client.
    E2026_10,
}

impl Edition {
    /// Oldest first.
    pub const ALL: [Self; 2] = [Self::E2025_10, Self::E2026_10];

    /// As written on the command line and in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::E2025_10 => "2025-10",
            Self::E2026_10 => "2026-10",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a target can do or knows. A target that lacks one gives *skipped* with a reason and a cure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// Can obtain an ID token of a user.
    UserSignIn,
    /// The authorize endpoint and sign-in page can be driven.
    SignInPage,
    /// Test control (`/_mock/`).
    Control,
    /// The clock can be moved.
    Clock,
    /// The third-party consent page can be driven.
    ConsentPage,
    /// The target describes this value, e.g. `secret.resource` or `other_agent.client_id`.
    Knows(String),
}

impl Capability {
    /// Those that may be written under `needs`.
    pub const NAMED: [(&'static str, Self); 5] = [
        ("user-sign-in", Self::UserSignIn),
        ("sign-in-page", Self::SignInPage),
        ("control", Self::Control),
        ("clock", Self::Clock),
        ("consent-page", Self::ConsentPage),
    ];
}

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

/// An authorization server by its part in the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServerRole {
    /// The org authorization server.
    Org,
    /// The custom authorization server the agent is connected to.
    CustomAs,
    /// A second one the agent is connected to.
    OtherCustomAs,
    /// One whose connection is inactive.
    DormantCustomAs,
    /// One the agent is not connected to.
    UnconnectedCustomAs,
}

/// A client by its part in the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClientRole {
    /// The AI agent.
    Agent,
    /// Another active AI agent.
    OtherAgent,
    /// An agent that was deactivated.
    InactiveAgent,
    /// The confidential web app linked with the agent.
    WebApp,
    /// A public app.
    PublicApp,
    /// Whoever signs the user in: the agent since 2026, its linked web app before.
    UserClient,
}

/// A user by its part in the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserRole {
    /// Entitled to everything.
    Ada,
    /// Entitled to less.
    Grace,
    /// Suspended.
    Mallory,
}

macro_rules! roles {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// All, with the names used in files.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($name, Self::$variant)),+];

            /// As written in files and templates.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

roles!(ServerRole {
    Org = "org",
    CustomAs = "custom_as",
    OtherCustomAs = "other_custom_as",
    DormantCustomAs = "dormant_custom_as",
    UnconnectedCustomAs = "unconnected_custom_as",
});
roles!(ClientRole {
    Agent = "agent",
    OtherAgent = "other_agent",
    InactiveAgent = "inactive_agent",
    WebApp = "web_app",
    PublicApp = "public_app",
    UserClient = "user_client",
});
roles!(UserRole { Ada = "ada", Grace = "grace", Mallory = "mallory" });

/// How a client authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuth {
    /// As the target registers the client.
    Registered,
    /// `client_id` alone.
    None,
    /// RFC 6749 §2.3.1, header.
    ClientSecretBasic,
    /// RFC 6749 §2.3.1, body.
    ClientSecretPost,
    /// RFC 7523 §2.2.
    PrivateKeyJwt,
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
}

/// What a case changes in the request of its step.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Another client, with its own credential.
    pub client: Option<ClientRole>,
    /// Another way to authenticate.
    pub client_auth: Option<ClientAuth>,
    /// Another server's endpoint of the same kind.
    pub at: Option<ServerRole>,
    /// Another HTTP method.
    pub method: Option<String>,
    /// Another encoding of the body.
    pub encoding: Option<Encoding>,
    /// Further header fields.
    pub headers: Params,
    /// Another address (call, http).
    pub url: Option<Template>,
    /// Another credential (call).
    pub credential: Option<Credential>,
    /// Parameter by parameter, in written order.
    pub params: Vec<(String, Mutation)>,
}

/// How the parameters are carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `application/json`.
    Json,
    /// `multipart/form-data`.
    Multipart,
    /// All in the query, with an empty form body.
    Query,
}

/// One parameter's change.
#[derive(Debug, Clone)]
pub enum Mutation {
    /// Another value.
    Set(Template),
    /// Left out.
    Drop,
    /// Sent without a value.
    Empty,
    /// Sent twice: the same value, or a second one.
    Double(Option<Template>),
    /// Lengthened to this many bytes.
    Lengthen(usize),
    /// Moved from the body to the query.
    Query,
    /// Something added at the end.
    Append(Template),
    /// The JWT it holds is bent.
    Jwt(JwtMutation),
}

/// How a JWT is bent.
#[derive(Debug, Clone, Default)]
pub struct JwtMutation {
    /// Header members.
    pub header: Vec<(String, ClaimChange)>,
    /// Claims.
    pub claims: Vec<(String, ClaimChange)>,
    /// Who signs; `None` is the default of the language.
    pub sign_with: Option<SignWith>,
    /// `alg`, in the header and for signing.
    pub alg: Option<String>,
    /// What becomes of the signature afterwards.
    pub signature: Option<SignatureChange>,
}

/// A new value for a header member or claim.
#[derive(Debug, Clone)]
pub enum ClaimChange {
    /// This value.
    Set(ValueTemplate),
    /// Left out.
    Drop,
    /// The target's now plus so many seconds, as `NumericDate`.
    In(i64),
}

/// Who signs a bent JWT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignWith {
    /// The old signature stays, fitting or not.
    Keep,
    /// The registered key of a client.
    Client(ClientRole),
    /// A key that nobody registered, under the same `kid`.
    Stranger,
    /// HS256 keyed with the public key that would verify it.
    HmacPublicKey,
    /// Nobody: the signature is empty.
    Nothing,
}

/// What becomes of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureChange {
    /// The third part and its dot go.
    Drop,
    /// One bit is turned.
    Flip,
    /// The third part is empty.
    Empty,
    /// The third part is not base64url.
    Garbage,
}

/// One block of expectations.
#[derive(Debug, Clone, Default)]
pub struct Expectation {
    /// Requirements cited; never empty after resolution.
    pub covers: Vec<RequirementId>,
    /// Status code.
    pub status: Option<Located<Matcher>>,
    /// Header fields, names in lower case.
    pub headers: Vec<(String, Located<Matcher>)>,
    /// Members of the JSON body by path.
    pub body: Vec<(String, Located<Matcher>)>,
    /// JWTs found in the body.
    pub jwt: Vec<JwtExpectation>,
    /// Redirect.
    pub redirect: Option<RedirectExpectation>,
    /// Internal codes, any of; compared only where the target shows them.
    pub code: Option<Located<Vec<String>>>,
    /// The raw body.
    pub text: Option<Located<Matcher>>,
    /// An HTML page.
    pub page: Option<Located<Matcher>>,
}

/// Something with the place where it is written.
pub use strict_yaml::Spanned as Located;

/// What a JWT must be.
#[derive(Debug, Clone)]
pub struct JwtExpectation {
    /// Path of the token, `body.` included, e.g. `body.access_token`.
    pub at: String,
    /// Whose published keys must verify it; `None` leaves the signature unjudged.
    pub signed_by: Option<ServerRole>,
    /// Header members.
    pub header: Vec<(String, Located<Matcher>)>,
    /// Claims by path.
    pub claims: Vec<(String, Located<Matcher>)>,
    /// Where it is written.
    pub place: Place,
}

/// What a redirect must be.
#[derive(Debug, Clone)]
pub struct RedirectExpectation {
    /// Address without query.
    pub to: Option<Located<Matcher>>,
    /// Query parameters.
    pub query: Vec<(String, Located<Matcher>)>,
    /// Where it is written.
    pub place: Place,
}

/// A pure predicate over one value.
#[derive(Debug, Clone)]
pub enum Matcher {
    /// Equality.
    Equals(ValueTemplate),
    /// One of several values.
    OneOf(Vec<ValueTemplate>),
    /// The opposite.
    Not(Box<Matcher>),
    /// Substring of a string, or element of a list.
    Contains(Template),
    /// Prefix.
    StartsWith(Template),
    /// Suffix.
    EndsWith(Template),
    /// Regular expression, checked when read.
    Matches(String),
    /// Number not below.
    AtLeast(f64),
    /// Number not above.
    AtMost(f64),
    /// Distance in seconds from a sibling member, or from the target's now.
    Within {
        /// Largest distance.
        seconds: u64,
        /// Sibling path, or `now`.
        of: String,
    },
    /// JSON type.
    Type(JsonType),
    /// There, whatever it is.
    Present,
    /// Not there.
    Absent,
    /// Set of scopes, as a space-delimited string or a list.
    Scopes(Template),
    /// A list or space-delimited string that has all of these.
    Includes(Vec<Template>),
    /// String or list not shorter.
    LengthAtLeast(usize),
    /// Anything but this value.
    DiffersFrom(Template),
    /// All must hold.
    All(Vec<Matcher>),
}

/// JSON types as matchers name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// "text"
    String,
    /// 1
    Integer,
    /// 1.5
    Number,
    /// true
    Boolean,
    /// []
    Array,
    /// {}
    Object,
}

/// A value kept for later steps.
#[derive(Debug, Clone)]
pub struct Save {
    /// Variable name.
    pub name: String,
    /// Where it comes from.
    pub from: SaveSource,
    /// Where it is written.
    pub place: Place,
}

/// Where a saved value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveSource {
    /// Path in the JSON body, without `body.`.
    Body(String),
    /// Header field, its name in lower case.
    Header(String),
    /// Query parameter of the `Location`.
    Query(String),
    /// Claim of a JWT in the body.
    Claim {
        /// Path of the token in the JSON body, without `body.`.
        token: String,
        /// Path of the claim.
        claim: String,
    },
    /// Status code.
    Status,
}

/// Text with `${…}` references.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// In order.
    pub parts: Vec<TemplatePart>,
    /// Where it is written.
    pub place: Place,
}

/// A piece of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePart {
    /// As it stands.
    Literal(String),
    /// A dotted reference, e.g. `custom_as.issuer`.
    Reference(String),
}

/// JSON with templates in its strings.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueTemplate {
    /// null
    Null,
    /// true or false
    Bool(bool),
    /// Whole number.
    Int(i64),
    /// Other number.
    Float(f64),
    /// Text.
    Text(Template),
    /// List.
    List(Vec<ValueTemplate>),
    /// Object in written order.
    Object(Vec<(String, ValueTemplate)>),
}
