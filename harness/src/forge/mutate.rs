//! The parameters of a request, and what a case changes about them.

use super::{DefaultSigner, Forge, Unforgeable, change_jwt};
use crate::exchange::LONE_BYTE;
use crate::fill;
use crate::scenario::model::{ClientRole, Mutation};

/// Parameters in order, apart by where they travel.
#[derive(Clone, Default)]
pub struct Parameters {
    /// Where this kind of request carries its parameters: the form, or the query of a GET.
    pub main: Vec<(String, String)>,
    /// Those that were moved to the query.
    pub query: Vec<(String, String)>,
}

impl Parameters {
    /// Adds one at the end.
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.main.push((name.to_owned(), value.into()));
    }

    /// Adds one at the end unless it is there.
    pub fn supply(&mut self, name: &str, value: impl FnOnce() -> Option<String>) {
        if self.get(name).is_none()
            && let Some(value) = value()
        {
            self.push(name, value);
        }
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.main.iter().find(|(parameter, _)| parameter == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Changes one parameter. Setting one that is not there adds it; any other change needs it to be there, for a
    /// change that changes nothing would prove nothing.
    pub fn apply(
        &mut self,
        name: &str,
        mutation: &Mutation,
        client: ClientRole,
        forge: &Forge<'_>,
    ) -> Result<(), Unforgeable> {
        if let Mutation::Set(template) = mutation {
            let value = fill::text(template, forge.names)?;
            match self.position(name) {
                Some(at) => self.main[at].1 = value,
                None => self.push(name, value),
            }
            return Ok(());
        }
        let missing = || Unforgeable::NoSuchParameter(name.to_owned());
        let at = self.position(name).ok_or_else(missing)?;
        match mutation {
            Mutation::Set(_) => {}
            Mutation::Drop => self.main.retain(|(parameter, _)| parameter != name),
            Mutation::Empty => self.main[at].1.clear(),
            Mutation::Double(second) => {
                let value = match second {
                    None => self.main[at].1.clone(),
                    Some(template) => fill::text(template, forge.names)?,
                };
                self.main.insert(at + 1, (name.to_owned(), value));
            }
            Mutation::Lengthen(bytes) => {
                let value = &mut self.main[at].1;
                let lacking = bytes.saturating_sub(value.len());
                value.push_str(&"x".repeat(lacking));
            }
            Mutation::Query => {
                let moved = self.main.remove(at);
                self.query.push(moved);
            }
            Mutation::QueryToo => self.query.push(self.main[at].clone()),
            Mutation::Append(template) => {
                let more = fill::text(template, forge.names)?;
                self.main[at].1.push_str(&more);
            }
            Mutation::NotUtf8 => self.main[at].1.push(LONE_BYTE),
            Mutation::Jwt(mutation) => {
                let signer = if name == "client_assertion" {
                    DefaultSigner::Client(client)
                } else {
                    DefaultSigner::Keep
                };
                self.main[at].1 = change_jwt(name, &self.main[at].1, mutation, signer, forge)?;
            }
        }
        Ok(())
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.main
            .iter()
            .position(|(parameter, _)| parameter == name)
    }
}

/// Shows names only.
impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = |list: &[(String, String)]| {
            list.iter()
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
                .join(" ")
        };
        write!(
            f,
            "Parameters({}; query {})",
            names(&self.main),
            names(&self.query)
        )
    }
}
