//! An org that looks like a real one from outside, and the management API.

use mock_okta_core::behaviour::BehaviourError;
use mock_okta_core::org::Org;
use mock_okta_core::secret::Secret;

use super::Builder;
#[cfg(feature = "tls")]
use crate::tls;

/// What an Integrator Free org does otherwise than the mock, unless the org file says something else.
const SWITCHES: [(&str, &str); 3] = [
    ("rate_limits", "integrator"),
    // How such an org refuses one more is not public: this is the refusal that the catalogue has for a missing subscription.
    ("id_jag_cap", "sku_not_enabled"),
    ("refresh_token_rotation", "on"),
];

impl Builder {
    /// Lets the org look from outside as a real one does: https (by a certificate of its own unless
    /// [`tls_files`](Self::tls_files) gives one), no test control, no health check, no page about itself, no internal codes, the
    /// rate limits of an Integrator Free org, its 250 ID-JAGs a month, refresh tokens that rotate, and the management API, with a token that is made unless
    /// [`api_token`](Self::api_token) gives one. What can be asked of it in this process stays as it is.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let okta = mock_okta::MockOkta::builder().as_real().start().await?;
    /// assert!(okta.base_url().starts_with("https://"));
    /// assert!(okta.api_token().is_some_and(|token| token.starts_with("00")));
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn as_real(mut self) -> Self {
        self.as_real = true;
        self.tls = self.tls.or(Some(tls::Source::Made));
        self
    }

    /// Gives the org its management API (agents, connections, authorization servers, users, apps, System Log), for whoever shows
    /// this token: `Authorization: SSWS …`.
    #[must_use]
    pub fn api_token(mut self, token: impl Into<String>) -> Self {
        self.api_token = Some(Secret::new(token));
        self
    }

    /// How many requests of each class are answered in a minute, in place of the numbers of the switch `rate_limits`; the
    /// authorization endpoints count for each client.
    #[must_use]
    pub fn rate_limit(mut self, requests_per_minute: u32) -> Self {
        self.requests_per_minute = Some(requests_per_minute.into());
        self
    }

    /// How many ID-JAGs a user gets for a resource in a month, where the switch `id_jag_cap` counts them: 250 unless this says
    /// otherwise.
    #[must_use]
    pub fn id_jags_per_month(mut self, most: u32) -> Self {
        self.id_jags_per_month = most.into();
        self
    }

    /// Sets the switches of an org that looks real, then those that were asked for.
    pub(super) fn set_switches(&self, org: &mut Org) -> Result<(), BehaviourError> {
        let named = org.written.behaviours();
        for (name, value) in SWITCHES {
            if self.as_real && !named.contains(&name.to_owned()) {
                org.behaviours.set(name, value)?;
            }
        }
        for (name, value) in &self.behaviours {
            org.behaviours.set(name, value)?;
        }
        Ok(())
    }

    /// What programs show to use the management API: the token that was given, and for an org that looks real one that follows
    /// from its seed. Okta's begin with two zeros and have 42 characters.
    pub(super) fn api_token_or_made(&self, seed: &[u8; 32]) -> Option<Secret> {
        use aws_lc_rs::digest::{SHA256, digest};
        use base64::Engine as _;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let made = || {
            let digest = digest(&SHA256, &[seed, &b"management API"[..]].concat());
            let text = URL_SAFE_NO_PAD.encode(digest);
            Secret::new(format!("00{}", &text[..40]))
        };
        let given = self.api_token.clone();
        given.or_else(|| self.as_real.then(made))
    }
}

#[cfg(test)]
mod tests {
    use mock_okta_core::behaviour::Behaviours;

    use super::*;

    #[test]
    fn the_switches_of_a_real_org_exist() {
        let mut all = Behaviours::default();
        for (name, value) in SWITCHES {
            all.set(name, value).expect("a position of a switch");
        }
    }

    #[cfg(feature = "tls")]
    #[test]
    fn a_made_token_follows_from_the_seed_and_a_given_one_stays() {
        let made = |seed: u8| {
            let token = Builder::default().as_real().api_token_or_made(&[seed; 32]);
            token.expect("a token").reveal().to_owned()
        };
        assert_eq!((made(1).len(), &made(1)[..2]), (42, "00"));
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
        let given = Builder::default()
            .api_token("mine")
            .api_token_or_made(&[0; 32]);
        assert_eq!(given, Some(Secret::new("mine")));
        assert_eq!(Builder::default().api_token_or_made(&[0; 32]), None);
    }
}
