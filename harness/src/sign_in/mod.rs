//! A person signs in at a browser: the code flow with PKCE, from the link to tokens that were validated.
//!
//! [`AuthorizationRequest`] makes the link, [`Listener`] waits at the redirect URI, [`Expected`] judges what comes there, and
//! [`tokens`] what the token endpoint gives. [`by_person`] puts them together, for `atx sign-in` and for a run alike.
//! [`session`] explains why a sign-in by password was refused.

mod browser;
mod callback;
mod error;
mod flow;
mod listener;
mod page;
mod pasted;
mod redirect_uri;
mod refresh;
mod request;
pub mod revocation;
#[cfg(test)]
pub(crate) mod sample;
pub mod session;
pub mod tokens;

pub use browser::{can_open, open as open_in_browser, web_link};
pub use callback::{Callback, Expected};
pub use error::{SignInError, again};
pub use flow::{Asked, Asking, Notice, SignedIn, by_person};
pub use listener::Listener;
pub use pasted::Pasted;
pub use redirect_uri::RedirectUri;
pub use refresh::refreshed;
pub use request::AuthorizationRequest;
