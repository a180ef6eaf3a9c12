//! A fault whose values hold, together with what they say.

use super::action::FaultAction;
use super::error::FaultError;
use super::fault::Fault;
use super::kinds::FaultKind;
use super::selection::{Count, EndpointClass, ExchangedResource, Selection};
use crate::org::{ClientId, Org};

/// A fault that an org can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedFault {
    fault: Fault,
    pub(super) action: FaultAction,
    pub(super) takes_effect: bool,
    pub(super) selection: Selection,
    pub(super) count: Count,
}

impl CheckedFault {
    /// Checks every value of a fault. Whether the org has its client is [`CheckedFault::in_org`]'s question.
    ///
    /// # Errors
    /// With the first mistake.
    pub fn new(fault: Fault) -> Result<Self, FaultError> {
        for (name, value) in &fault.values {
            fault.kind.parameter(name)?.check(value)?;
        }
        let number = |name: &str| fault.given(name).and_then(|text| text.parse().ok());
        let count = match (number("next"), number("every")) {
            (None, None) => Count::Always,
            (Some(next), None) => Count::Next(next),
            (None, Some(every)) => Count::Every(every),
            (Some(_), Some(_)) => return Err(FaultError::TwoCounts),
        };
        let selection = Selection {
            endpoint: fault
                .value("endpoint")
                .and_then(EndpointClass::parse)
                .unwrap_or(EndpointClass::Any),
            client: fault.client_named().map(str::to_owned),
            resource: fault
                .given("resource_type")
                .and_then(ExchangedResource::parse),
        };
        let exchanges = matches!(
            selection.endpoint,
            EndpointClass::Token | EndpointClass::Any
        );
        if selection.resource.is_some() && !exchanges {
            return Err(FaultError::ResourceTypeElsewhere {
                endpoint: selection.endpoint.as_str(),
            });
        }
        Ok(Self {
            action: FaultAction::of(&fault)?,
            // What has no such parameter is done to the org's own answer, so the org has to make one.
            takes_effect: fault.value("takes_effect") != Some("false"),
            selection,
            count,
            fault,
        })
    }

    /// The same for an org, which must have the client that it names.
    ///
    /// # Errors
    /// With the first mistake.
    pub fn in_org(fault: Fault, org: &Org) -> Result<Self, FaultError> {
        let checked = Self::new(fault)?;
        match &checked.selection.client {
            Some(client) if !org.clients.contains_key(client.as_str()) => {
                Err(FaultError::UnknownClient {
                    client: client.clone(),
                    known: org.clients.keys().map(ClientId::to_string).collect(),
                })
            }
            _ => Ok(checked),
        }
    }

    /// As it was written.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Its kind.
    pub fn kind(&self) -> FaultKind {
        self.fault.kind
    }
}
