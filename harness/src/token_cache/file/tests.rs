use super::*;
use crate::token_cache::{beside, sample};

fn written() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = beside(&folder.path().join("acme.yaml"));
    TokenCache::keep(&path, sample::of_ada("https://a.example", 9_999)).unwrap();
    (folder, path)
}

#[test]
fn what_was_written_is_read_again() {
    let (_folder, path) = written();
    let cache = TokenCache::read(&path).unwrap();
    let found = cache.find("https://a.example", "wlpagent", "ada").unwrap();
    assert_eq!(found.id_token.expose(), "cached-id-token-canary");
    assert_eq!(found.expires_at.as_second(), 9_999);
    assert!(found.refresh_token.is_none());
    assert!(!format!("{cache:?}").contains("canary"));
    let ignored = path.with_file_name(".gitignore");
    assert_eq!(fs::read_to_string(ignored).unwrap(), "*\n");
}

#[test]
#[cfg(unix)]
fn the_file_is_for_its_owner_and_one_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, path) = written();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for others in [0o640, 0o604, 0o622] {
        fs::set_permissions(&path, fs::Permissions::from_mode(others)).unwrap();
        let error = TokenCache::read(&path).unwrap_err();
        assert_eq!(error, CacheError::ReadableByOthers(path.clone()));
        assert!(error.cure().contains("rm "), "{}", error.cure());
    }
    // Writing it again closes it.
    TokenCache::default().write(&path).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&path.with_file_name("acme.tokens.json.lock")), 0o600);
}

#[test]
fn sign_ins_that_are_kept_at_once_are_all_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = beside(&folder.path().join("acme.yaml"));
    let issuers: Vec<String> = (0..16).map(|at| format!("https://{at}.example")).collect();
    std::thread::scope(|threads| {
        for issuer in &issuers {
            threads.spawn(|| TokenCache::keep(&path, sample::of_ada(issuer, 1)).unwrap());
        }
    });
    let cache = TokenCache::read(&path).unwrap();
    for issuer in &issuers {
        assert!(cache.find(issuer, "wlpagent", "ada").is_some(), "{issuer}");
    }
}

#[test]
fn what_is_forgotten_is_gone_and_nothing_else() {
    let (_folder, path) = written();
    TokenCache::keep(&path, sample::of_ada("https://b.example", 1)).unwrap();
    let is_of = |issuer: &'static str| move |one: &CachedSignIn| one.issuer == issuer;
    assert_eq!(
        TokenCache::forget(&path, is_of("https://a.example")),
        Ok(false)
    );
    assert_eq!(TokenCache::read(&path).unwrap().sign_ins().len(), 1);
    assert_eq!(
        TokenCache::forget(&path, is_of("https://b.example")),
        Ok(true)
    );
    assert!(!path.exists());
}

#[test]
#[cfg(unix)]
fn behind_a_link_the_file_is_written_and_removed_and_the_link_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (
        folder.path().join("file.json"),
        folder.path().join("link.json"),
    );
    std::os::unix::fs::symlink("file.json", &link).unwrap();
    TokenCache::keep(&link, sample::of_ada("https://a.example", 1)).unwrap();
    assert!(file.exists() && link.is_symlink());
    assert_eq!(TokenCache::forget(&link, |_| true), Ok(true));
    assert!(!file.exists() && link.is_symlink());
}

#[test]
fn a_cache_that_cannot_be_written_is_known_before_there_is_something_to_keep() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("file");
    fs::write(&in_the_way, "").unwrap();
    let error = TokenCache::can_keep(&in_the_way.join("cache.json")).unwrap_err();
    assert!(matches!(error, CacheError::Unwritable { .. }), "{error}");
    let path = folder.path().join("cache.json");
    assert_eq!(TokenCache::can_keep(&path), Ok(()));
    assert!(!path.exists());
}

#[test]
fn what_is_no_cache_says_where_and_quotes_nothing() {
    let (_folder, path) = written();
    let missing = path.with_file_name("other.json");
    assert_eq!(
        TokenCache::read(&missing).unwrap_err(),
        CacheError::Missing(missing)
    );
    let text = fs::read_to_string(&path).unwrap();
    for (from, to) in [
        ("\"schema\": 1", "\"schema\": 2"),
        ("\"id_token\":", "\"other\":"),
        ("\"wlpagent\"", "7"),
        ("]", ""),
    ] {
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let error = TokenCache::read(&path).unwrap_err();
        assert!(matches!(error, CacheError::Malformed { .. }), "{error}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}
