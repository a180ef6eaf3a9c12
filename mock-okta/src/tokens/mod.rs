//! Tokens for a test: a user signs in, an agent exchanges, a server signs.
//!
//! The org is asked in this process, without a socket, by the same requests that a client would send. So what holds for
//! clients holds here: whoever is suspended gets nothing, switches, defects and variations have their effect, and the
//! journal shows the requests.

mod answer;
mod claims;
mod client_authentication;
mod error;
mod exchange;
mod find;
mod handle;
mod issued;
mod sign_in;

pub use claims::claims_of;
pub use error::{TokenError, TokenStep};
pub(crate) use find::{client as find_client, client_in, server as find_server, user as find_user};
pub use issued::Tokens;
pub use sign_in::SignIn;
