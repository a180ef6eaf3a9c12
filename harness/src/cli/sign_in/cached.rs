//! `atx sign-in --status` and `--forget`: what the token cache holds, and how it is removed.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Timestamp;

use super::issuer_and_client;
use crate::cli::{Exit, Trouble, style};
use crate::presentation::text::visible;
use crate::sign_in::{Asked, again, revocation};
use crate::token_cache::{CacheError, CachedSignIn, TokenCache};

/// Shows the cache on stdout, without a token.
pub(super) fn status(cache: &Path) -> Result<Exit, Trouble> {
    let found = match TokenCache::read(cache) {
        Ok(found) if !found.sign_ins().is_empty() => found,
        Ok(_) | Err(CacheError::Missing(_)) => {
            style::print(&format!(
                "nobody is signed in: {} has no tokens\n",
                cache.display()
            ))?;
            return Ok(Exit::Incomplete);
        }
        Err(error) => return Err(Trouble::SignIn(error.into())),
    };
    let now = Timestamp::now().as_second();
    let mut page = format!("{}\n", cache.display());
    let mut usable = false;
    for sign_in in found.sign_ins() {
        page.push('\n');
        page.push_str(&describe(sign_in, now));
        usable |= sign_in.usable("", now).is_some();
    }
    style::print(&page)?;
    Ok(if usable { Exit::Fine } else { Exit::Incomplete })
}

/// A sign-in in lines.
pub(super) fn describe(sign_in: &CachedSignIn, now: i64) -> String {
    let CachedSignIn {
        issuer,
        client_id,
        user,
        person,
        scopes,
        expires_at,
        ..
    } = sign_in;
    let left = expires_at.as_second() - now;
    let expires = match (left, &sign_in.refresh_token) {
        (..=0, Some(_)) => "expired; a run refreshes the tokens".to_owned(),
        (..=0, None) => format!("expired; sign in again: {}", command(user)),
        (1..120, _) => format!("in {left} s"),
        _ => format!("in {} min", left / 60),
    };
    let mut text = String::new();
    let rows = [
        ("user", format!("{user} ({person})")),
        ("client", client_id.clone()),
        ("org", issuer.clone()),
        ("scopes", scopes.join(" ")),
        ("expires", format!("{expires_at} ({expires})")),
        (
            "refresh",
            if sign_in.refresh_token.is_some() {
                "yes"
            } else {
                "no"
            }
            .to_owned(),
        ),
    ];
    for (name, value) in rows {
        let _ = writeln!(text, "  {name:<8} {}", visible(&value));
    }
    text
}

fn command(user: &str) -> String {
    let mut users = crate::scenario::model::UserRole::ALL.iter();
    let role = users.find(|(name, _)| *name == user);
    role.map_or_else(|| "atx sign-in".to_owned(), |(_, role)| again(*role))
}

/// Removes a user's tokens; revokes them first where that is asked for.
pub(super) async fn forget(asked: &Asked<'_>, cache: &Path, revoke: bool) -> Result<Exit, Trouble> {
    let refused = |error: CacheError| Trouble::SignIn(error.into());
    let found = match TokenCache::read(cache) {
        Ok(found) => found,
        Err(CacheError::Missing(_)) => TokenCache::default(),
        // What cannot be used can be removed all the same.
        Err(CacheError::ReadableByOthers(_) | CacheError::Malformed { .. }) if !revoke => {
            TokenCache::remove(cache).map_err(refused)?;
            return Ok(removed(cache));
        }
        Err(error) => return Err(refused(error)),
    };
    let meant = issuer_and_client(asked);
    let user = asked.user.as_str();
    let is_meant = |one: &CachedSignIn| {
        let is_of = meant
            .as_ref()
            .is_some_and(|(issuer, client)| one.issuer == *issuer && one.client_id == *client);
        is_of && one.user == user
    };
    let Some(sign_in) = found.sign_ins().iter().find(|one| is_meant(one)) else {
        style::to_stderr(&format!(
            "there are no tokens of {user} in {}\n",
            cache.display()
        ));
        return Ok(Exit::Fine);
    };
    if revoke {
        let what = revocation::revoke(asked, sign_in)
            .await
            .map_err(Trouble::SignIn)?;
        style::to_stderr(&format!("revoked the {what} of {user}\n"));
    }
    if TokenCache::forget(cache, is_meant).map_err(refused)? {
        return Ok(removed(cache));
    }
    style::to_stderr(&format!(
        "removed the tokens of {user} from {}\n",
        cache.display()
    ));
    Ok(Exit::Fine)
}

fn removed(cache: &Path) -> Exit {
    style::to_stderr(&format!("removed {}\n", cache.display()));
    Exit::Fine
}
