//! The options of `atx init`: one for each question.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::cli::target_file;
use crate::init::{Reference, Token, TokenKind};
use crate::signing_key::NewKey;

/// Write a target file for an Okta org
///
/// Asks for the org's URL, makes sure that an org answers there, and asks for what else a target file says; each question has
/// an option. With a token for the management API it lists agents, connections, servers and scopes to choose from; without one
/// it says where in the Admin Console each value stands. The file holds no secret, only where secrets are. A new key of the
/// agent is written to a file of its own, and its public half is printed on stdout, to be registered in the Admin Console.
/// Nothing is changed in the org.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::doc_markdown,
    reason = "the help of the command line is plain text"
)]
#[expect(rustdoc::bare_urls, reason = "the same")]
pub(in crate::cli) struct Args {
    /// The org's URL, such as https://acme.okta.com
    #[arg(long, value_name = "URL")]
    pub(super) org: Option<String>,

    /// What reports call the org [default: the first part of its host name]
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,

    /// The certificate of the authority that signed the org's, as PEM, where the system does not trust it
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,

    #[command(flatten)]
    pub(super) token: TokenOptions,

    /// The agent's client ID, such as wlp0123456789abcdefg
    #[arg(long, value_name = "CLIENT_ID")]
    pub(super) agent: Option<String>,

    /// How the agent authenticates [default: `private_key_jwt`]
    #[arg(long, value_enum, value_name = "METHOD")]
    pub(super) auth: Option<Method>,

    /// The agent's private key, as PEM or JWK; with --new-key the file that is written
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,

    /// Make a new key for the agent [default file: agent.pem]
    #[arg(long, value_enum, value_name = "ALG", num_args = 0..=1, default_missing_value = "RS256", require_equals = true)]
    pub(super) new_key: Option<Algorithm>,

    /// `kid` of the agent's key [default: that of the JWK; of a new key its thumbprint]
    #[arg(long, value_name = "KID")]
    pub(super) kid: Option<String>,

    /// The environment variable that holds the agent's client secret
    #[arg(long, value_name = "NAME", conflicts_with = "client_secret_file")]
    pub(super) client_secret_env: Option<String>,

    /// The file that holds the agent's client secret
    #[arg(long, value_name = "FILE")]
    pub(super) client_secret_file: Option<PathBuf>,

    /// The sign-in redirect URI of the agent's app [default: http://localhost:8787/callback]
    #[arg(long, value_name = "URI")]
    pub(super) redirect_uri: Option<String>,

    /// The custom authorization server that the agent is connected with: its id (default, aus…) or issuer, or `none`
    #[arg(long, value_name = "SERVER")]
    pub(super) server: Option<String>,

    /// Scopes that the agent may have there, separated by blanks, or `none`
    #[arg(long, value_name = "SCOPES")]
    pub(super) scope: Option<String>,

    #[command(flatten)]
    pub(super) resources: ResourceOptions,

    /// The login of a test user who is assigned to the agent's app, or `none`
    #[arg(long, value_name = "LOGIN")]
    pub(super) user: Option<String>,

    /// The org is yours and for tests; without this atx only reads there
    #[arg(long)]
    pub(super) for_tests: bool,

    /// The file that is written
    #[arg(long, value_name = "FILE", default_value = target_file::DEFAULT)]
    pub(super) out: PathBuf,

    /// Replace the file if it is there; key files are never replaced
    #[arg(long)]
    pub(super) force: bool,

    /// Ask nothing: take the options, and defaults for the rest
    #[arg(long, short)]
    pub(super) yes: bool,
}

/// A token for the management API, by reference only: a token on the command line would stand in the shell's history.
#[derive(Debug, Clone, clap::Args)]
#[group(multiple = false)]
pub(super) struct TokenOptions {
    /// The environment variable that holds an API token of the org
    #[arg(long, value_name = "NAME")]
    api_token_env: Option<String>,

    /// The file that holds an API token of the org
    #[arg(long, value_name = "FILE")]
    api_token_file: Option<PathBuf>,

    /// The environment variable that holds an OAuth access token with `okta.aiAgents.read` and other scopes for reading
    #[arg(long, value_name = "NAME")]
    oauth_token_env: Option<String>,

    /// The file that holds such an OAuth access token
    #[arg(long, value_name = "FILE")]
    oauth_token_file: Option<PathBuf>,
}

impl TokenOptions {
    /// The token that they name. A path is written as the target file has to name it.
    pub(super) fn named(&self, path: impl Fn(&PathBuf) -> String) -> Option<Token> {
        let env = |name: &String| Reference::Env(name.clone());
        let file = |given: &PathBuf| Reference::File(path(given));
        let api = (self.api_token_env.as_ref().map(env))
            .or_else(|| self.api_token_file.as_ref().map(file));
        let oauth = (self.oauth_token_env.as_ref().map(env))
            .or_else(|| self.oauth_token_file.as_ref().map(file));
        let token = |kind| move |reference| Token { kind, reference };
        api.map(token(TokenKind::Api))
            .or_else(|| oauth.map(token(TokenKind::OAuth)))
    }
}

/// What the agent is connected with, authorization servers apart.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ResourceOptions {
    /// The ORN or resource indicator of a vaulted secret that the agent is connected with, or `none`
    #[arg(long, value_name = "ORN")]
    pub(super) secret: Option<String>,

    /// That of a service account, or `none`
    #[arg(long, value_name = "ORN")]
    pub(super) service_account: Option<String>,

    /// The resource indicator of a third party that the agent is connected with, or `none`
    #[arg(long, value_name = "URI")]
    pub(super) resource_server: Option<String>,
}

/// How the agent authenticates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Method {
    /// A signed assertion
    #[value(name = "private_key_jwt")]
    Key,
    /// A secret in the Authorization header
    #[value(name = "client_secret_basic")]
    Basic,
    /// A secret in the body
    #[value(name = "client_secret_post")]
    Post,
    /// The client ID alone
    #[value(name = "none")]
    None,
}

impl Method {
    /// With what the Admin Console calls it (okta.md (g)).
    pub(super) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Key, "private_key_jwt", "Public key / Private key"),
        (
            Self::Post,
            "client_secret_post",
            "Client secret, in the body",
        ),
        (
            Self::Basic,
            "client_secret_basic",
            "Client secret, in the Authorization header",
        ),
        (Self::None, "none", "Client ID only"),
    ];

    /// As it is written.
    pub(super) fn as_str(self) -> &'static str {
        let all = Self::ALL.iter();
        let mut all = all.filter(|(method, _, _)| *method == self);
        all.next().map_or("", |(_, name, _)| name)
    }
}

/// What a new key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Algorithm {
    /// RSA of 2048 bits
    #[value(name = "RS256")]
    Rs256,
    /// EC on P-256
    #[value(name = "ES256")]
    Es256,
}

impl From<Algorithm> for NewKey {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Rs256 => Self::Rs256,
            Algorithm::Es256 => Self::Es256,
        }
    }
}
