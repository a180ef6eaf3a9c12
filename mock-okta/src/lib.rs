//! A mock Okta org for AI agent token exchange.
//!
//! [`MockOkta::start`] gives a test an org of its own, on a free port of the loopback interface, with its own keys
//! and a clock of its own; [`sign_in`](OrgHandle::sign_in) gives it a user's tokens:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let okta = mock_okta::MockOkta::start().await?;
//! let tokens = okta.sign_in("ada").await?;
//! assert_eq!(tokens.claims()["iss"], okta.issuer());
//! # Ok(()) }
//! ```
//!
//! An agent that acts for a user gets an access token over ID token and ID-JAG; and a test can do what it could not ask of
//! Okta:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//!
//! use mock_okta::MockOkta;
//!
//! let okta = MockOkta::start().await?;
//! let token = okta
//!     .access_token_for("ada", "agent", "custom_as", &["chat.read"])
//!     .await?;
//! okta.suspend_user("ada")?;
//! okta.advance_clock(Duration::from_secs(3600))?;
//! assert!(okta.sign_in("ada").await.is_err());
//! okta.shutdown().await;
//! # Ok(()) }
//! ```
//!
//! [`MockOkta::builder`] chooses the edition, another address, switches, another org. The org it holds when nothing else is
//! said is described by [`default_org`]; [`org`] describes one of your own.
//!
//! # Features
//!
//! - `cli` (default): the command `mock-okta`. A dev-dependency leaves it out with `default-features = false`.
//! - `jwks-uri` (default): fetches the keys that clients publish at their `jwks_uri`. Without it an org with such a client
//!   neither starts nor can be configured.
//! - `tls`: serves https with HTTP/2: see `Builder::tls`. The feature `cli` brings it along.
//! - `wiremock`: mounts the org on a `MockServer` beside mocks of your own: see `Builder::mount_on`.
//!
//! All rules of the protocol live in the crate `mock-okta-core`; this one owns the sockets, the clock and the
//! threads.

mod access;
mod app;
mod assemble;
mod authority;
mod builder;
pub mod calibrate;
mod clock;
mod documents;
mod faults;
mod files;
mod handle;
mod key_pool;
#[cfg(feature = "wiremock")]
mod mount_wiremock;
pub mod org;
mod org_handle;
mod outage;
mod request_log;
mod server;
mod settings;
mod target_file;
mod threads;
#[cfg_attr(not(feature = "tls"), path = "tls/without.rs")]
mod tls;
mod tokens;

/// The positions of every switch: see [`Builder::switch`].
pub mod switches {
    pub use mock_okta_core::behaviour::switches::*;
}

// Crates whose types are part of this API, so that nobody needs the same version of them beside it.
pub use {http, jiff, serde_json};

pub use assemble::{StartError, check_file};
pub use builder::Builder;
pub use files::FileError;
pub use handle::MockOkta;
#[doc(inline)]
pub use mock_okta_core::EndpointClass as Endpoint;
#[doc(inline)]
pub use mock_okta_core::behaviour::{
    BehaviourError, Behaviours, Edition, OpenQuestion, Setting, Switch, WITHOUT_SWITCH,
};
#[doc(inline)]
pub use mock_okta_core::control::{ControlError, JournalQuery};
#[doc(inline)]
pub use mock_okta_core::keys::KeyError;
#[doc(inline)]
pub use mock_okta_core::org::target::TargetRoles;
#[doc(inline)]
pub use mock_okta_core::org::{ClientId, ConnectionId, CustomServerId, UserId};
#[doc(inline)]
pub use mock_okta_core::{Bend, ChangeId, Defect, UnknownDefect};
#[doc(inline)]
pub use mock_okta_core::{CatalogueRow, Family, Refusal, RowState, catalogue};
#[doc(inline)]
pub use mock_okta_core::{DEFAULT_MEMORY_BUDGET, LEAST_MEMORY_BUDGET, MemoryUse, StoreUse};
#[doc(inline)]
pub use mock_okta_core::{
    ExchangedResource, Fault, FaultError, FaultKind, FaultParameter, FaultState, ParameterForm,
};
#[doc(inline)]
pub use mock_okta_core::{JournalEntry, RawAnswer, RawExchange};
#[doc(inline)]
pub use mock_okta_core::{UnknownVariation, Variation, VariationConflict};
#[cfg(feature = "wiremock")]
pub use mount_wiremock::{MountedOrg, OrgResponder};
pub use org_handle::{HandedOver, OrgHandle};
pub use request_log::{LogFormat, RequestLog};
#[doc(inline)]
pub use strict_yaml::{Place, Problem, Problems};
#[cfg(feature = "tls")]
pub use tls::{TlsError, TlsIdentity};
pub use tokens::{SignIn, TokenError, TokenStep, Tokens, claims_of};

/// JSON Schema (2020-12) of org files.
pub fn org_schema() -> serde_json::Value {
    mock_okta_core::org::Org::schema()
}

/// The file of the default org, which is also the documentation of the format.
pub const fn default_org() -> &'static str {
    mock_okta_core::org::Org::default_yaml()
}
