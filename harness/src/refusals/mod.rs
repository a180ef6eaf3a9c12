//! What a setting can have to do with a refusal: for each code of Okta's published error catalogue (2026.08.1) that a
//! setting of the org or of the target file can cause, the cause, the cure and where in the Admin Console it is.
//!
//! The internal code never stands in an answer (okta.md (f)); it is known where the System Log can be read, or where a mock
//! shows it. Otherwise [`candidates`] gives the rows that fit status, `error` and request, the likely ones first.

mod clients;
mod console;
mod exchange;
mod not_by_setting;
mod redeem;
mod sign_in;
mod table;
mod uncommon;

pub use console::Console;
pub use not_by_setting::NOT_BY_SETTING;
pub use table::markdown;

use crate::result::Asked;

/// A refusal that a setting can cause.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// Internal code of Okta's error catalogue.
    pub code: &'static str,
    /// Status code of the answer.
    pub status: u16,
    /// `error` of the answer.
    pub error: &'static str,
    /// What is set so that it comes.
    pub cause: &'static str,
    /// What to do.
    pub cure: &'static str,
    /// Where.
    pub console: Console,
    /// Requests that are refused so.
    at: At,
    /// Words in the description that point to this row, in lower case. Descriptions are no contract, so they choose among
    /// rows and exclude none.
    words: &'static [&'static str],
}

/// Requests to which a row belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Every request with client authentication.
    Any,
    /// The authorization request, and what follows until tokens are there.
    SignIn,
    /// An exchange at the org authorization server.
    Exchange,
    /// The redemption of an ID-JAG.
    Redeem,
    /// A machine's token request.
    Machine,
    /// What is called with an access token.
    Resource,
}

impl At {
    const fn is(self, asked: Asked) -> bool {
        use Asked::{
            AccessToken, BrokeredToken, Code, ExchangedToken, IdJag, MachineToken, RefreshedTokens,
            Resource, Secret, ServiceAccount, Tokens, UserInfo,
        };
        match self {
            Self::Any => !matches!(asked, Resource | UserInfo),
            Self::SignIn => matches!(asked, Code | Tokens | RefreshedTokens),
            Self::Exchange => matches!(
                asked,
                IdJag | Secret | ServiceAccount | BrokeredToken | ExchangedToken
            ),
            Self::Redeem => matches!(asked, AccessToken),
            Self::Machine => matches!(asked, MachineToken),
            Self::Resource => matches!(asked, Resource | UserInfo),
        }
    }
}

/// Every row, in the order in which a request meets them.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    [
        clients::ROWS,
        sign_in::ROWS,
        exchange::ROWS,
        redeem::ROWS,
        uncommon::ROWS,
    ]
    .into_iter()
    .flatten()
}

/// The row of an internal code.
#[must_use]
pub fn of_code(code: &str) -> Option<&'static Row> {
    rows().find(|row| row.code == code)
}

/// The rows that fit a refusal; where the description points to some of them, these alone. What is rare is left out unless the
/// description points to it. A redirect has no status of its own (RFC 6749 section 4.1.2.1).
#[must_use]
pub fn candidates(asked: Asked, status: u16, error: &str, description: &str) -> Vec<&'static Row> {
    let fits = |row: &&Row| {
        let has_status = row.status == status || (300..400).contains(&status);
        has_status && row.error == error && row.at.is(asked)
    };
    let fitting: Vec<&Row> = rows().filter(fits).collect();
    let said = plain(description);
    let points = |row: &&&Row| row.words.iter().any(|words| said.contains(&plain(words)));
    let likely: Vec<&Row> = fitting.iter().filter(points).copied().collect();
    if likely.is_empty() {
        fitting.into_iter().filter(|row| !row.is_rare()).collect()
    } else {
        likely
    }
}

/// Words in lower case between single spaces, one space before and behind them, so that a word is found as a whole.
fn plain(text: &str) -> String {
    let letters = text.chars().map(|one| {
        if one.is_alphanumeric() || one == '_' {
            one
        } else {
            ' '
        }
    });
    let text: String = letters.collect::<String>().to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    format!(" {} ", words.join(" "))
}

impl Row {
    /// Whether it comes of what few orgs do: it is no likely cause unless the description says so.
    fn is_rare(&self) -> bool {
        uncommon::ROWS.iter().any(|row| row.code == self.code) || self.code.starts_with("jwks_uri_")
    }
}

/// Makes the rows of a part of the table.
macro_rules! part {
    ($($code:literal $status:literal $error:literal $at:ident $console:ident [$($words:literal),*]
        $cause:literal => $cure:literal;)+) => {
        pub(super) const ROWS: &[super::Row] = &[$(super::Row {
            code: $code,
            status: $status,
            error: $error,
            cause: $cause,
            cure: $cure,
            console: super::Console::$console,
            at: super::At::$at,
            words: &[$($words),*],
        }),+];
    };
}
use part;

#[cfg(test)]
mod tests;
