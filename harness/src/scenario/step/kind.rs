//! The trait [`StepKind`]: everything that the rest of the harness may ask about a kind of step.

use std::collections::BTreeSet;
use std::fmt;

use crate::scenario::model::{
    Capability, ClientAuth, ClientRole, ServerRole, StateChange, Template, UserRole,
};

/// One kind of step, as resolved. Each has a file of its own in this folder; `steps/` prepares its request.
pub trait StepKind: fmt::Debug + Send + Sync {
    /// The key under which it is written.
    fn name(&self) -> &'static str;

    /// The authorization server that is asked; the target must know it.
    fn server(&self) -> Option<ServerRole> {
        None
    }

    /// The client that asks.
    fn client(&self) -> Option<ClientRole> {
        None
    }

    /// How the client authenticates, where it does.
    fn client_auth(&self) -> Option<ClientAuth> {
        None
    }

    /// Every template, so that its references can be checked.
    fn templates(&self) -> Vec<&Template>;

    /// Adds what a target must be able to do and to know, its templates and [`StepKind::server`] aside.
    fn needs(&self, needs: &mut BTreeSet<Capability>) {
        needs.extend(self.client().map(Capability::knows_client));
    }

    /// What a case can change in its request.
    fn changeable(&self) -> Changeable {
        Changeable::default()
    }

    /// In words.
    fn describe(&self) -> Description;

    /// Which answers count as success when the step has no `expect`.
    fn success(&self) -> Success {
        Success::Accepted
    }

    /// Whether the answer must be JSON, even if nothing is saved from it.
    fn answers_json(&self) -> bool {
        false
    }

    /// When a redirect counts as the server's own answer. Otherwise a proxy or a login page is suspected, and the case is
    /// not judged.
    fn redirects(&self) -> Redirects {
        Redirects::Never
    }

    /// Whether it changes what other cases see, so that it must run alone.
    fn is_exclusive(&self) -> bool {
        false
    }

    /// The client and the user of a sign-in that is meant to succeed.
    fn signs_in(&self) -> Option<(ClientRole, UserRole)> {
        None
    }

    /// What is different at the org afterwards, beyond tokens that were handed out.
    fn state_changes(&self) -> Vec<StateChange> {
        Vec::new()
    }

    /// What the harness must fetch again from the target after this step.
    fn effect(&self) -> Option<Effect> {
        None
    }
}

/// Which answers count as success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Success {
    /// Status 2xx.
    Accepted,
    /// A page or a redirect (below 400) without an OAuth error.
    NotRefused,
    /// Any answer of a server that works: below 500.
    Answered,
}

/// When a redirect counts as an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirects {
    /// The step acts as a browser, so redirects are normal.
    Always,
    /// If the step expects one.
    WhereExpected,
    /// The endpoint does not redirect.
    Never,
}

/// What a step changes of the target that the harness keeps a copy of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Its clock.
    ClockMoved,
    /// The keys of a server.
    KeysRotated(ServerRole),
}

/// What a step sends, in words.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// One line.
    pub summary: String,
    /// Parameters and the like, in order.
    pub details: Vec<(String, String)>,
}

/// What can be changed in the request of a step. By default nothing.
#[derive(Debug, Default)]
pub struct Changeable {
    /// Keys beginning with `$` that set options of the request.
    pub option_keys: &'static [&'static str],
    /// Parameters it sends.
    pub sent: Vec<String>,
    /// Parameters that are not sent by default, to detect misspellings of them.
    pub other_params: &'static [&'static str],
    /// Whether parameters can be added.
    pub accepts_new_params: bool,
}

impl Changeable {
    /// Whether nothing at all can be changed.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.option_keys.is_empty() && self.sent.is_empty() && !self.accepts_new_params
    }
}
