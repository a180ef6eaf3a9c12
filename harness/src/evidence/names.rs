//! Fields that hold secrets, by name. The first of three nets; the others are the shape of a value and the values that
//! are known to be secret.

/// Parameters, header fields and members whose value is never shown, in lower case.
const SECRET: [&str; 26] = [
    "access_token",
    "actor_token",
    "assertion",
    "authorization",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "cookie",
    "datahandle",
    "device_secret",
    "id_token",
    "id_token_hint",
    "password",
    "private_key",
    "proxy-authorization",
    "refresh_token",
    "request",
    "samlresponse",
    "sessiontoken",
    "set-cookie",
    "sid",
    "statetoken",
    "subject_token",
    "token",
    "x-api-key",
];

/// Members below which everything is secret.
const SECRET_BRANCHES: [&str; 1] = ["vaulted_secret"];

/// Private members of a JWK (RFC 7518 §6.2.2, §6.3.2, §6.4).
const PRIVATE_OF_JWK: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Members in which JWKs stand.
const JWKS: [&str; 3] = ["keys", "jwk", "jwks"];

/// Names that other things have too: what stands there is a credential only if it looks like one.
const AMBIGUOUS: [&str; 5] = ["code", "token", "request", "sid", "cookie"];

/// Whether a field's value is secret, by its own name alone.
pub(super) fn is_secret(name: &str) -> bool {
    SECRET.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a member of a JWK is what makes the key private.
pub(super) fn is_private_of_jwk(name: &str) -> bool {
    PRIVATE_OF_JWK.contains(&name)
}

/// The fewest letters and digits with which the value of a secret field is looked for in all other texts.
pub(super) fn least_letters(name: &str) -> usize {
    let is_ambiguous = |known: &&str| known.eq_ignore_ascii_case(name);
    if AMBIGUOUS.iter().any(is_ambiguous) {
        16
    } else {
        8
    }
}

/// Whether what a dotted path leads to is secret: by its last name, or by a branch it lies under.
pub(crate) fn is_secret_path(path: &str) -> bool {
    let mut parts = path.split('.').peekable();
    let mut in_jwk = false;
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let is_private = in_jwk && is_private_of_jwk(part);
        if SECRET_BRANCHES.contains(&part) || is_private || (is_last && is_secret(part)) {
            return true;
        }
        in_jwk |= JWKS.contains(&part);
    }
    false
}

/// An address whose whole query is a secret: who has it can act for the user.
pub(super) fn is_secret_address(name: &str) -> bool {
    name == "interaction_uri"
}

/// All names, for whoever looks for `name=value` in text.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    SECRET.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_name_and_by_branch() {
        assert!(is_secret("Authorization") && is_secret("stateToken"));
        assert!(is_secret_path("access_token") && is_secret_path("service_account.password"));
        assert!(is_secret_path("vaulted_secret.username") && is_secret_path("vaulted_secret"));
        assert!(!is_secret_path("service_account.username") && !is_secret_path("error"));
        assert!(!is_secret_path("token_type") && !is_secret("state"));
        assert!(is_secret_path("keys.0.d") && is_secret_path("cnf.jwk.oth.0.r"));
        assert!(!is_secret_path("keys.0.n") && !is_secret_path("d"));
    }
}
