//! Open questions that are no switch, each with the reason. Together with the switches they are the whole list.

/// Questions that public sources leave open and that nothing in the org turns on.
#[derive(Debug, Clone, Copy)]
pub struct OpenQuestion {
    /// Numbers in the list.
    pub numbers: &'static [u8],
    /// What is open.
    pub question: &'static str,
    /// Why there is no switch.
    pub reason: &'static str,
}

/// In the order of the list.
pub const WITHOUT_SWITCH: &[OpenQuestion] = &[
    OpenQuestion {
        numbers: &[13],
        question: "Which row refuses an access token of the org authorization server as a subject token?",
        reason: "every candidate is 400 invalid_request, so nobody sees a difference",
    },
    OpenQuestion {
        numbers: &[14],
        question: "Which row refuses a connection or server that is not active?",
        reason: "every candidate is 400 invalid_target, so nobody sees a difference",
    },
    OpenQuestion {
        numbers: &[18, 19, 20],
        question: "How do machines, agents and MCP servers hand a subject on?",
        reason: "machine access and chains of agents are not built",
    },
    OpenQuestion {
        numbers: &[29, 30],
        question: "What do the vault's checkout policies and rotation do to an exchange?",
        reason: "the org hands out the value of its configuration; the vault is another product",
    },
    OpenQuestion {
        numbers: &[41, 42],
        question: "What are the rate limits, and how are they answered?",
        reason: "the org has no load to shed",
    },
    OpenQuestion {
        numbers: &[45, 46, 47, 48],
        question: "How are agents, connections and secrets administered?",
        reason: "an org file takes the place of the administration API",
    },
    OpenQuestion {
        numbers: &[49, 50],
        question: "How do SAML assertions and DPoP work with agents?",
        reason: "neither is built",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::behaviour::Behaviours;

    /// Questions of the list.
    const LAST: u8 = 51;

    #[test]
    fn every_question_is_a_switch_or_has_a_reason_not_to_be_one() {
        let switched: BTreeSet<u8> = Behaviours::SWITCHES
            .iter()
            .flat_map(|switch| switch.questions.split(", "))
            .map(|number| number.parse().expect("a number"))
            .collect();
        let left: BTreeSet<u8> = WITHOUT_SWITCH
            .iter()
            .flat_map(|question| question.numbers)
            .copied()
            .collect();
        let both: Vec<&u8> = switched.intersection(&left).collect();
        assert_eq!(both, Vec::<&u8>::new(), "a switch, and a reason for none");
        let missing: Vec<u8> = (1..=LAST)
            .filter(|number| !switched.contains(number) && !left.contains(number))
            .collect();
        assert_eq!(missing, Vec::<u8>::new());
    }
}
