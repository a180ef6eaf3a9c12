//! Rules that hold for every answer of a kind, as resolved.

use std::fmt;

use strict_yaml::Place;

use super::{Expectation, Located, SourceFile};
use crate::requirement::RequirementId;

/// What every result of a rule is filed under; the first part of its id.
pub const INVARIANTS: &str = "invariants";

/// The rules of a folder, in the order written.
#[derive(Debug, Clone, Default)]
pub struct Invariants {
    /// All of them.
    pub rules: Vec<Rule>,
    /// Where they are written; `None` where there are none.
    pub source: Option<SourceFile>,
}

impl Invariants {
    /// Where a rule is written, `file:line`.
    #[must_use]
    pub fn place_of(&self, rule: &Rule) -> String {
        format!("{}:{}", self.file(), rule.place.line)
    }

    /// The file; empty where there is none.
    #[must_use]
    pub fn file(&self) -> &str {
        self.source
            .as_ref()
            .map_or("", |source| source.name.as_str())
    }
}

/// What must hold of every answer, or of every token, of a kind.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its own name, unique among rules.
    pub id: String,
    /// One sentence.
    pub title: String,
    /// Prose for `atx show`.
    pub about: Option<String>,
    /// Requirements cited by checks that cite none themselves.
    pub covers: Vec<RequirementId>,
    /// Which answers, or which tokens in them.
    pub applies_to: AppliesTo,
    /// Matchers. Of a rule about tokens they look at `{ "header": …, "claims": … }` as if that were the body.
    pub expect: Vec<Expectation>,
    /// Members that have a type where they are there, by path.
    pub types: Vec<(String, Located<Shape>)>,
    /// Something that no matcher can say.
    pub relation: Option<Located<Relation>>,
    /// Where it is written.
    pub place: Place,
}

impl Rule {
    /// The id of its result.
    #[must_use]
    pub fn result_id(&self) -> String {
        format!("{INVARIANTS}/{}", self.id)
    }

    /// Whether it looks at tokens and not at answers.
    #[must_use]
    pub fn is_about_tokens(&self) -> bool {
        !self.applies_to.tokens.is_empty()
    }

    /// Everything it cites, each once, ordered.
    #[must_use]
    pub fn cited(&self) -> Vec<String> {
        let blocks = self.expect.iter().flat_map(|block| &block.covers);
        let mut ids: Vec<String> = blocks
            .chain(&self.covers)
            .map(RequirementId::to_string)
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }
}

/// Which answers a rule is about. What is empty or `None` leaves it open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppliesTo {
    /// Tokens of these kinds, wherever they are handed out. Empty: the answer itself.
    pub tokens: Vec<TokenKind>,
    /// Endpoints asked.
    pub endpoints: Vec<Endpoint>,
    /// Server asked.
    pub at: Option<At>,
    /// Whether the request was granted.
    pub outcome: Outcome,
    /// Statuses of the answer.
    pub statuses: Vec<u16>,
    /// Grants requested.
    pub grants: Vec<Grant>,
    /// What was asked for.
    pub issued: Vec<Issued>,
    /// Only answers that are known to go back to the sign-in of a user.
    pub signed_in: bool,
}

/// A closed set of words: the enum and how files write it.
macro_rules! words {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$variant_doc])* $variant),+ }

        impl $type {
            /// All, with their words.
            pub const ALL: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];

            /// As files write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// A kind of endpoint.
    Endpoint {
        /// Token endpoint.
        Token = "token",
        /// Introspection endpoint.
        Introspect = "introspect",
        /// Revocation endpoint.
        Revoke = "revoke",
        /// `UserInfo` endpoint.
        UserInfo = "userinfo",
        /// Authorization endpoint, and the addresses that a browser is led through until it is back at the client.
        Authorize = "authorize",
        /// A posted sign-in or consent form.
        SignIn = "sign-in",
        /// Metadata of an authorization server.
        Metadata = "metadata",
        /// Published keys.
        Keys = "keys",
        /// Metadata of a protected resource.
        ResourceMetadata = "resource-metadata",
        /// A protected resource, or the third party's.
        Api = "api",
    }
}
words! {
    /// A server, by what it is.
    At {
        /// The org authorization server.
        Org = "org",
        /// A custom authorization server.
        Custom = "custom",
    }
}
words! {
    /// Whether a request was granted.
    #[derive(Default)]
    Outcome {
        /// Whatever the answer is.
        #[default]
        Any = "any",
        /// It was granted.
        Success = "success",
        /// It was refused by the endpoint: not by a proxy, not for its HTTP method, not because the server failed.
        Refusal = "refusal",
    }
}

words! {
    /// The grant that a token request names.
    Grant {
        /// `authorization_code`.
        Code = "code",
        /// `refresh_token`.
        Refresh = "refresh",
        /// Token exchange.
        Exchange = "exchange",
        /// `jwt-bearer`.
        Redeem = "redeem",
        /// `client_credentials`.
        ClientCredentials = "client_credentials",
    }
}
words! {
    /// What a token request asks for.
    Issued {
        /// An ID-JAG.
        IdJag = "id-jag",
        /// A vaulted secret.
        Secret = "secret",
        /// A service account.
        ServiceAccount = "service-account",
        /// A third party's token.
        Brokered = "brokered",
        /// An access token of the server itself.
        AccessToken = "access-token",
    }
}
words! {
    /// A kind of JWT.
    TokenKind {
        /// ID token.
        IdToken = "id_token",
        /// ID-JAG.
        IdJag = "id_jag",
        /// Access token; one that is not a JWT is not looked at.
        AccessToken = "access_token",
    }
}

impl TokenKind {
    /// The member of a token response that holds it (an ID-JAG too: RFC 8693 §2.2.1).
    #[must_use]
    pub const fn member(self) -> &'static str {
        match self {
            Self::IdToken => "id_token",
            Self::IdJag | Self::AccessToken => "access_token",
        }
    }
}

words! {
    /// The type of a member.
    Shape {
        /// Text.
        String = "string",
        /// A number without a fraction.
        Integer = "integer",
        /// A number.
        Number = "number",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A list of anything.
        Array = "array",
        /// A map.
        Object = "object",
        /// A list of strings.
        Strings = "strings",
        /// A string, or a list of strings.
        StringOrStrings = "string-or-strings",
        /// A list of objects.
        Objects = "objects",
        /// An absolute URL.
        Url = "url",
    }
}
words! {
    /// What a rule demands that no matcher can say. docs/scenarios.md describes each.
    Relation {
        /// The body is a JSON object.
        JsonObject = "json-object",
        /// `error` and `error_description` consist of the characters that RFC 6749 allows.
        ErrorCharset = "error-charset",
        /// The challenges in `WWW-Authenticate` can be parsed.
        ChallengeSyntax = "challenge-syntax",
        /// The `scope` of an answer is the scope of the token in it.
        ScopeAgrees = "scope-agrees",
        /// Introspection says of a JWT what the JWT says.
        IntrospectionAgrees = "introspection-agrees",
        /// A claim that names a person names the one who signed in, and none of the others that the target describes.
        NobodyElse = "nobody-else",
        /// What is said of one person is the same everywhere.
        OneProfile = "one-profile",
        /// `auth_time` is when the user signed in.
        AuthTime = "auth-time",
        /// `at_hash` is the half hash of the access token beside the ID token.
        AtHash = "at-hash",
        /// `exp` lies `expires_in` seconds after `iat`.
        LifetimeAsSaid = "lifetime-as-said",
        /// No two tokens of an issuer have the same `jti`.
        DistinctJti = "distinct-jti",
        /// The metadata documents of one issuer do not contradict each other.
        DocumentsAgree = "documents-agree",
        /// Every endpoint is at the origin of the issuer.
        IssuerOrigin = "issuer-origin",
        /// Members that are lists have something in them.
        NoEmptyLists = "no-empty-lists",
        /// What OpenID Connect Discovery requires is there.
        OpenIdMembers = "openid-members",
        /// No published key has private or symmetric parts.
        NoPrivateKeys = "no-private-keys",
        /// No two published keys have the same `kid`.
        DistinctKids = "distinct-kids",
        /// RSA keys are long enough, EC keys are on the curve of their algorithm.
        KeySizes = "key-sizes",
    }
}
