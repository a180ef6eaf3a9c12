//! What the servers of an org are called.

use crate::keys::ServerName;
use crate::org::Org;

/// The issuers of an org. Both Okta's and those with a slash at the end are lawful: an issuer is a URL that is compared
/// character by character (RFC 8414 §2).
#[derive(Debug, Clone, Copy)]
pub struct Issuers<'a> {
    /// Scheme, host and port, without path or slash.
    pub base_url: &'a str,
    /// Whether they end with a slash.
    pub have_slash: bool,
}

impl Issuers<'_> {
    /// The issuer of a server: the org's is the bare address.
    pub fn of(self, server: &ServerName) -> String {
        let base_url = self.base_url;
        let slash = if self.have_slash { "/" } else { "" };
        match server {
            ServerName::Org => format!("{base_url}{slash}"),
            ServerName::Custom(id) => format!("{base_url}/oauth2/{id}{slash}"),
        }
    }

    /// The server that has this issuer, compared character by character.
    pub fn server(self, org: &Org, wanted: &str) -> Option<ServerName> {
        let rest = wanted.strip_prefix(self.base_url)?;
        let rest = if self.have_slash {
            rest.strip_suffix('/')?
        } else {
            rest
        };
        if rest.is_empty() {
            return Some(ServerName::Org);
        }
        let id = rest.strip_prefix("/oauth2/")?;
        org.custom_servers
            .get_key_value(id)
            .map(|(id, _)| ServerName::Custom(id.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behaviour::Edition;
    use crate::org::OrgFile;

    #[test]
    fn an_issuer_is_that_of_one_server_to_the_last_character() {
        let org = OrgFile::standard(Edition::E2026_10).org;
        let custom = org.custom_servers.keys().next().cloned().expect("a server");
        for have_slash in [false, true] {
            let issuers = Issuers {
                base_url: "http://localhost",
                have_slash,
            };
            let other = Issuers {
                have_slash: !have_slash,
                ..issuers
            };
            for name in [ServerName::Org, ServerName::Custom(custom.clone())] {
                let issuer = issuers.of(&name);
                assert_eq!(issuer.ends_with('/'), have_slash);
                assert_eq!(issuers.server(&org, &issuer), Some(name));
                assert_eq!(other.server(&org, &issuer), None);
            }
            assert_eq!(issuers.server(&org, "http://localhost/oauth2/none"), None);
        }
    }
}
