//! Places in an answer that a variation can touch. The journal remembers which an answer had, so that it is known which
//! tests a variation can concern.

use serde::ser::{Serialize, Serializer};

use super::Variation;

/// One place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Place {
    /// Whatever is answered.
    Any,
    /// A JSON body.
    Json,
    // --- the token endpoint
    TokenAnswer,
    // --- tokens
    Token,
    IdToken,
    IdJag,
    AccessToken,
    // --- refusals
    OauthError,
    // --- documents
    Metadata,
    Keys,
    ResourceMetadata,
    // --- what is told of tokens and users
    UserInfo,
    ActiveToken,
    InactiveToken,
}

/// A set of places.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Places(u64);

impl Places {
    pub(crate) fn add(&mut self, place: Place) {
        self.0 |= 1 << place as u8;
    }

    pub(crate) fn add_all_of(&mut self, variation: Variation) {
        for place in variation.places() {
            self.add(*place);
        }
    }

    pub(crate) fn has(self, place: Place) -> bool {
        self.0 & (1 << place as u8) != 0
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a variation shows at one of these places.
    pub(crate) fn touched_by(self, variation: Variation) -> bool {
        variation.places().iter().any(|place| self.has(*place))
    }
}

/// As the ids of the variations that would change the answer.
impl Serialize for Places {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all = Variation::ALL.iter();
        serializer.collect_seq(all.filter(|one| self.touched_by(**one)))
    }
}

/// By id.
impl Serialize for Variation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
