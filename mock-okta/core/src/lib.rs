//! The mock org without I/O: a request, an instant and a source of randomness in; a response and a journal entry out.

mod api_error;
pub mod behaviour;
mod context;
pub mod control;
mod core;
mod cors;
mod defect;
mod documents;
mod endpoints;
mod facts;
mod faults;
mod gate;
mod grants;
mod issuers;
mod journal;
pub mod keys;
mod management;
pub mod org;
pub mod pages;
mod rate_limits;
mod refusal;
mod render;
mod request;
mod rules;
pub mod secret;
mod state;
mod tls_version;
mod tokens;
mod variation;

pub use crate::core::{Admitted, Core, Decided, Options, Snapshot};
pub use crate::defect::{Bend, ChangeId, Defect, Defects, UnknownDefect};
pub use crate::documents::{Document, MAX_DOCUMENT_BYTES, NeedsDocument};
pub use crate::faults::{
    CheckedFault, ConnectionEnd, EndpointClass, ExchangedResource, Fault, FaultError, FaultKind,
    FaultParameter, FaultState, ParameterForm, WireFault, WithoutWire,
};
pub use crate::journal::{EntryNumber, JournalEntry, RawAnswer, RawExchange};
pub use crate::refusal::{CatalogueRow, Family, Refusal, RowState, catalogue};
pub use crate::render::INTERNAL_CODE;
pub use crate::state::{DEFAULT_MEMORY_BUDGET, LEAST_MEMORY_BUDGET, MemoryUse, State, StoreUse};
pub use crate::tls_version::TlsVersion;
pub use crate::variation::{Transport, UnknownVariation, Variation, VariationConflict, Variations};
