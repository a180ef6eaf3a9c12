//! Values that several kinds of answer share.

use serde::{Deserialize, Deserializer};

/// Where something is in its life.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Lifecycle {
    /// In use.
    Active,
    /// Switched off.
    Inactive,
    /// Made, and not yet switched on.
    Staged,
    /// Another word of the API, such as `SUSPENDED` of a user.
    Other(String),
    /// The answer does not say.
    #[default]
    Unsaid,
}

impl Lifecycle {
    /// As the API writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
            Self::Staged => "STAGED",
            Self::Other(word) => word,
            Self::Unsaid => "not said",
        }
    }

    /// Whether it is known not to be in use.
    #[must_use]
    pub fn is_off(&self) -> bool {
        match self {
            Self::Inactive | Self::Staged => true,
            Self::Other(word) => OFF.contains(&word.as_str()),
            Self::Active | Self::Unsaid => false,
        }
    }

    /// Whether it is a word of which nothing is known: the API for AI agents is a Beta.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Other(_)) && !self.is_off()
    }
}

/// Other words for what is not in use: those of users (okta.md (g)), and what APIs call things that were removed.
const OFF: [&str; 9] = [
    "DEACTIVATED",
    "DELETED",
    "DEPROVISIONED",
    "DISABLED",
    "LOCKED_OUT",
    "PASSWORD_EXPIRED",
    "PROVISIONED",
    "RECOVERY",
    "SUSPENDED",
];

impl From<String> for Lifecycle {
    fn from(word: String) -> Self {
        match word.as_str() {
            "ACTIVE" => Self::Active,
            "INACTIVE" => Self::Inactive,
            "STAGED" => Self::Staged,
            _ => Self::Other(word),
        }
    }
}

/// The last part of an ORN, which is the id of what it names: `aus1` of `orn:okta:idp:00o1:authorization_servers:aus1`.
#[must_use]
pub fn last_of_orn(orn: &str) -> &str {
    orn.rsplit(':').next().unwrap_or(orn)
}

/// A member that may be `null` as well as absent.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// `{"include": [..]}`.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Included {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) include: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_word_means_that_nobody_knows_is_unknown() {
        let of = |word: &str| {
            let status = Lifecycle::from(word.to_owned());
            (status.is_off(), status.is_unknown())
        };
        for word in [
            "INACTIVE",
            "STAGED",
            "SUSPENDED",
            "LOCKED_OUT",
            "DEPROVISIONED",
        ] {
            assert_eq!(of(word), (true, false), "{word}");
        }
        assert_eq!(of("ACTIVE"), (false, false));
        assert_eq!(of("ACTIVE_WITH_WARNINGS"), (false, true));
        assert!(!Lifecycle::Unsaid.is_off() && !Lifecycle::Unsaid.is_unknown());
    }
}
