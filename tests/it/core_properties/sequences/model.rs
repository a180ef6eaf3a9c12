//! What may happen, kept apart from how the org does it: who holds which code and token, since when, and what became of
//! it. Written from the specifications, not from the core; where they leave a choice it says so.

use std::collections::BTreeSet;

/// A code may be redeemed for so many seconds.
pub const CODE: i64 = 300;
/// An ID-JAG lives for so many seconds.
pub const ID_JAG: i64 = 300;
/// ID tokens and access tokens live for so many.
pub const HOUR: i64 = 3600;

/// Scopes of the chat server that each agent's connection has.
pub const ON_CONNECTION: [&[&str]; 2] = [
    &["chat.read", "chat.history", "chat.delete"],
    &["chat.read"],
];
/// Scopes that the chat server's access policy grants to agents.
pub const BY_POLICY: [&str; 3] = ["chat.read", "chat.history", "chat.write"];

/// One of the two agents.
pub type Agent = usize;
/// One of the two users.
pub type User = usize;
/// All that came of one code.
pub type Family = usize;

/// Whether something still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    Yes,
    /// The specifications let the server decide.
    Perhaps,
    No,
}

#[derive(Debug, Clone)]
pub struct Code {
    pub text: String,
    pub verifier: String,
    pub agent: Agent,
    pub user: User,
    pub scopes: BTreeSet<String>,
    pub born: i64,
    pub used: bool,
}

#[derive(Debug, Clone)]
pub struct IdToken {
    pub token: String,
    pub agent: Agent,
    pub user: User,
    pub born: i64,
}

#[derive(Debug, Clone)]
pub struct IdJag {
    pub token: String,
    pub agent: Agent,
    pub user: User,
    pub scopes: BTreeSet<String>,
    pub born: i64,
    pub used: bool,
}

#[derive(Debug, Clone)]
pub struct AccessToken {
    pub token: String,
    /// Of the chat server, or of the org.
    pub chat: bool,
    pub agent: Agent,
    pub user: User,
    pub scopes: BTreeSet<String>,
    pub born: i64,
    pub counts: Counts,
    pub family: Option<Family>,
}

#[derive(Debug, Clone)]
pub struct RefreshToken {
    pub token: String,
    pub agent: Agent,
    pub user: User,
    pub scopes: BTreeSet<String>,
    /// Used, where refresh tokens rotate.
    pub rotated: bool,
    pub counts: Counts,
    pub family: Family,
}

/// Everything that was handed out.
#[derive(Debug, Default)]
pub struct Model {
    pub now: i64,
    /// Whether refresh tokens rotate.
    pub rotates: bool,
    pub suspended: [bool; 2],
    pub codes: Vec<Code>,
    pub id_tokens: Vec<IdToken>,
    pub id_jags: Vec<IdJag>,
    pub access_tokens: Vec<AccessToken>,
    pub refresh_tokens: Vec<RefreshToken>,
}

impl Model {
    /// RFC 6749 §4.1.2: once, soon, and for a user who is still welcome.
    pub fn may_redeem_code(&self, which: usize) -> bool {
        let code = &self.codes[which];
        !code.used && self.now < code.born + CODE && !self.suspended[code.user]
    }

    /// ID-JAG draft §4.3: for the agent that the token was issued to, whole scopes of its connection.
    pub fn may_exchange(&self, which: usize, scopes: &BTreeSet<String>) -> bool {
        let token = &self.id_tokens[which];
        let allowed = ON_CONNECTION[token.agent];
        !scopes.is_empty()
            && scopes.iter().all(|scope| allowed.contains(&scope.as_str()))
            && self.now < token.born + HOUR
            && !self.suspended[token.user]
    }

    /// ID-JAG draft §4.4: once, soon, and what the policy grants.
    pub fn may_redeem_id_jag(&self, which: usize) -> bool {
        let id_jag = &self.id_jags[which];
        !id_jag.used
            && self.now < id_jag.born + ID_JAG
            && !self.suspended[id_jag.user]
            && id_jag
                .scopes
                .iter()
                .all(|scope| BY_POLICY.contains(&scope.as_str()))
    }

    /// RFC 6749 §6, RFC 9700 §4.14.
    pub fn may_refresh(&self, which: usize) -> Counts {
        let token = &self.refresh_tokens[which];
        if token.rotated || self.suspended[token.user] {
            return Counts::No;
        }
        token.counts
    }

    /// Whether an access token is worth anything. Nobody says what becomes of it while its user is suspended.
    pub fn access_counts(&self, which: usize) -> Counts {
        let token = &self.access_tokens[which];
        if self.now >= token.born + HOUR {
            return Counts::No;
        }
        match token.counts {
            Counts::Yes if self.suspended[token.user] => Counts::Perhaps,
            counts => counts,
        }
    }

    /// All that came of a code ends, for certain or perhaps.
    pub fn end(&mut self, family: Family, access: Counts) {
        for token in &mut self.refresh_tokens {
            if token.family == family {
                token.counts = Counts::No;
            }
        }
        for token in &mut self.access_tokens {
            if token.family == Some(family) && token.counts != Counts::No {
                token.counts = access;
            }
        }
    }
}
