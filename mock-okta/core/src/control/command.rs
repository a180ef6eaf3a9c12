//! What can be asked, typed.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::query::{JournalQuery, JournalWait};
use crate::defect::Defects;
use crate::faults::Fault;
use crate::variation::Variations;

/// A request below `/_mock/`, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// For whoever holds the clock.
    Clock(ClockCall),
    /// For whoever can wait.
    Wait(JournalWait),
    /// For the core.
    Command(Command),
}

/// Time as a test wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockCall {
    /// What time is it?
    Read,
    /// It is now this time; from here it runs on.
    Set(Timestamp),
    /// Moves on by so many seconds.
    Advance(u64),
    /// Back to real time.
    Resume,
}

/// A question to the core, or a change of its state. Ids are as written: whether they exist is seen when it is
/// carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Is it up, and who is it?
    Health,
    /// What was asked and answered.
    Journal(JournalQuery),
    /// Every defect there is, and those that are on.
    Defects,
    /// These defects from now on, and no others.
    SetDefects(Defects),
    /// Every variation there is, and those that are on.
    Variations,
    /// These variations from now on, and no others.
    SetVariations(Variations),
    /// Every fault there is, and those that the org has.
    Faults,
    /// One more fault.
    AddFault(Fault),
    /// The fault with this number is over.
    RemoveFault(String),
    /// All faults are over.
    ClearFaults,
    /// Everything as it was at start, faults included; keys, defects and variations stay.
    Reset,
    /// Decides in a user's stead whether an agent may use a third party.
    Consent {
        /// Id or login.
        user: String,
        /// Id of the agent.
        agent: String,
        /// As the agent would send it, or the connection's id.
        resource: String,
        /// The decision.
        change: ConsentChange,
    },
    /// Suspends a user, or restores one.
    SetUserSuspended {
        /// Id or login.
        user: String,
        /// Suspended from now on, or not.
        suspended: bool,
    },
    /// Takes every browser at the authorization endpoint for signed in as this user (id, login, or the part of the login before
    /// its `@`), or shows the sign-in page again.
    SetAutoSignIn(Option<String>),
    /// Activates an agent, or deactivates one.
    SetAgentActive {
        /// Id of the agent.
        agent: String,
        /// Active from now on, or not.
        active: bool,
    },
    /// Activates a connection, or deactivates one.
    SetConnectionActive {
        /// Which.
        connection: ConnectionRef,
        /// Active from now on, or not.
        active: bool,
    },
    /// Gives an authorization server a new signing key; the old one stays published and signs no more.
    RotateKey {
        /// Whose.
        issuer: String,
    },
    /// Configures the org anew: a merge patch of the org file.
    Configure(Map<String, Value>),
    /// Lets a client publish keys at its `jwks_uri`, without a server there.
    PublishKeys {
        /// The `jwks_uri`.
        at: String,
        /// The JWKs, right or wrong.
        keys: Vec<Value>,
    },
    /// Signs a JWT that a test has written, with the key of an authorization server.
    Sign {
        /// Whose key.
        issuer: String,
        /// JOSE header, `alg` and `kid` apart.
        header: Map<String, Value>,
        /// Claims, as they are.
        claims: Map<String, Value>,
    },
    /// Signs the first two parts of a JWT as a test has written them, with the key of an authorization server.
    Seal {
        /// Whose key.
        issuer: String,
        /// An algorithm of RSA keys.
        alg: String,
        /// What stands before the last dot.
        input: String,
    },
}

/// A connection by its id, or by what an agent sends to use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionRef {
    /// `mcn…`
    Id(String),
    /// The connection of `agent` that `resource` names.
    Of {
        /// Id of the agent.
        agent: String,
        /// The value of `resource` (or of `audience`: an issuer) in the agent's request, or the connection's id.
        resource: String,
    },
}

/// What becomes of a user's consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentChange {
    /// As if the user had allowed it on the page.
    Grant,
    /// As if the user had refused.
    Refuse,
    /// As if nobody had been asked yet; brokered tokens go as well.
    Withdraw,
}
