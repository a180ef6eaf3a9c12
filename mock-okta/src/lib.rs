//! A mock Okta org for AI agent token exchange.
//!
//! [`MockOkta::start`] gives a test an org of its own, on a free port of the loopback interface, with its own keys
//! and an own clock:
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use mock_okta::MockOkta;
//!
//! let okta = MockOkta::start().await?;
//! assert!(okta.issuer().starts_with("http://127.0.0.1:"));
//!
//! // What a test could not ask of Okta:
//! okta.suspend_user("ada@example.com")?;
//! okta.advance_clock(std::time::Duration::from_secs(3600))?;
//! assert!(okta.journal().is_empty(), "nobody has asked anything yet");
//!
//! okta.shutdown().await;
//! # Ok(()) }
//! # futures_lite_block_on(example()).unwrap();
//! # fn futures_lite_block_on<F: std::future::Future>(future: F) -> F::Output {
//! #     tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
//! # }
//! ```
//!
//! [`MockOkta::builder`] chooses the edition, another org, another address. The org it holds when told nothing is
//! described by [`default_org`]. With the feature `wiremock` the org mounts on a `MockServer` beside mocks of your
//! own: see [`Builder::mount_on`].
//!
//! All rules of the protocol live in the crate `mock-okta-core`; this one owns the sockets, the clock and the
//! threads.

mod access;
mod app;
mod assemble;
mod authority;
mod builder;
mod clock;
mod documents;
mod files;
mod handle;
mod key_pool;
#[cfg(feature = "wiremock")]
mod mount_wiremock;
mod org_handle;
mod server;
mod target_file;
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
pub use mock_okta_core::behaviour::{
    BehaviourError, Behaviours, Edition, OpenQuestion, Setting, Switch, WITHOUT_SWITCH,
};
pub use mock_okta_core::control::ControlError;
pub use mock_okta_core::keys::KeyError;
pub use mock_okta_core::org::target::TargetRoles;
pub use mock_okta_core::org::{ClientId, ConnectionId, CustomServerId, UserId};
pub use mock_okta_core::{Bend, Defect, JournalEntry, UnknownDefect};
pub use mock_okta_core::{CatalogueRow, Family, Refusal, RowState, catalogue};
pub use mock_okta_core::{DEFAULT_MEMORY_BUDGET, LEAST_MEMORY_BUDGET, MemoryUse, StoreUse};
pub use mock_okta_core::{UnknownVariation, Variation, VariationConflict};
#[cfg(feature = "wiremock")]
pub use mount_wiremock::{MountedOrg, OrgResponder};
pub use org_handle::OrgHandle;
pub use strict_yaml::{Place, Problem, Problems};
pub use tokens::{SignIn, Step, TokenError, Tokens, claims_of};

/// The file of the default org, which is also the documentation of the format.
pub const fn default_org() -> &'static str {
    mock_okta_core::org::Org::default_yaml()
}
