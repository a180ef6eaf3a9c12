//! Settings that are checked before anything starts.

use mock_okta_core::secret::Secret;
use url::Url;

use crate::assemble::StartError;

/// An issuer is compared character by character, so it is taken as written or not at all. A proxy may add https to an org
/// that does not speak it, but takes none away.
pub(crate) fn checked_issuer(issuer: &str, secure: bool) -> Result<String, StartError> {
    let wrong = |reason| {
        Err(StartError::Issuer {
            issuer: issuer.to_owned(),
            reason,
        })
    };
    // The parser drops line breaks; whoever compares an issuer does not.
    if !issuer.bytes().all(|byte| byte.is_ascii_graphic()) {
        return wrong(
            "it must consist of visible ASCII characters, without blanks and line breaks",
        );
    }
    let Ok(url) = Url::parse(issuer) else {
        return wrong("expected an absolute address such as https://okta.test:8443");
    };
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return wrong("expected http:// or https:// and a host");
    }
    if secure && url.scheme() != "https" {
        return wrong("the org speaks https, so its issuer begins with https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("it must not hold credentials");
    }
    if issuer.ends_with('/')
        || url.path() != "/"
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return wrong("an org's issuer has no path, query or trailing slash");
    }
    Ok(issuer.to_owned())
}

/// Whether a client could present the token: it travels in a header field, behind a blank.
pub(crate) fn check_token(token: &Secret) -> Result<(), &'static str> {
    let token = token.reveal();
    if token.trim().is_empty() {
        return Err("it is empty, so nobody could present it; leave it out to do without one");
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("it must consist of visible ASCII characters, without blanks and line breaks");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_taken_as_written_or_not_at_all() {
        for right in [
            "https://okta.test",
            "http://localhost:7070",
            "http://[::1]:7070",
        ] {
            assert_eq!(checked_issuer(right, false).expect("an issuer"), right);
        }
        for wrong in [
            "okta.test",
            "https://okta.test/",
            "https://okta.test/tenant",
            "https://okta.test?x",
            "ftp://okta.test",
            "https://me:secret@okta.test",
            "https://okta.test\n",
            "https://okta\t.test",
            "https://ökta.test",
            "",
        ] {
            assert!(checked_issuer(wrong, false).is_err(), "{wrong}");
        }
        assert!(checked_issuer("https://okta.test", true).is_ok());
        assert!(checked_issuer("http://okta.test", true).is_err());
    }

    #[test]
    fn a_control_token_that_nobody_could_present_is_refused() {
        for wrong in ["", " ", "\n", "two words", "token\n", "t\u{f6}ken"] {
            assert!(check_token(&Secret::new(wrong)).is_err(), "{wrong:?}");
        }
        assert_eq!(check_token(&Secret::new("let-me-in")), Ok(()));
    }
}
