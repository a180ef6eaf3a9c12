//! What a case changes in a request, as resolved.

use super::{
    ClientAuth, ClientRole, Credential, EmbeddedKey, JwtText, Params, ServerRole, Template,
    ValueTemplate,
};

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
    /// The name of the authentication scheme as it is spelt in the Authorization header.
    pub scheme: Option<String>,
    /// Another address (call, http).
    pub url: Option<Template>,
    /// Another credential (call).
    pub credential: Option<Credential>,
    /// The bearer token is changed as a JWT (call).
    pub bearer_jwt: Option<JwtMutation>,
    /// How often it is sent.
    pub sending: Sending,
    /// Parameter by parameter, in written order.
    pub params: Vec<(String, Mutation)>,
}

impl Change {
    /// Whether the request is the step's own: the case differs in the steps before it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self {
            client,
            client_auth,
            at,
            method,
            encoding,
            headers,
            scheme,
            url,
            credential,
            bearer_jwt,
            sending,
            params,
        } = self;
        client.is_none()
            && client_auth.is_none()
            && at.is_none()
            && method.is_none()
            && encoding.is_none()
            && headers.is_empty()
            && scheme.is_none()
            && url.is_none()
            && credential.is_none()
            && bearer_jwt.is_none()
            && *sending == Sending::Once
            && params.is_empty()
    }

    /// Every JWT that is changed.
    pub fn jwts(&self) -> impl Iterator<Item = &JwtMutation> {
        let of_params = self
            .params
            .iter()
            .filter_map(|(_, mutation)| match mutation {
                Mutation::Jwt(jwt) => Some(jwt),
                _ => None,
            });
        of_params.chain(&self.bearer_jwt)
    }
}

/// How often a request is sent, and what is judged of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sending {
    /// Once.
    #[default]
    Once,
    /// The same bytes so many times, one after the other; the last answer is judged.
    Repeated(usize),
    /// So many times at once. One must win: its answer is judged as the twin's, the others' as the case says.
    Raced {
        /// How many.
        times: usize,
        /// The same bytes each time; otherwise each with a client assertion of its own.
        identical: bool,
    },
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
    /// Sent in the query as well as in the body.
    QueryToo,
    /// Something added at the end.
    Append(Template),
    /// A byte at the end that is no UTF-8.
    NotUtf8,
    /// The JWT it holds is changed.
    Jwt(JwtMutation),
}

/// How a JWT is changed.
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
    /// The public key of whoever signs, put into the header.
    pub embed: Option<EmbeddedKey>,
    /// What becomes of the signature afterwards.
    pub signature: Option<SignatureChange>,
    /// What is changed about its text.
    pub text: JwtText,
    /// It becomes the payload of another JWT, which has the header of the original and which this one signs.
    pub nested_in: Option<SignWith>,
}

impl JwtMutation {
    /// Everyone who signs something of it.
    pub fn signers(&self) -> impl Iterator<Item = SignWith> {
        self.sign_with.into_iter().chain(self.nested_in)
    }

    /// Whether nothing but the algorithm changes: whoever signed it signs it again.
    pub fn changes_algorithm_only(&self) -> bool {
        let signs_again = matches!(self.sign_with, None | Some(SignWith::Server(_)));
        signs_again
            && self.alg.is_some()
            && self.header.is_empty()
            && self.claims.is_empty()
            && self.embed.is_none()
            && self.signature.is_none()
            && self.nested_in.is_none()
            && !self.text.changes_signing_input()
            && self.text.filled.is_empty()
            && !self.text.five_parts
    }
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
    /// The same in quotation marks: a string, not a number.
    InText(i64),
    /// The same and half a second more (RFC 7519 §2 lets a `NumericDate` have a fraction).
    InFraction(i64),
}

/// Who signs a changed JWT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignWith {
    /// The old signature stays, fitting or not.
    Keep,
    /// The registered key of a client.
    Client(ClientRole),
    /// The key of an authorization server, which only test control has.
    Server(ServerRole),
    /// A key that nobody registered, under the same `kid`.
    UnknownKey,
    /// An RSA key of 1024 bits, which is too short (RFC 7518 §3.3).
    WeakKey,
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
