//! Orgs that are alike. Whoever needs one waits for it, gives it variations, runs cases, and puts it back.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use crate::requirement::Profiles;
use crate::result::RunResult;
use crate::selftest::clean::run_some;
use crate::selftest::control::vary;
use crate::selftest::engine::Input;
use crate::selftest::subset::subset;
use crate::targets::Target;

/// The variation of issuers.
const SLASHES: &str = "vary/issuer-trailing-slash";

/// The orgs, and what is run on them. Cheap to clone.
#[derive(Clone)]
pub(super) struct Orgs {
    free: Arc<Mutex<Vec<Target>>>,
    permits: Arc<Semaphore>,
    input: Arc<Input>,
}

impl Orgs {
    /// Takes over these orgs.
    pub(super) fn new(targets: &[Target], input: Arc<Input>) -> Self {
        Self {
            free: Arc::new(Mutex::new(targets.to_vec())),
            permits: Arc::new(Semaphore::new(targets.len())),
            input,
        }
    }

    /// What is run.
    pub(super) fn input(&self) -> &Input {
        &self.input
    }

    /// Runs some cases and their twins while these variations are on, on an org as it was at the start.
    pub(super) async fn run(
        &self,
        profiles: &Profiles,
        on: &BTreeSet<&str>,
        cases: &BTreeSet<&str>,
    ) -> Result<RunResult, String> {
        let permit = self.permits.acquire().await;
        let _permit = permit.map_err(|error| error.to_string())?;
        if self.input.cancel.is_cancelled() {
            return Err("interrupted".to_owned());
        }
        let taken = self.lock().pop();
        let target = taken.ok_or_else(|| "no org is free".to_owned())?;
        let result = self.on(&target, profiles, on, cases).await;
        self.lock().push(target);
        result
    }

    /// Leaves every org as it was at the start.
    pub(super) async fn leave(&self) {
        let targets = std::mem::take(&mut *self.lock());
        for target in targets {
            let _ = vary(&target, &BTreeSet::new()).await;
            let _ = target.reset().await;
            target.forget_keys().await;
        }
    }

    async fn on(
        &self,
        target: &Target,
        profiles: &Profiles,
        on: &BTreeSet<&str>,
        cases: &BTreeSet<&str>,
    ) -> Result<RunResult, String> {
        let scenarios = subset(&self.input.scenarios, cases);
        target.reset().await?;
        target.forget_keys().await;
        let varied = vary(target, on).await;
        varied.map_err(|error| error.to_string())?;
        let mut judged = target.judged_by(profiles.clone());
        // The only variation of what a target file says: whoever describes such an org writes its issuers so.
        if on.contains(SLASHES) {
            judged = judged.with_slashes();
        }
        // Only verdicts count here: to redact what was sent would take a fifth of the time.
        let result = run_some(&judged, scenarios, &self.input, false).await?;
        match result.incomplete {
            Some(incomplete) => Err(incomplete.reason),
            None => Ok(result),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Target>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
