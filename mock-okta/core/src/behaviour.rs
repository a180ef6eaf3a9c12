//! What public sources leave open: every such point is a switch here, with its question, its default and where
//! the default was read. Nowhere else does the mock guess.
//!
//! An [`Edition`] bundles defaults: the guide of 2025-10 and the one of 2026-10 differ in more than one point.

use std::fmt;

/// The revision of Okta's guide that the org follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Edition {
    /// A linked web app signs the user in and hands over the ID token; `private_key_jwt` only; `scope` in the
    /// first response.
    E2025_10,
    /// The agent is the client.
    #[default]
    E2026_10,
}

impl Edition {
    /// All, oldest first.
    pub const ALL: [Self; 2] = [Self::E2025_10, Self::E2026_10];

    /// As on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::E2025_10 => "2025-10",
            Self::E2026_10 => "2026-10",
        }
    }

    /// Reads what a user wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|edition| edition.as_str() == text)
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One open point, as printed by `mock-okta behaviours`.
#[derive(Debug, Clone, Copy)]
pub struct Switch {
    /// Name in the configuration.
    pub name: &'static str,
    /// Numbers in the list of open questions.
    pub questions: &'static str,
    /// What is open.
    pub question: &'static str,
    /// Values that may be chosen.
    pub choices: &'static [&'static str],
    /// Value when nothing is chosen (edition 2026-10).
    pub default: &'static str,
    /// Where the default was read.
    pub source: &'static str,
}

/// A setting that is not one of a switch's choices, or a switch that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BehaviourError {
    /// No such switch.
    #[error("there is no behaviour `{0}`")]
    UnknownSwitch(String),
    /// Not a choice of this switch.
    #[error("behaviour `{name}` cannot be `{value}`: expected one of {}", choices.join(", "))]
    UnknownChoice {
        /// The switch.
        name: &'static str,
        /// What was asked for.
        value: String,
        /// What it can be.
        choices: &'static [&'static str],
    },
}

macro_rules! behaviours {
    ($(
        $(#[$doc:meta])*
        $field:ident: $type:ident { $($(#[$choice_doc:meta])* $variant:ident = $text:literal),+ }
        default $default:ident, questions $questions:literal, source $source:literal;
        $question:literal
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $type { $($(#[$choice_doc])* $variant),+ }
        )+

        /// The position of every switch.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Behaviours {
            /// The edition whose defaults apply.
            pub edition: Edition,
            $($(#[$doc])* pub $field: $type,)+
        }

        impl Behaviours {
            /// Every switch, in the order in which a request meets them.
            pub const SWITCHES: &'static [Switch] = &[$(Switch {
                name: stringify!($field),
                questions: $questions,
                question: $question,
                choices: &[$($text),+],
                default: {
                    const DEFAULT: $type = $type::$default;
                    match DEFAULT { $($type::$variant => $text),+ }
                },
                source: $source,
            }),+];

            const fn plain() -> Self {
                Self { edition: Edition::E2026_10, $($field: $type::$default),+ }
            }

            /// Sets a switch by name.
            ///
            /// # Errors
            /// When there is no such switch or no such choice.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), BehaviourError> {
                match name {
                    $(stringify!($field) => {
                        self.$field = match value {
                            $($text => $type::$variant,)+
                            _ => return Err(BehaviourError::UnknownChoice {
                                name: stringify!($field),
                                value: value.to_owned(),
                                choices: &[$($text),+],
                            }),
                        };
                        Ok(())
                    })+
                    _ => Err(BehaviourError::UnknownSwitch(name.to_owned())),
                }
            }

            /// The position of a switch by name.
            pub fn get(&self, name: &str) -> Option<&'static str> {
                match name {
                    $(stringify!($field) => Some(match self.$field { $($type::$variant => $text),+ }),)+
                    _ => None,
                }
            }
        }
    };
}

behaviours! {
    /// Who signs the user in.
    user_sign_in: UserSignIn {
        /// The agent's own client.
        Agent = "agent",
        /// A web app that is linked with the agent.
        LinkedApp = "linked_app"
    }
    default Agent, questions "3, 4", source "guide, editions 2025-10 and 2026-10";
    "Which client obtains the ID token: the agent's own, or a linked app that hands it over?"

    /// Client authentication that agents may use.
    agent_client_authentication: AgentClientAuthentication {
        /// As configured for the agent.
        Configured = "configured",
        /// `private_key_jwt` whatever is configured.
        PrivateKeyJwt = "private_key_jwt"
    }
    default Configured, questions "26", source "guide, editions 2025-10 and 2026-10";
    "Which client authentication methods may an agent use?"

    /// What a client assertion's `aud` may be.
    client_assertion_audience: ClientAssertionAudience {
        /// The URL of the endpoint called, nothing else.
        Endpoint = "endpoint",
        /// The issuer as well.
        EndpointOrIssuer = "endpoint_or_issuer"
    }
    default Endpoint, questions "24", source "refusal text of real orgs";
    "May `aud` of a client assertion be the issuer instead of the endpoint's URL?"

    /// Whether a client assertion needs a `jti`.
    client_assertion_jti: ClientAssertionJti {
        /// Used when there.
        Optional = "optional",
        /// Refused without.
        Required = "required"
    }
    default Optional, questions "25", source "client authentication reference";
    "Is `jti` demanded of a client assertion?"

    /// Whether a client assertion must name its key.
    client_assertion_kid: ClientAssertionKid {
        /// Without `kid` every active key is tried.
        Optional = "optional",
        /// Refused without.
        Required = "required"
    }
    default Optional, questions "25", source "RFC 7515 section 4.1.4; the reference says `should`";
    "Is `kid` demanded in the header of a client assertion?"

    /// How long the keys at a client's `jwks_uri` serve before they are fetched again.
    jwks_uri_cache: JwksUriCache {
        /// An hour.
        Hour = "1h",
        /// Not at all.
        None = "0s"
    }
    default Hour, questions "51", source "nothing public; an unknown kid is looked up again after a minute";
    "How long are the keys at a client's `jwks_uri` kept?"

    /// How an unknown `client_id` is answered at OAuth endpoints.
    unknown_client: UnknownClient {
        /// 401 in the Okta API envelope.
        Envelope401 = "envelope_401",
        /// 400 in the Okta API envelope.
        Envelope400 = "envelope_400",
        /// 401 in the OAuth envelope.
        Oauth401 = "oauth_401"
    }
    default Oauth401, questions "27", source "catalogue (401), observations (envelope, 400 and 401)";
    "Which status and envelope answer an unknown client id?"

    /// Clock tolerance for `iat` and `nbf` that lie ahead.
    future_skew: FutureSkew {
        /// None.
        Zero = "0s",
        /// Five seconds.
        Five = "5s",
        /// A minute.
        Sixty = "60s"
    }
    default Five, questions "15", source "nothing public; small, so that two honest clocks agree";
    "How far ahead may `iat` lie?"

    /// How long a code lives.
    code_lifetime: CodeLifetime {
        /// Five minutes.
        Seconds300 = "300s",
        /// One minute.
        Seconds60 = "60s"
    }
    default Seconds300, questions "34", source "PKCE guide (300 s), older reference (60 s)";
    "How long does an authorization code live?"

    /// What reuse of a code does to tokens issued from it.
    code_reuse: CodeReuse {
        /// They are revoked.
        Revokes = "revokes",
        /// They stay.
        Keeps = "keeps"
    }
    default Revokes, questions "35", source "RFC 6749 section 4.1.2 (SHOULD)";
    "Does the reuse of a code revoke what was issued from it?"

    /// Which authorization servers' ID tokens an exchange takes.
    subject_token_issuer: SubjectTokenIssuer {
        /// The org's and the custom ones'.
        OrgOrCustom = "org_or_custom",
        /// The org's only.
        Org = "org"
    }
    default OrgOrCustom, questions "3", source "guide, edition 2026-10";
    "May the ID token of a custom authorization server be a subject token?"

    /// `token_type` of the answer that carries an ID-JAG.
    id_jag_token_type: IdJagTokenType {
        /// As RFC 8693 asks.
        NotApplicable = "N_A",
        /// As one sample shows.
        Bearer = "Bearer"
    }
    default NotApplicable, questions "1", source "RFC 8693 section 2.2.1, live captures";
    "Which `token_type` accompanies an ID-JAG?"

    /// Whether the answer that carries an ID-JAG has a `scope`.
    id_jag_response_scope: IdJagResponseScope {
        /// No.
        Omit = "omit",
        /// Yes.
        Echo = "echo"
    }
    default Omit, questions "2", source "live captures; the guide of 2025-10 shows it";
    "Does the first response carry `scope`?"

    /// The actor chain that Okta writes.
    actor_chain: ActorChain {
        /// The agent, and below it the app that signed the user in when that is another client.
        ByClient = "by_client",
        /// The agent alone.
        AgentOnly = "agent_only",
        /// Nothing.
        None = "none"
    }
    default ByClient, questions "5, 6", source "observations of 2026";
    "Which `act` does an ID-JAG carry?"

    /// What becomes of an `actor_token` in a request.
    actor_token: ActorToken {
        /// It is ignored.
        Ignore = "ignore",
        /// It is refused.
        Refuse = "refuse"
    }
    default Ignore, questions "10", source "no request of the guide has one";
    "Is `actor_token` ignored or refused?"

    /// Which values of `resource` name a connection.
    connection_resource: ConnectionResource {
        /// The ORN or the connection's resource indicator.
        OrnOrIndicator = "orn_or_indicator",
        /// The ORN only, where there is one.
        Orn = "orn"
    }
    default OrnOrIndicator, questions "33", source "both are seen in public samples";
    "Must `resource` be the ORN, or may it be the connection's resource indicator?"

    /// Whether a subject token outlives its user's session and standing.
    subject_token_user: SubjectTokenUser {
        /// A suspended user's token is refused at once.
        Checked = "checked",
        /// Only its signature and times count.
        Unchecked = "unchecked"
    }
    default Checked, questions "11", source "catalogue: invalid_subject_token_user_inactive";
    "Does the suspension of a user end the subject tokens issued before?"

    /// `scope` sent when an ID-JAG is redeemed.
    redeem_scope: RedeemScope {
        /// Refused.
        Refuse = "refuse",
        /// Ignored.
        Ignore = "ignore"
    }
    default Refuse, questions "17", source "catalogue: id_jag_scopes_in_request";
    "Is `scope` refused when an ID-JAG is redeemed?"

    /// How often an ID-JAG may be redeemed.
    id_jag_reuse: IdJagReuse {
        /// Once.
        Single = "single_use",
        /// Until it expires.
        UntilExpiry = "until_expiry"
    }
    default Single, questions "17", source "catalogue: id_jag_replayed; the draft would allow reuse";
    "May a client redeem the same ID-JAG twice?"

    /// Status of a policy miss when an ID-JAG is redeemed.
    policy_denied: PolicyDenied {
        /// 401.
        Status401 = "401",
        /// 403.
        Status403 = "403",
        /// 400.
        Status400 = "400"
    }
    default Status401, questions "22", source "catalogue and observations";
    "Which status answers a policy miss?"

    /// Whether a refresh token changes when it is used.
    refresh_token_rotation: RefreshTokenRotation {
        /// It stays.
        Off = "off",
        /// A new one each time; reuse of the old one revokes the family.
        On = "on"
    }
    default Off, questions "38", source "refresh token guide: both can be set";
    "Do refresh tokens rotate?"

    /// Whether discovery announces what agents use.
    metadata_announces_agents: MetadataAnnouncesAgents {
        /// As captured from a live org: no.
        No = "no",
        /// Token exchange, jwt-bearer and the ID-JAG profile are listed.
        Yes = "yes"
    }
    default No, questions "40", source "live capture of September 2026";
    "Do metadata documents list token exchange, jwt-bearer and the ID-JAG profile?"
}

impl Behaviours {
    /// The defaults of an edition.
    pub const fn of(edition: Edition) -> Self {
        let mut all = Self::plain();
        all.edition = edition;
        if matches!(edition, Edition::E2025_10) {
            all.user_sign_in = UserSignIn::LinkedApp;
            all.agent_client_authentication = AgentClientAuthentication::PrivateKeyJwt;
            all.subject_token_issuer = SubjectTokenIssuer::Org;
            all.id_jag_response_scope = IdJagResponseScope::Echo;
        }
        all
    }

    /// [`FutureSkew`] in seconds.
    pub const fn future_skew_seconds(&self) -> i64 {
        match self.future_skew {
            FutureSkew::Zero => 0,
            FutureSkew::Five => 5,
            FutureSkew::Sixty => 60,
        }
    }

    /// [`JwksUriCache`] in seconds.
    pub const fn jwks_uri_cache_seconds(&self) -> i64 {
        match self.jwks_uri_cache {
            JwksUriCache::Hour => 3600,
            JwksUriCache::None => 0,
        }
    }

    /// [`CodeLifetime`] in seconds.
    pub const fn code_lifetime_seconds(&self) -> i64 {
        match self.code_lifetime {
            CodeLifetime::Seconds300 => 300,
            CodeLifetime::Seconds60 => 60,
        }
    }
}

impl Default for Behaviours {
    fn default() -> Self {
        Self::of(Edition::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_can_be_turned_to_each_of_its_choices() {
        for switch in Behaviours::SWITCHES {
            assert_eq!(
                Behaviours::default().get(switch.name),
                Some(switch.default),
                "{}",
                switch.name
            );
            for choice in switch.choices {
                let mut all = Behaviours::default();
                all.set(switch.name, choice).expect("a listed choice");
                assert_eq!(all.get(switch.name), Some(*choice), "{}", switch.name);
            }
        }
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        let mut all = Behaviours::default();
        assert_eq!(
            all.set("telepathy", "on"),
            Err(BehaviourError::UnknownSwitch("telepathy".to_owned()))
        );
        assert!(matches!(
            all.set("actor_token", "perhaps"),
            Err(BehaviourError::UnknownChoice {
                name: "actor_token",
                ..
            })
        ));
    }

    #[test]
    fn editions_differ_where_the_guides_do() {
        let (old, new) = (
            Behaviours::of(Edition::E2025_10),
            Behaviours::of(Edition::E2026_10),
        );
        assert_eq!(old.user_sign_in, UserSignIn::LinkedApp);
        assert_eq!(new.user_sign_in, UserSignIn::Agent);
        assert_eq!(old.id_jag_response_scope, IdJagResponseScope::Echo);
    }
}
