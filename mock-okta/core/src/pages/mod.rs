//! The pages a person meets: sign-in, a third party's consent, and the places where a flow ends.
//!
//! Pure functions from what is shown to HTML. A page loads nothing, runs no script (but for the one that is a message to the
//! app) and posts to the address it was fetched from, so it needs no address of its own. Every page is sent with [`CONTENT_TYPE`] and
//! [`content_security_policy`].

mod consent;
mod form_post;
mod frame;
mod notice;
mod overview;
mod post_message;
mod sign_in;

pub use consent::{closed, consent};
pub use form_post::form_post;
pub(crate) use frame::as_real;
pub use frame::{CONTENT_TYPE, content_security_policy};
pub use notice::{authorize_error, signed_out};
pub use overview::{
    ClientOverview, ConnectionOverview, Overview, ServerOverview, UserOverview, overview,
};
pub use post_message::{post_message, post_message_policy};
pub use sign_in::sign_in;
