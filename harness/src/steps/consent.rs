//! The third party's consent page.

use super::{Prepare, Prepared, issuer_origins};
use crate::fill;
use crate::forge::{Forge, Unforgeable};
use crate::scenario::model::Change;
use crate::scenario::step::Consent;
use crate::targets::consent;

impl Prepare for Consent {
    fn prepare(&self, _: &Change, forge: &Forge<'_>) -> Result<Prepared, Unforgeable> {
        let address = fill::text(&self.at, forge.names)?;
        Ok(Prepared::Walk(consent(
            &address,
            self.allow,
            issuer_origins(forge),
        )))
    }
}
