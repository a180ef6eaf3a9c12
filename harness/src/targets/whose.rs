//! Which kind of server an address belongs to.

use super::Deployment;
use crate::scenario::model::ServerRole;

/// Who answers at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// The org authorization server.
    Org,
    /// A custom authorization server.
    Custom,
    /// Anybody else: a protected resource, a page, test control.
    Other,
}

impl Whose {
    /// As reports write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Org => "org",
            Self::Custom => "custom",
            Self::Other => "other",
        }
    }

    /// What reports write as this word.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        match word {
            "org" => Self::Org,
            "custom" => Self::Custom,
            _ => Self::Other,
        }
    }
}

impl Deployment {
    /// Who answers at this address: whose endpoint it is, or else below whose issuer it lies. Everything of an org lies
    /// below the org's own issuer, so for the org only its endpoints and metadata count.
    #[must_use]
    pub fn whose(&self, url: &str) -> Whose {
        let address = url.split(['?', '#']).next().unwrap_or_default();
        let of = |role: ServerRole| match role {
            ServerRole::Org => Whose::Org,
            _ => Whose::Custom,
        };
        for (role, server) in &self.servers {
            if server
                .endpoints
                .values()
                .any(|endpoint| endpoint == address)
            {
                return of(*role);
            }
        }
        let below = |issuer: &str| {
            address
                .strip_prefix(issuer.trim_end_matches('/'))
                .is_some_and(|rest| rest.starts_with('/'))
        };
        for (role, server) in &self.servers {
            if *role != ServerRole::Org && below(&server.issuer) {
                return Whose::Custom;
            }
        }
        match self.org() {
            Some(org) if below(&org.issuer) && address.contains("/.well-known/") => Whose::Org,
            _ => Whose::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::sample;

    #[test]
    fn an_address_belongs_to_the_server_whose_endpoint_it_is() {
        let deployment = sample::deployment("http://localhost:1");
        let org = deployment.org().unwrap();
        assert_eq!(deployment.whose(org.endpoint("token_endpoint")), Whose::Org);
        let custom = &deployment.servers[&ServerRole::CustomAs];
        let token = format!("{}?x=1", custom.endpoint("token_endpoint"));
        assert_eq!(deployment.whose(&token), Whose::Custom);
        let metadata = format!("{}/.well-known/openid-configuration", custom.issuer);
        assert_eq!(deployment.whose(&metadata), Whose::Custom);
        let metadata = format!("{}/.well-known/openid-configuration", org.issuer);
        assert_eq!(deployment.whose(&metadata), Whose::Org);
        assert_eq!(
            deployment.whose("http://localhost:1/resources/chat"),
            Whose::Other
        );
        assert_eq!(deployment.whose("http://elsewhere/"), Whose::Other);
    }
}
