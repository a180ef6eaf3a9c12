//! What comes to the redirect URI, from a browser or from whoever else can reach it.

use crate::secret::Secret;

/// What an answer must carry to be the one that is waited for.
#[derive(Debug, Clone)]
pub struct Expected {
    /// `state` of the authorization request.
    pub state: String,
    /// The org's issuer, which `iss` names where it is there (RFC 9207 section 2.4).
    pub issuer: String,
}

/// An answer to the authorization request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callback {
    /// The user has signed in.
    Code(Secret),
    /// The server says no (RFC 6749 section 4.1.2.1).
    Refused {
        /// `error`.
        error: String,
        /// `error_description`.
        description: Option<String>,
    },
    /// It belongs to this sign-in and must not be used.
    Wrong(String),
}

impl Expected {
    /// Reads the parameters of a request to the redirect URI. `None` where they do not belong to this sign-in: nobody but the
    /// org and the browser knows the `state`.
    #[must_use]
    pub fn read(&self, query: &str) -> Option<Callback> {
        let parameters: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let values = |name: &str| {
            let named = parameters.iter().filter(|(known, _)| known == name);
            named.map(|(_, value)| value.as_ref()).collect::<Vec<_>>()
        };
        if values("state") != [self.state.as_str()] {
            return None;
        }
        let once = |name: &'static str| match values(name).as_slice() {
            [] => Ok(None),
            [one] => Ok(Some((*one).to_owned())),
            _ => Err(Callback::Wrong(format!("it has `{name}` more than once"))),
        };
        let read = || -> Result<Callback, Callback> {
            if let Some(issuer) = once("iss")?.filter(|issuer| *issuer != self.issuer) {
                let why = format!(
                    "it says that `{issuer}` sent it, and `{}` was asked",
                    self.issuer
                );
                return Err(Callback::Wrong(why));
            }
            if let Some(error) = once("error")? {
                let description = once("error_description")?;
                return Ok(Callback::Refused { error, description });
            }
            let code = once("code")?.filter(|code| !code.is_empty());
            let code = code
                .ok_or_else(|| Callback::Wrong("it has neither `code` nor `error`".to_owned()))?;
            Ok(Callback::Code(Secret::new(code)))
        };
        Some(read().unwrap_or_else(|wrong| wrong))
    }

    /// Reads an address that a person has copied, or its query alone.
    #[must_use]
    pub fn read_pasted(&self, text: &str) -> Option<Callback> {
        let text = text.trim().trim_matches(['"', '\'', '<', '>']);
        let query = text.split_once('?').map_or(text, |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        self.read(query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected() -> Expected {
        Expected {
            state: "the-state".to_owned(),
            issuer: "https://org.example".to_owned(),
        }
    }

    #[test]
    fn a_code_counts_with_the_state_and_without_another_issuer() {
        let code = |query: &str| matches!(expected().read(query), Some(Callback::Code(_)));
        assert!(code("code=abc&state=the-state"));
        assert!(code(
            "code=abc&state=the-state&iss=https%3A%2F%2Forg.example"
        ));
        for stray in [
            "",
            "code=abc",
            "code=abc&state=other",
            "code=abc&state=the-state&state=the-state",
            "error=access_denied",
            "error=access_denied&state=other",
        ] {
            assert_eq!(expected().read(stray), None, "{stray}");
        }
        for wrong in [
            "code=abc&state=the-state&iss=https%3A%2F%2Fevil.example",
            "code=abc&code=abc&state=the-state",
            "code=&state=the-state",
            "state=the-state",
        ] {
            let read = expected().read(wrong);
            assert!(
                matches!(read, Some(Callback::Wrong(_))),
                "{wrong}: {read:?}"
            );
        }
    }

    #[test]
    fn a_refusal_is_read_with_its_words() {
        let refused = Callback::Refused {
            error: "access_denied".to_owned(),
            description: Some("User is not assigned.".to_owned()),
        };
        let query = "state=the-state&error=access_denied&error_description=User+is+not+assigned.";
        assert_eq!(expected().read(query), Some(refused));
    }

    #[test]
    fn an_address_is_pasted_as_browsers_show_it() {
        for pasted in [
            "http://localhost:8787/callback?code=abc&state=the-state",
            "  \"http://localhost:8787/callback?code=abc&state=the-state#\"\n",
            "code=abc&state=the-state",
        ] {
            let read = expected().read_pasted(pasted);
            assert_eq!(read, Some(Callback::Code(Secret::new("abc"))), "{pasted}");
        }
        assert_eq!(expected().read_pasted("what?"), None);
    }
}
