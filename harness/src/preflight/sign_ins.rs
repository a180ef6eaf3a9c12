//! Whether the token cache has what the run needs. Where a person can be asked in its place, only a cache that others can read
//! or that is no cache is a mistake.

use super::local::duration;
use super::mistake;
use crate::result::Misconfiguration;
use crate::scenario::model::{ClientRole, Edition, UserRole};
use crate::targets::{DEFAULT_SCOPE, Deployment, SignInWay, StoredSignIns};
use crate::token_cache::CacheError;

const CACHE: &str = "sign_in.cache";

/// What is wrong with the cache.
pub(super) fn stored(
    deployment: &Deployment,
    stored: &StoredSignIns,
    edition: Edition,
    now: i64,
) -> Option<Misconfiguration> {
    let asks = matches!(deployment.sign_in, Some(SignInWay::Browser(_)));
    match stored.found.as_ref() {
        Ok(_) if !asks => unusable(deployment, stored, edition, now),
        Ok(_) => None,
        // A person signs in then.
        Err(error) if asks && matches!(error, CacheError::Missing(_)) => None,
        Err(error) => Some(mistake(CACHE, error.to_string(), error.cure())),
    }
}

/// Why the sign-in of ada is of no use, if it is not.
fn unusable(
    deployment: &Deployment,
    stored: &StoredSignIns,
    edition: Edition,
    now: i64,
) -> Option<Misconfiguration> {
    let file = stored.file.display();
    let Some(cached) = deployment.cached_sign_in(UserRole::Ada, edition) else {
        let org = deployment.org().map_or("", |org| org.issuer.as_str());
        let client = deployment.client(ClientRole::UserClient, edition);
        let client = client.map_or("", |client| client.client_id.as_str());
        let what = format!("{file} has no sign-in of `ada` for the client `{client}` of {org}");
        return Some(mistake(CACHE, what, "sign in: atx sign-in"));
    };
    // Scenarios take for granted that these were granted.
    let mut wanted = DEFAULT_SCOPE.split_whitespace();
    if let Some(missing) = wanted.find(|scope| !cached.grants(scope)) {
        let what =
            format!("the tokens of `ada` in {file} were granted without the scope `{missing}`");
        return Some(mistake(
            CACHE,
            what,
            "sign in again without --scope: atx sign-in",
        ));
    }
    if cached.usable(DEFAULT_SCOPE, now).is_some() {
        return None;
    }
    let over = now - cached.expires_at.as_second();
    let when = if over < 0 {
        "expire within a minute".to_owned()
    } else {
        format!("expired {} ago", duration(over))
    };
    let what = format!("the tokens of `ada` in {file} {when}");
    Some(mistake(CACHE, what, "sign in again: atx sign-in"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::*;
    use crate::preflight::local::check;
    use crate::targets::sample;
    use crate::token_cache::sample::{of_ada, with_refresh_token};
    use crate::token_cache::{CachedSignIn, TokenCache};

    const ORG: &str = "https://org.example";
    const NOW: i64 = 100_000;

    fn found(
        way: fn(StoredSignIns) -> SignInWay,
        found: Result<TokenCache, CacheError>,
    ) -> Vec<String> {
        let mut deployment = sample::deployment(ORG);
        deployment.sign_in = Some(way(StoredSignIns {
            file: PathBuf::from("cache.json"),
            found: Arc::new(found),
        }));
        let found = check(&deployment, Edition::E2026_10, NOW).into_iter();
        found
            .map(|mistake| format!("{}: {} ({})", mistake.setting, mistake.what, mistake.cure))
            .collect()
    }

    fn holding(sign_in: CachedSignIn) -> TokenCache {
        let mut cache = TokenCache::default();
        cache.put(sign_in);
        cache
    }

    #[test]
    fn a_cache_that_cannot_be_used_says_why_and_how_to_sign_in_again() {
        let path = PathBuf::from("cache.json");
        let mut other_client = of_ada(ORG, NOW + 3600);
        other_client.client_id = "wlpelse".to_owned();
        for (cache, part) in [
            (
                Err(CacheError::Missing(path.clone())),
                "there is no token cache",
            ),
            (Err(CacheError::ReadableByOthers(path)), "others can read"),
            (
                Ok(holding(of_ada("https://other.example", NOW + 3600))),
                "no sign-in of `ada`",
            ),
            (Ok(holding(other_client)), "for the client `wlpagent`"),
            (Ok(holding(of_ada(ORG, NOW - 7200))), "expired 2 h ago"),
            (Ok(holding(of_ada(ORG, NOW + 30))), "expire within a minute"),
        ] {
            let [only] = &found(SignInWay::Cache, cache)[..] else {
                panic!("{part}");
            };
            assert!(
                only.starts_with("sign_in.cache: ") && only.contains(part),
                "{only}"
            );
            assert!(only.contains("atx sign-in"), "{only}");
        }
    }

    #[test]
    fn tokens_that_are_valid_or_can_be_refreshed_are_fine() {
        assert!(found(SignInWay::Cache, Ok(holding(of_ada(ORG, NOW + 3600)))).is_empty());
        let refreshable = with_refresh_token(of_ada(ORG, NOW - 7200), "r");
        assert!(found(SignInWay::Cache, Ok(holding(refreshable))).is_empty());
    }

    #[test]
    fn where_a_person_can_be_asked_an_old_cache_is_no_mistake() {
        let path = PathBuf::from("cache.json");
        let missing = Err(CacheError::Missing(path.clone()));
        assert!(found(SignInWay::Browser, missing).is_empty());
        assert!(found(SignInWay::Browser, Ok(holding(of_ada(ORG, NOW - 7200)))).is_empty());
        let open = Err(CacheError::ReadableByOthers(path));
        assert_eq!(found(SignInWay::Browser, open).len(), 1);
    }
}
