//! People.

use super::entry::{Entry, entry_methods, user_id};

/// A person who can sign in.
#[derive(Debug, Clone)]
pub struct User(pub(super) Entry);

impl User {
    /// A user by login, which is the e-mail address as well. The password is `correct-horse` until another is set: a
    /// test that calls [`sign_in`](crate::OrgHandle::sign_in) need not know it.
    pub fn new(login: &str) -> Self {
        let mut entry = Entry::default();
        entry.set("id", user_id(login));
        entry.set("login", login);
        entry.set("password", "correct-horse");
        Self(entry)
    }

    /// The password of the sign-in page.
    #[must_use]
    pub fn password(self, password: &str) -> Self {
        self.with("password", password)
    }

    /// The user can neither sign in nor be acted for.
    #[must_use]
    pub fn suspended(self) -> Self {
        self.with("status", "SUSPENDED")
    }

    /// A claim of the user's profile, such as `name` or `locale`.
    #[must_use]
    pub fn claim(mut self, name: &str, value: &str) -> Self {
        self.0.set_within("profile", name, value);
        self
    }
}

entry_methods!(User: with);
