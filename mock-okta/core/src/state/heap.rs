//! How much of the heap a value holds. The figures are those of a common allocator, rounded up: a budget that counted the
//! characters alone would be exceeded several times over.

use std::collections::BTreeSet;

use super::grants::{
    AuthorizationRequest, CodeGrant, DataHandle, PendingSignIn, RefreshGrant, Session,
    ThirdPartyToken,
};
use super::refresh::Family;
use crate::keys::ServerName;
use crate::org::UserId;

/// Bytes on the heap, beside those of the value itself.
pub trait HeapSize {
    /// Counted with what the allocator adds.
    fn heap_bytes(&self) -> usize;
}

/// What an allocation of so many bytes costs: a header, and the next multiple of sixteen.
pub const fn allocation(bytes: usize) -> usize {
    if bytes == 0 {
        0
    } else {
        let whole = (bytes + 8).next_multiple_of(16);
        if whole < 32 { 32 } else { whole }
    }
}

/// What entries of so many bytes take of the process. Entries of many lengths come and go on several threads, which leaves
/// holes between them: a flood of mixed requests was seen to take a sixth more than the sum.
pub const fn with_holes(bytes: usize) -> usize {
    bytes + bytes / 4
}

impl HeapSize for () {
    fn heap_bytes(&self) -> usize {
        0
    }
}

impl HeapSize for String {
    fn heap_bytes(&self) -> usize {
        allocation(self.capacity())
    }
}

impl<T: HeapSize> HeapSize for Option<T> {
    fn heap_bytes(&self) -> usize {
        self.as_ref().map_or(0, HeapSize::heap_bytes)
    }
}

impl<T: HeapSize> HeapSize for Vec<T> {
    fn heap_bytes(&self) -> usize {
        let held: usize = self.iter().map(HeapSize::heap_bytes).sum();
        allocation(self.capacity() * size_of::<T>()) + held
    }
}

/// A node of the tree has room for eleven texts and may be half empty.
impl HeapSize for BTreeSet<String> {
    fn heap_bytes(&self) -> usize {
        let node = allocation(11 * size_of::<String>() + 16);
        let held: usize = self.iter().map(HeapSize::heap_bytes).sum();
        self.len().div_ceil(6) * node + held
    }
}

impl HeapSize for UserId {
    fn heap_bytes(&self) -> usize {
        allocation(self.as_str().len())
    }
}

impl HeapSize for ServerName {
    fn heap_bytes(&self) -> usize {
        match self {
            Self::Org => 0,
            Self::Custom(id) => allocation(id.as_str().len()),
        }
    }
}

impl HeapSize for AuthorizationRequest {
    fn heap_bytes(&self) -> usize {
        self.server.heap_bytes()
            + allocation(self.client.as_str().len())
            + self.redirect_uri.heap_bytes()
            + self.scopes.heap_bytes()
            + self.state.heap_bytes()
            + self.nonce.heap_bytes()
            + self.login_hint.heap_bytes()
            + self.code_challenge.heap_bytes()
            + self.response_mode.heap_bytes()
            + self.resource.heap_bytes()
    }
}

impl HeapSize for PendingSignIn {
    fn heap_bytes(&self) -> usize {
        self.request.heap_bytes() + self.session.heap_bytes()
    }
}

impl HeapSize for Session {
    fn heap_bytes(&self) -> usize {
        self.user.heap_bytes()
    }
}

impl HeapSize for CodeGrant {
    fn heap_bytes(&self) -> usize {
        self.request.heap_bytes()
            + allocation(self.user.as_str().len())
            + self.session.heap_bytes()
            + self.issued.heap_bytes()
    }
}

impl HeapSize for RefreshGrant {
    fn heap_bytes(&self) -> usize {
        self.server.heap_bytes()
            + allocation(self.client.as_str().len())
            + allocation(self.user.as_str().len())
            + self.scopes.heap_bytes()
            + self.nonce.heap_bytes()
            + self.family.heap_bytes()
            + self.resource.heap_bytes()
    }
}

impl HeapSize for Family {
    fn heap_bytes(&self) -> usize {
        0
    }
}

impl HeapSize for DataHandle {
    fn heap_bytes(&self) -> usize {
        self.key.heap_bytes()
            + allocation(self.third_party.as_str().len())
            + self.scopes.heap_bytes()
    }
}

impl HeapSize for ThirdPartyToken {
    fn heap_bytes(&self) -> usize {
        self.key.heap_bytes()
            + allocation(self.third_party.as_str().len())
            + self.scopes.heap_bytes()
    }
}

impl HeapSize for super::ConsentKey {
    fn heap_bytes(&self) -> usize {
        allocation(self.user.as_str().len())
            + allocation(self.agent.as_str().len())
            + allocation(self.connection.as_str().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allocation_costs_more_than_its_bytes() {
        assert_eq!(allocation(0), 0);
        assert_eq!(allocation(1), 32);
        assert_eq!(allocation(43), 64);
        assert_eq!(allocation(65_000), 65_008);
    }

    #[test]
    fn a_set_costs_its_nodes_even_when_it_holds_one_word() {
        let one = BTreeSet::from(["openid".to_owned()]);
        assert!(one.heap_bytes() > 300, "{}", one.heap_bytes());
    }
}
