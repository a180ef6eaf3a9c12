//! The section `connections`.

use std::collections::BTreeMap;

use strict_yaml::{MapReader, Problem, Spanned};

use super::resolve::{KnownNames, RecordKind};
use super::words::{each, id, scopes, set, status};
use crate::org::{
    ClientId, ConnectionId, ConnectionTarget, CustomServerId, ResourceConnection, ScopeCondition,
    ThirdPartyId, uri,
};

#[derive(Clone, Copy)]
pub(super) enum Type {
    CustomServer,
    Secret,
    ServiceAccount,
    ThirdParty,
}

/// The names of the guide.
pub(super) const TYPES: [(&str, Type); 4] = [
    (ConnectionTarget::CUSTOM_SERVER, Type::CustomServer),
    (ConnectionTarget::SECRET, Type::Secret),
    (ConnectionTarget::SERVICE_ACCOUNT, Type::ServiceAccount),
    (ConnectionTarget::THIRD_PARTY, Type::ThirdParty),
];

#[derive(Clone, Copy, PartialEq)]
pub(super) enum ConditionWord {
    All,
    Include,
    Exclude,
}

pub(super) const SCOPE_CONDITIONS: [(&str, ConditionWord); 3] = [
    (ScopeCondition::ALL, ConditionWord::All),
    (ScopeCondition::INCLUDE_ONLY, ConditionWord::Include),
    (ScopeCondition::EXCLUDE, ConditionWord::Exclude),
];

/// Keys that depend on the type: none is unknown where the type itself is.
const EVERY_KEY: [&str; 6] = [
    "authorization_server",
    "scope_condition",
    "scopes",
    "secret",
    "service_account",
    "third_party",
];

pub(super) fn connections(
    top: &mut MapReader<'_, '_>,
    known: &mut KnownNames,
) -> BTreeMap<ConnectionId, ResourceConnection> {
    let mut taken: BTreeMap<(String, String), usize> = BTreeMap::new();
    each(top, "connections", "a connection", |connection| {
        let id = id(connection, "mcn", None);
        if let Some(id) = &id {
            known.declare(RecordKind::Connection, id, connection.problems());
        }
        let agent = connection.required_str("agent");
        let agent =
            agent.and_then(|agent| known.find(RecordKind::Agent, &agent, connection.problems()));
        let kind = connection.required_one_of("type", &TYPES);
        if kind.is_none() {
            for key in EVERY_KEY {
                connection.know(key);
            }
        }
        let target = kind.and_then(|kind| target(kind.value, connection, known));
        let indicator = indicator(connection, kind.map(|kind| kind.value));
        let status = status(connection);

        let (agent, (target, name)) = (agent?, target?);
        for name in name.into_iter().chain(indicator.clone()) {
            let line = name.place.line;
            let first = *taken
                .entry((agent.clone(), name.value.clone()))
                .or_insert(line);
            if first != line {
                connection.problems().push(
                    Problem::new(
                        name.place,
                        format!(
                            "this agent has a connection to `{}` already, on line {first}",
                            name.value
                        ),
                    )
                    .help("a request must mean one of them: remove the other"),
                );
            }
        }
        let id = ConnectionId::new(id?.value);
        Some((
            id.clone(),
            ResourceConnection {
                id,
                agent: ClientId::new(agent),
                target,
                resource_indicator: indicator.map(|indicator| indicator.value),
                status,
            },
        ))
    })
}

/// What it leads to, and the name by which only one connection of an agent may go.
fn target(
    kind: Type,
    connection: &mut MapReader<'_, '_>,
    known: &KnownNames,
) -> Option<(ConnectionTarget, Option<Spanned<String>>)> {
    let (key, kind_of_thing) = match kind {
        Type::CustomServer => ("authorization_server", RecordKind::Server),
        Type::Secret => ("secret", RecordKind::Secret),
        Type::ServiceAccount => ("service_account", RecordKind::ServiceAccount),
        Type::ThirdParty => ("third_party", RecordKind::ThirdParty),
    };
    let condition = matches!(kind, Type::CustomServer).then(|| condition(connection));
    let asked = matches!(kind, Type::ThirdParty).then(|| scopes(connection, "scopes"));
    let name = connection.required_str(key)?;
    let thing = known.find(kind_of_thing, &name, connection.problems())?;
    for scopes in condition.iter().map(|(_, scopes)| scopes).chain(&asked) {
        known.check_scopes(kind_of_thing, &thing, scopes, &[], connection.problems());
    }
    let unique = Some(name.map(|_| thing.clone()));
    Some(match kind {
        Type::CustomServer => {
            let target = ConnectionTarget::CustomServer {
                server: CustomServerId::new(thing),
                scopes: condition.map_or(ScopeCondition::All, |(condition, _)| condition),
            };
            (target, unique)
        }
        Type::Secret => (ConnectionTarget::Secret { secret: thing }, unique),
        Type::ServiceAccount => (
            ConnectionTarget::ServiceAccount {
                service_account: thing,
            },
            unique,
        ),
        Type::ThirdParty => {
            let scopes = asked.unwrap_or_default();
            let target = ConnectionTarget::ThirdParty {
                third_party: ThirdPartyId::new(thing),
                scopes: scopes.into_iter().map(|scope| scope.value).collect(),
            };
            // An agent may reach one third party in several ways, distinguished by the indicator.
            (target, None)
        }
    })
}

fn condition(connection: &mut MapReader<'_, '_>) -> (ScopeCondition, Vec<Spanned<String>>) {
    let word = connection.optional_one_of("scope_condition", &SCOPE_CONDITIONS);
    let place = word.map_or(connection.place(), |word| word.place);
    let word = word.map_or(ConditionWord::All, |word| word.value);
    let list = scopes(connection, "scopes");
    match word {
        ConditionWord::All if !list.is_empty() => connection.problems().push(
            Problem::new(
                place,
                "`scopes` has no meaning when all scopes are on the connection",
            )
            .help("write `scope_condition: INCLUDE_ONLY`, or remove `scopes`"),
        ),
        ConditionWord::Include | ConditionWord::Exclude if list.is_empty() => {
            connection.problems().push(
                Problem::new(place, "the condition names no scopes")
                    .help("add `scopes: [chat.read]`"),
            );
        }
        ConditionWord::All | ConditionWord::Include | ConditionWord::Exclude => {}
    }
    let condition = match word {
        ConditionWord::All => ScopeCondition::All,
        ConditionWord::Include => ScopeCondition::IncludeOnly(set(&list)),
        ConditionWord::Exclude => ScopeCondition::Exclude(set(&list)),
    };
    (condition, list)
}

/// A third party goes by nothing else, so there it must be given.
fn indicator(connection: &mut MapReader<'_, '_>, kind: Option<Type>) -> Option<Spanned<String>> {
    let indicator = if matches!(kind, Some(Type::ThirdParty)) {
        connection.required_str("resource_indicator")
    } else {
        connection.optional_str("resource_indicator")
    }?;
    if let Err(reason) = uri::check(&indicator.value) {
        let shown = uri::shown(&indicator.value);
        connection.problems().push(
            Problem::new(indicator.place, format!("`{shown}` is no resource indicator (`resource_indicator`): {reason}"))
                .expected("an absolute URI without a fragment (RFC 8707), such as https://tracker.example.com"),
        );
    }
    Some(indicator)
}
