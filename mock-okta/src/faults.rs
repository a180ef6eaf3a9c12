//! The faults that an org has from the start on, and what an org without connections can do of them.

use mock_okta_core::org::Org;
use mock_okta_core::org::target::TargetRoles;
use mock_okta_core::{CheckedFault, Fault, FaultError};

use crate::assemble::check_jwks_uris;
use crate::tokens::client_in;

/// Adds faults to those of an org file.
///
/// # Errors
/// When one cannot be used.
pub(crate) fn add(
    faults: Vec<Fault>,
    org: &mut Org,
    roles: &TargetRoles,
) -> Result<(), FaultError> {
    for fault in faults {
        let checked = CheckedFault::in_org(with_client_id(fault, org, roles), org)?;
        org.faults.push(checked);
    }
    Ok(())
}

/// The same fault with the id of its client. A name that leads nowhere stays as it is: whoever looks for it says what there is.
pub(crate) fn with_client_id(fault: Fault, org: &Org, roles: &TargetRoles) -> Fault {
    let found = fault
        .client_named()
        .and_then(|name| client_in(org, roles, name));
    match found {
        Some(client) => {
            let id = client.id.to_string();
            fault.client(id)
        }
        None => fault,
    }
}

/// Whether an org that is mounted on another server can do a fault.
///
/// # Errors
/// When it needs a connection.
pub(crate) fn check_without_connections(fault: &Fault) -> Result<(), FaultError> {
    let kind = fault.kind();
    if kind.needs_connection() {
        return Err(FaultError::NeedsConnection { kind });
    }
    Ok(())
}

/// Whether such an org can do all of its faults.
///
/// # Errors
/// When one needs a connection.
pub(crate) fn check_mounted(org: &Org) -> Result<(), FaultError> {
    let mut faults = org.faults.iter();
    faults.try_for_each(|one| check_without_connections(one.fault()))
}

/// What an org must keep that is configured while it is mounted.
///
/// # Errors
/// With what is wrong.
pub(crate) fn check_mounted_org(org: &Org) -> Result<(), String> {
    check_jwks_uris(org).map_err(|error| error.to_string())?;
    check_mounted(org).map_err(|error| error.to_string())
}
