//! Test control: what a test may ask of the mock that no client could ask of Okta.
//!
//! A request below `/_mock/` becomes a [`Call`]. Time belongs to whoever runs the core, so the clock's calls are a
//! type of their own; the others go to [`Core::control`](crate::Core::control).
//!
//! | method and path | body | does |
//! |---|---|---|
//! | `GET health` | | says that it is up, its edition and issuer |
//! | `GET journal` | | what was asked and answered; see [`JournalQuery`] |
//! | `GET clock` | | the org's time |
//! | `PUT clock` | `now` | sets it |
//! | `POST clock/advance` | `seconds` | moves it on |
//! | `POST clock/resume` | | back to real time |
//! | `POST reset` | | the state as it was at start; keys, defects and variations stay |
//! | `GET defects` | | every defect with its summary, and those that are on |
//! | `PUT defects` | `on` | these defects, by id, and no others |
//! | `GET variations` | | every variation with what allows it, and those that are on |
//! | `PUT variations` | `on` | these variations, by id, and no others |
//! | `POST consents/grant`, `/refuse`, `/withdraw` | `user`, `agent`, `resource` | decides for the user |
//! | `POST users/{id or login}/suspend`, `/restore` | | |
//! | `POST agents/{id}/activate`, `/deactivate` | | |
//! | `POST connections/{id}/activate`, `/deactivate` | | |
//! | `POST connections/activate`, `/deactivate` | `agent`, `resource` | the connection that `resource` names |
//! | `POST keys/rotate` | `issuer` | a new signing key; the old one stays published |
//! | `POST keys/publish` | `jwks_uri`, `keys` | a client's `jwks_uri` has these keys until others are published or a reset |
//! | `PATCH org` | a merge patch | configures the org anew: members of the org file, entries of lists by their `id` |
//! | `POST sign` | `issuer`, `header`, `claims` | a JWT of these, signed with the key of that server |

mod apply;
mod command;
mod configure;
mod error;
mod find;
mod parse;
mod query;
mod sign;
mod switched;
mod wire;

pub use command::{Call, ClockCall, Command, ConnectionRef, ConsentChange};
pub use error::ControlError;
pub use parse::{PREFIX, parse};
pub use query::JournalQuery;
pub use switched::Switched;
