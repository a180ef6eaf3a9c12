//! Open questions without a switch, each with the reason. Together with the switches they are the whole list.

/// A question that public sources leave open and that no switch answers.
#[derive(Debug, Clone, Copy)]
pub struct OpenQuestion {
    /// Its name, by which scenarios and documents refer to it.
    pub name: &'static str,
    /// What is open.
    pub question: &'static str,
    /// Why there is no switch.
    pub reason: &'static str,
}

/// By what they are about.
pub const WITHOUT_SWITCH: &[OpenQuestion] = &[
    OpenQuestion {
        name: "org-access-token-as-subject",
        question: "Which row refuses an access token of the org authorization server as a subject token?",
        reason: "every candidate is 400 invalid_request, so nobody sees a difference",
    },
    OpenQuestion {
        name: "inactive-target",
        question: "Which row refuses a connection or server that is not active?",
        reason: "every candidate is 400 invalid_target, so nobody sees a difference",
    },
    OpenQuestion {
        name: "delegation-chains",
        question: "How do machines, agents and MCP servers hand a subject on?",
        reason: "machine access and chains of agents are not built",
    },
    OpenQuestion {
        name: "vault-checkout",
        question: "What do the vault's checkout policies and rotation do to an exchange?",
        reason: "the org hands out the value of its configuration; the vault is another product",
    },
    OpenQuestion {
        name: "administration-api",
        question: "How are agents, connections and secrets administered?",
        reason: "an org file takes the place of what changes them; the management API shows them, and changes keys alone",
    },
    OpenQuestion {
        name: "saml-and-dpop",
        question: "How do SAML assertions and DPoP work with agents?",
        reason: "neither is built",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::behaviour::Behaviours;

    #[test]
    fn a_question_has_a_name_of_its_own_and_a_reason_or_a_switch() {
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for switch in Behaviours::SWITCHES {
            assert!(names.insert(switch.name), "{}", switch.name);
            assert!(switch.question.ends_with('?'), "{}", switch.name);
        }
        for open in WITHOUT_SWITCH {
            assert!(names.insert(open.name), "{}", open.name);
            assert!(
                !names.contains(&*open.name.replace('-', "_")),
                "{}",
                open.name
            );
            assert!(open.question.ends_with('?'), "{}", open.name);
            assert!(!open.reason.is_empty(), "{}", open.name);
        }
    }
}
