//! What a run asks of a person, and how many sign-ins it needs. It is told while the run goes on; no report keeps it.

use std::fmt;

/// A person has to open a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRequest {
    /// The role in the target file.
    pub user: String,
    /// User name, where the target file has it.
    pub login: Option<String>,
    /// What the person has to do there.
    pub does: PersonDoes,
    /// The address to open.
    pub link: String,
    /// Whether a browser is being opened.
    pub opens: bool,
    /// How long is waited.
    pub seconds: u64,
}

/// What a person has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonDoes {
    /// Signs in.
    SignsIn {
        /// The client that asks for it.
        client: String,
        /// Whether the address that the browser was sent to can be pasted.
        can_paste: bool,
        /// Why it must be, if so.
        only_pasted: Option<String>,
    },
    /// Consents at a third party.
    Consents {
        /// The case that waits for it.
        case: String,
    },
}

/// The sign-ins that a run needs, by its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInsNeeded {
    /// Where they come from.
    pub source: SignInSource,
    /// Those that cases share.
    pub shared: Vec<SharedSignIn>,
    /// Those that a case makes for itself, because it ends one or looks at its answer.
    pub own: usize,
}

/// Where the tokens of users come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInSource {
    /// The target file gives them.
    Given,
    /// A refresh token.
    Refresh,
    /// A person at a browser, or the token cache.
    Browser,
    /// The token cache.
    Cache,
    /// The user's password.
    Session,
}

/// A sign-in that several cases use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedSignIn {
    /// Who signs in.
    pub user: String,
    /// Through which client.
    pub client: String,
    /// For what.
    pub scope: String,
    /// How many base flows and cases use it.
    pub cases: usize,
    /// Whether the token cache has it already.
    pub is_cached: bool,
}

impl fmt::Display for SignInsNeeded {
    /// "2 sign-ins at a browser: ada through agent (230 cases), grace through agent (4 cases)".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let made = self.shared.iter().filter(|one| !one.is_cached).count();
        let made = match self.source {
            SignInSource::Given | SignInSource::Cache => 0,
            SignInSource::Refresh | SignInSource::Browser | SignInSource::Session => {
                made + self.own
            }
        };
        let how = match self.source {
            SignInSource::Given => "the target file gives the tokens",
            SignInSource::Refresh => "by the refresh token",
            SignInSource::Browser if made == 0 => "the token cache has the tokens",
            SignInSource::Browser => "at a browser",
            SignInSource::Cache if self.shared.iter().any(|one| !one.is_cached) => {
                "the token cache has no tokens that can be used"
            }
            SignInSource::Cache => "the token cache has the tokens",
            SignInSource::Session => "by password",
        };
        match made {
            0 if self.shared.is_empty() && self.own == 0 => {
                return f.write_str("no sign-in is needed");
            }
            0 => write!(f, "no sign-in: {how}")?,
            1 => write!(f, "1 sign-in {how}")?,
            many => write!(f, "{many} sign-ins {how}")?,
        }
        let each = self.shared.iter().map(|one| {
            let SharedSignIn {
                user,
                client,
                scope,
                cases,
                ..
            } = one;
            let plural = if *cases == 1 { "case" } else { "cases" };
            let cached = if one.is_cached && made > 0 {
                ", cached"
            } else {
                ""
            };
            format!("{user} through {client} for `{scope}` ({cases} {plural}{cached})")
        });
        let mut each: Vec<String> = each.collect();
        match self.own {
            0 => {}
            1 => each.push("1 that a case makes for itself".to_owned()),
            own => each.push(format!("{own} that cases make for themselves")),
        }
        if each.is_empty() {
            return Ok(());
        }
        write!(f, ": {}", each.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(user: &str, cases: usize, is_cached: bool) -> SharedSignIn {
        SharedSignIn {
            user: user.to_owned(),
            client: "agent".to_owned(),
            scope: "openid".to_owned(),
            cases,
            is_cached,
        }
    }

    #[test]
    fn the_number_of_sign_ins_is_a_line() {
        let described = |source, shared: &[SharedSignIn], own| {
            let shared = shared.to_vec();
            SignInsNeeded {
                source,
                shared,
                own,
            }
            .to_string()
        };
        let (ada, grace) = (shared("ada", 230, false), shared("grace", 1, false));
        assert_eq!(
            described(SignInSource::Browser, &[ada.clone(), grace], 0),
            "2 sign-ins at a browser: ada through agent for `openid` (230 cases), grace through agent for `openid` (1 case)"
        );
        assert_eq!(
            described(SignInSource::Session, std::slice::from_ref(&ada), 12),
            "13 sign-ins by password: ada through agent for `openid` (230 cases), 12 that cases make for themselves"
        );
        assert_eq!(
            described(SignInSource::Browser, &[shared("ada", 2, true)], 0),
            "no sign-in: the token cache has the tokens: ada through agent for `openid` (2 cases)"
        );
        assert_eq!(
            described(SignInSource::Given, &[], 0),
            "no sign-in is needed"
        );
        assert_eq!(
            described(SignInSource::Given, &[ada], 0),
            "no sign-in: the target file gives the tokens: ada through agent for `openid` (230 cases)"
        );
    }
}
