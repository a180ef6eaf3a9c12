//! `atx sign-in`: a person signs in at a browser, and the tokens go into the cache of a target file.

mod cached;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use tokio::runtime::Runtime;

use super::run::{NEWEST, deadline};
use super::{Exit, Trouble, load, style, target_file};
use crate::presentation::person;
use crate::scenario::model::{ClientRole, Edition, UserRole};
use crate::sign_in::{Asked, Asking, Notice, Pasted, SignInError, by_person};
use crate::targets::{DEFAULT_SCOPE, Deployment, SignInWay, Target};
use crate::token_cache::{self, CacheError, TokenCache};

/// Sign a user in at a browser and keep the tokens for runs
///
/// Runs the code flow (PKCE, state, nonce) as the client of the target file that signs users in, validates the tokens and
/// stores them in a file that only you can read. A target file uses them with `sign_in: { with: cache }`, or with
/// `{ with: browser }`, which asks a person once they have expired. See docs/sign-in.md.
#[derive(Debug, Clone, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
pub(super) struct Args {
    /// The target file [default: the file that `ATX_TARGET` names, else atx.yaml in this folder]
    #[arg(long, value_name = "FILE")]
    target: Option<PathBuf>,

    /// Who signs in, by the role in the target file
    #[arg(long, value_parser = user_parser(), value_name = "USER", default_value = "ada")]
    user: UserRole,

    /// What is asked for; with `offline_access` the tokens can be refreshed for weeks, where the org allows it
    #[arg(long, value_name = "SCOPES", default_value = DEFAULT_SCOPE)]
    scope: String,

    /// Edition of Okta's guide, which says which client signs users in [default: the target's, or the newest]
    #[arg(long, value_parser = load::edition_parser(), value_name = "EDITION")]
    edition: Option<Edition>,

    /// Show the link, and open no browser
    #[arg(long)]
    no_browser: bool,

    /// How long to wait for the person, such as 90s or 10m
    #[arg(long, value_parser = deadline::read, value_name = "TIME", default_value = "5m")]
    timeout: Duration,

    /// Show what the cache holds, and sign nobody in
    #[arg(long, conflicts_with_all = ["forget", "no_browser"])]
    status: bool,

    /// Remove the user's tokens of this org from the cache
    #[arg(long, conflicts_with = "no_browser")]
    forget: bool,

    /// With --forget: revoke the refresh token as well, or else the access token
    #[arg(long, requires = "forget")]
    revoke: bool,
}

fn user_parser() -> impl TypedValueParser<Value = UserRole> {
    PossibleValuesParser::new(UserRole::ALL.iter().map(|(name, _)| *name)).map(|name| {
        // The parser has admitted these names only.
        let mut users = UserRole::ALL.iter();
        let found = users.find(|(word, _)| *word == name);
        found.map_or(UserRole::Ada, |(_, role)| *role)
    })
}

pub(super) fn run(args: &Args) -> Result<Exit, Trouble> {
    let file = target_file::required(args.target.as_deref())?;
    let file = file.as_path();
    let deployment = load::target(file)?;
    let edition = args.edition.or(deployment.edition).unwrap_or(NEWEST);
    let cache = cache_of(&deployment, file);
    if args.status {
        return cached::status(&cache);
    }
    let way = deployment.sign_in.as_ref().map(SignInWay::as_str);
    let target = Target::new(deployment)?;
    let runtime = Runtime::new().map_err(Trouble::Runtime)?;
    let asked = Asked {
        target: &target,
        edition,
        user: args.user,
        scope: &args.scope,
    };
    if args.forget {
        return runtime.block_on(cached::forget(&asked, &cache, args.revoke));
    }
    // A cache that nobody may use shall not cost a person a sign-in.
    match TokenCache::read(&cache) {
        Ok(_) | Err(CacheError::Missing(_)) => {}
        Err(error) => return Err(Trouble::SignIn(error.into())),
    }
    TokenCache::can_keep(&cache).map_err(|error| Trouble::SignIn(error.into()))?;
    let asking = Asking {
        opens_browser: !args.no_browser,
        within: args.timeout,
        timeout_option: "--timeout",
        pasted: Some(Pasted::from_stdin()),
    };
    let show = |notice| {
        style::to_stderr(&match notice {
            Notice::Request(request) => format!("{}\n", person::request(&request)),
            Notice::NotTheAnswer => format!("{}\n", person::NOT_THE_ANSWER),
        });
    };
    let signed_in = runtime.block_on(async {
        tokio::select! {
            signed_in = by_person(&asked, &asking, &show) => signed_in,
            _ = tokio::signal::ctrl_c() => Err(SignInError::Cancelled),
        }
    });
    let sign_in = signed_in.map_err(Trouble::SignIn)?.sign_in;
    TokenCache::keep(&cache, sign_in.clone()).map_err(|error| Trouble::SignIn(error.into()))?;
    style::to_stderr(&format!(
        "signed in; the tokens are in {}\n",
        cache.display()
    ));
    style::print(&cached::describe(&sign_in, target.now()))?;
    if sign_in.refresh_token.is_none() {
        style::to_stderr(
            "hint: with --scope \"openid profile email offline_access\" the tokens can be refreshed, where the org allows it\n",
        );
    }
    if !matches!(way, Some("cache" | "browser")) {
        style::to_stderr(
            "hint: a run uses them with `sign_in: { with: cache }` in the target file\n",
        );
    }
    Ok(Exit::Fine)
}

/// The cache that the target file names, or the one that belongs to it.
fn cache_of(deployment: &Deployment, file: &Path) -> PathBuf {
    let stored = deployment.sign_in.as_ref().and_then(SignInWay::cache);
    stored.map_or_else(|| token_cache::beside(file), |stored| stored.file.clone())
}

/// Whose tokens are meant: those of the client that signs users in at this org.
fn issuer_and_client(asked: &Asked<'_>) -> Option<(String, String)> {
    let deployment = asked.target.deployment();
    let client = deployment.client(ClientRole::UserClient, asked.edition)?;
    Some((deployment.org()?.issuer.clone(), client.client_id.clone()))
}
