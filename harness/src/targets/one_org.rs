//! Asks one org of which there is no target file yet, or one part of a target.

use std::collections::BTreeSet;

use super::http::origin;
use super::{Ca, Http, Limits, Network, PacePolicy, Sender, Trouble};

impl Sender {
    /// Sends to one org only, with the usual limits, through the proxy that the environment names.
    ///
    /// # Errors
    /// When no HTTP client can be made, or the environment names something that is no proxy.
    pub fn to_org(org: &str, ca: Option<&Ca>) -> Result<Self, Trouble> {
        let network = Network::of_environment(org)?;
        let http = Http::new(Limits::default(), ca, &network)?;
        let origins = BTreeSet::from([origin(org)]);
        Ok(Self::new(http, origins, PacePolicy::default()))
    }
}
