//! The lifelines of a diagram.

use crate::evidence::Participant;

/// A lifeline, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Lane {
    Browser,
    Agent,
    Harness,
    OrgServer,
    CustomServer,
    Vault,
    ThirdParty,
    Resource,
    TestControl,
}

impl Lane {
    /// As it is called over its lifeline.
    pub(in super::super) const fn name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Agent => "agent",
            Self::Harness => "harness",
            Self::OrgServer => "org server",
            Self::CustomServer => "custom server",
            Self::Vault => "vault",
            Self::ThirdParty => "third party",
            Self::Resource => "resource",
            Self::TestControl => "test control",
        }
    }
}

/// The lifeline of a participant.
pub(in super::super) const fn lane(participant: Participant) -> Lane {
    match participant {
        Participant::Browser => Lane::Browser,
        Participant::Agent => Lane::Agent,
        Participant::Harness => Lane::Harness,
        Participant::OrgServer => Lane::OrgServer,
        Participant::CustomServer => Lane::CustomServer,
        Participant::ThirdParty => Lane::ThirdParty,
        Participant::Resource => Lane::Resource,
        Participant::TestControl => Lane::TestControl,
    }
}
