//! Steps. Each kind has one file here, with all that is said about it: how it is written, what it needs of a target, what
//! a case can change in it, its wording, when it has succeeded. How its request is made is in `steps/`. `kinds` lists
//! them all.

mod advance_clock;
mod authorize;
mod call;
mod consent;
mod control;
mod form;
mod form_post;
mod http;
mod kind;
mod kinds;
mod metadata;
mod parts;
mod sign;
mod sign_in;
mod userinfo;
mod visit;
mod wording;
mod written;

pub use advance_clock::AdvanceClock;
pub use authorize::{Authorize, Browsing};
pub use call::Call;
pub use consent::Consent;
pub use control::{Configured, Control, ControlCommand};
pub use form_post::{FormPost, GRANT_JWT_BEARER, GRANT_TOKEN_EXCHANGE, Request, TYPE_ID_TOKEN};
pub use http::Http;
pub use kind::{Changeable, Description, Effect, Redirects, StepKind, Success};
pub use kinds::Action;
pub use metadata::{Keys, Metadata, MetadataDocument};
pub use sign::Sign;
pub use sign_in::SignIn;
pub use userinfo::UserInfo;
pub use visit::Visit;

pub(crate) use form::StepForm;
pub(crate) use kinds::step_kinds;
pub(crate) use parts::{BasicForm, HeaderForm, Method, one_credential};
pub(crate) use wording::{authentication, presented};
