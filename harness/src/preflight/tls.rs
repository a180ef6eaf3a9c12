//! Which setting a failed handshake points to.

use super::{mistake, servers};
use crate::exchange::Exchange;
use crate::result::Misconfiguration;
use crate::scenario::model::ServerRole;
use crate::targets::{Server, TlsFault, Trouble, TroubleKind};

/// The setting that is probably wrong where no secure connection to the server in this role came about.
#[must_use]
pub fn mistake_of(trouble: &Trouble, role: ServerRole) -> Option<Misconfiguration> {
    let TroubleKind::Tls(fault) = trouble.kind else {
        return None;
    };
    let setting = match fault {
        TlsFault::UnknownAuthority | TlsFault::OtherAuthority => "ca".to_owned(),
        TlsFault::OtherHost | TlsFault::PlainHttp => servers::setting(role),
        TlsFault::NotYetValid => servers::CLOCK.to_owned(),
        // The file cannot help.
        TlsFault::AuthorityAsServer | TlsFault::Expired | TlsFault::Other => return None,
    };
    let detail = trouble.detail.as_deref().unwrap_or_default();
    let what = format!("no secure connection to {}: {detail}", trouble.origin);
    Some(mistake(setting, what, fault.cure()))
}

/// A server that answers plain HTTP with the words that it speaks https.
#[must_use]
pub fn speaks_https(
    server: &Server,
    role: ServerRole,
    answer: &Exchange,
) -> Option<Misconfiguration> {
    let rest = server.issuer.strip_prefix("http://")?;
    let said = answer.response.text.to_ascii_lowercase();
    if answer.response.status != 400 || !said.contains("https") {
        return None;
    }
    let what = format!(
        "the server at `{}` speaks https and refuses plain HTTP",
        server.issuer
    );
    Some(mistake(
        servers::setting(role),
        what,
        format!("write `https://{rest}`, and the other addresses likewise"),
    ))
}
