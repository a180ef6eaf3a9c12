//! The table of routes.

use jiff::Timestamp;

use super::command::{Call, ClockCall, Command, ConnectionRef, ConsentChange};
use super::error::ControlError;
use super::query::{JournalQuery, JournalWait};
use super::route::{Input, Route, RouteBody};
use super::wire::{Fields, object};
use crate::defect::Defect;
use crate::faults::Fault;
use crate::variation::{Variation, Variations};

/// The longest step of the clock, a hundred years: what a test means fits, and no sum overflows.
const MAX_ADVANCE_SECONDS: u64 = 100 * 366 * 86_400;

/// Members that name a consent.
const CONSENT: &[&str] = &["user", "agent", "resource"];
/// Members that name a connection by the agent that uses it.
const CONNECTION: &[&str] = &["agent", "resource"];
/// A JWT to be signed, by its parts.
const SIGN: &[&str] = &["issuer", "header", "claims"];
/// A JWT to be signed, as text.
const SIGN_TEXT: &[&str] = &["issuer", "alg", "signing_input"];

impl Route {
    /// Every route of test control. No two of them match the same request.
    pub const ALL: &[Self] = &[
        Self::get(
            "health",
            "whether the mock is up, its edition, its issuer and the memory it uses",
            |_| Ok(Call::Command(Command::Health)),
        ),
        Self::get(
            "journal",
            "requests and their answers",
            |input| {
                JournalQuery::parse(input.query).map(|query| Call::Command(Command::Journal(query)))
            },
        )
        .with_query(&JournalQuery::KEYS),
        Self::get(
            "journal/wait",
            "the next request that matches, as soon as it is answered; no entry after `timeout` seconds",
            |input| JournalWait::parse(input.query).map(Call::Wait),
        )
        .with_query(&JournalWait::KEYS),
        Self::get("clock", "the org's time", |_| {
            Ok(Call::Clock(ClockCall::Read))
        }),
        Self::put(
            "clock",
            &["now"],
            "sets the org's time; the clock runs on from there",
            set_clock,
        ),
        Self::post(
            "clock/advance",
            &["seconds"],
            "moves the clock forward",
            advance_clock,
        ),
        Self::post("clock/resume", &[], "returns to real time", |input| {
            input.members()?;
            Ok(Call::Clock(ClockCall::Resume))
        }),
        Self::post(
            "reset",
            &[],
            "restores the state at start, faults included; newer keys stay published, defects and variations stay",
            |input| input.without_body(Command::Reset),
        ),
        Self::get(
            "defects",
            "every defect with its summary, and those that are on",
            |_| Ok(Call::Command(Command::Defects)),
        ),
        Self::put(
            "defects",
            &["on"],
            "switches on the defects with these ids and no others",
            set_defects,
        ),
        Self::get(
            "variations",
            "every variation with what allows it, and those that are on",
            |_| Ok(Call::Command(Command::Variations)),
        ),
        Self::put(
            "variations",
            &["on"],
            "switches on the variations with these ids and no others",
            set_variations,
        ),
        Self::get(
            "faults",
            "every fault with its parameters, and those that are on with how often they happened",
            |_| Ok(Call::Command(Command::Faults)),
        ),
        Self::new(
            "POST",
            "faults",
            RouteBody::Fault,
            "adds a wire fault after those that are on",
            add_fault,
        ),
        Self::new(
            "DELETE",
            "faults",
            RouteBody::Unread,
            "ends all wire faults",
            |_| Ok(Call::Command(Command::ClearFaults)),
        ),
        Self::new(
            "DELETE",
            "faults/{number}",
            RouteBody::Unread,
            "ends one wire fault",
            |input| Ok(Call::Command(Command::RemoveFault(input.name()))),
        ),
        Self::post(
            "consents/grant",
            CONSENT,
            "records that the user allows the agent to use a third party",
            |input| consent(input, ConsentChange::Grant),
        ),
        Self::post(
            "consents/refuse",
            CONSENT,
            "records that the user refuses; pending consent links end",
            |input| consent(input, ConsentChange::Refuse),
        ),
        Self::post(
            "consents/withdraw",
            CONSENT,
            "removes the user's consent and the third party's token",
            |input| consent(input, ConsentChange::Withdraw),
        ),
        Self::post(
            "users/{id or login}/suspend",
            &[],
            "suspends a user",
            |input| suspend(input, true),
        ),
        Self::post(
            "users/{id or login}/restore",
            &[],
            "ends a user's suspension",
            |input| suspend(input, false),
        ),
        Self::post(
            "sign-in/auto",
            &["user"],
            "takes every browser for signed in as this user",
            |input| {
                let user = input.members()?.string("user")?;
                Ok(Call::Command(Command::SetAutoSignIn(Some(user))))
            },
        ),
        Self::post(
            "sign-in/page",
            &[],
            "shows the sign-in page again",
            |input| input.without_body(Command::SetAutoSignIn(None)),
        ),
        Self::post("agents/{id}/activate", &[], "activates an agent", |input| {
            agent(input, true)
        }),
        Self::post(
            "agents/{id}/deactivate",
            &[],
            "deactivates an agent",
            |input| agent(input, false),
        ),
        Self::post(
            "connections/activate",
            CONNECTION,
            "activates the agent's connection that `resource` names",
            |input| connection_of(input, true),
        ),
        Self::post(
            "connections/deactivate",
            CONNECTION,
            "deactivates the agent's connection that `resource` names",
            |input| connection_of(input, false),
        ),
        Self::post(
            "connections/{id}/activate",
            &[],
            "activates a connection",
            |input| connection(input, true),
        ),
        Self::post(
            "connections/{id}/deactivate",
            &[],
            "deactivates a connection",
            |input| connection(input, false),
        ),
        Self::post(
            "keys/rotate",
            &["issuer"],
            "gives a server a new signing key; the old one stays published",
            |input| {
                let issuer = input.members()?.string("issuer")?;
                Ok(Call::Command(Command::RotateKey { issuer }))
            },
        ),
        Self::post(
            "keys/publish",
            &["jwks_uri", "keys"],
            "lets a client's `jwks_uri` have these keys, until others are published or a reset",
            |input| {
                let members = input.members()?;
                Ok(Call::Command(Command::PublishKeys {
                    at: members.string("jwks_uri")?,
                    keys: members.list("keys")?,
                }))
            },
        ),
        Self::new(
            "PATCH",
            "org",
            RouteBody::OrgPatch,
            "changes the configuration of the org; entries of lists are found by their `id`",
            |input| {
                let expected = || "members of the org file, as a JSON merge patch".to_owned();
                Ok(Call::Command(Command::Configure(object(
                    input.body, expected,
                )?)))
            },
        ),
        Self::new(
            "POST",
            "sign",
            RouteBody::OneOf(&[SIGN, SIGN_TEXT]),
            "signs a JWT with the key of a server, whatever it says",
            |input| sign(input).map(Call::Command),
        ),
    ];
}

fn consent(input: &Input<'_>, change: ConsentChange) -> Result<Call, ControlError> {
    let members = input.members()?;
    Ok(Call::Command(Command::Consent {
        user: members.string("user")?,
        agent: members.string("agent")?,
        resource: members.string("resource")?,
        change,
    }))
}

fn suspend(input: &Input<'_>, suspended: bool) -> Result<Call, ControlError> {
    let user = input.name();
    input.without_body(Command::SetUserSuspended { user, suspended })
}

fn agent(input: &Input<'_>, active: bool) -> Result<Call, ControlError> {
    let agent = input.name();
    input.without_body(Command::SetAgentActive { agent, active })
}

fn connection(input: &Input<'_>, active: bool) -> Result<Call, ControlError> {
    let connection = ConnectionRef::Id(input.name());
    input.without_body(Command::SetConnectionActive { connection, active })
}

fn connection_of(input: &Input<'_>, active: bool) -> Result<Call, ControlError> {
    let members = input.members()?;
    let connection = ConnectionRef::Of {
        agent: members.string("agent")?,
        resource: members.string("resource")?,
    };
    Ok(Call::Command(Command::SetConnectionActive {
        connection,
        active,
    }))
}

/// Header and claims of a JWT, or the first two parts of one as they are.
fn sign(input: &Input<'_>) -> Result<Command, ControlError> {
    let text = Fields::parse(input.body, SIGN_TEXT);
    if let Some(members) = text.ok().filter(|members| members.has("signing_input")) {
        return Ok(Command::Seal {
            issuer: members.string("issuer")?,
            alg: members.string("alg")?,
            input: members.string("signing_input")?,
        });
    }
    let members = Fields::parse(input.body, SIGN)?;
    Ok(Command::Sign {
        issuer: members.string("issuer")?,
        header: members.object("header")?,
        claims: members.object("claims")?,
    })
}

fn set_clock(input: &Input<'_>) -> Result<Call, ControlError> {
    let now = input.members()?.string("now")?;
    let now: Timestamp = now.parse().map_err(|_| {
        ControlError::bad_request(
            format!("`now` is `{now}`"),
            "an instant as in RFC 3339: \"2026-11-24T12:00:00Z\"",
        )
    })?;
    Ok(Call::Clock(ClockCall::Set(now)))
}

fn advance_clock(input: &Input<'_>) -> Result<Call, ControlError> {
    let seconds = input.members()?.number("seconds")?;
    if seconds > MAX_ADVANCE_SECONDS {
        return Err(ControlError::bad_request(
            format!("`seconds` is {seconds}"),
            format!("at most {MAX_ADVANCE_SECONDS}, a hundred years"),
        ));
    }
    Ok(Call::Clock(ClockCall::Advance(seconds)))
}

fn set_defects(input: &Input<'_>) -> Result<Call, ControlError> {
    let ids = input.members()?.strings("on")?;
    let defects = ids.iter().map(|id| {
        Defect::parse(id).map_err(|error| {
            ControlError::bad_request(error.to_string(), "ids that GET /_mock/defects lists")
        })
    });
    let defects = defects.collect::<Result<_, _>>()?;
    Ok(Call::Command(Command::SetDefects(defects)))
}

fn add_fault(input: &Input<'_>) -> Result<Call, ControlError> {
    let expected = || "the JSON object {\"fault\": …} with its parameters".to_owned();
    let members = object(input.body, expected)?;
    Ok(Call::Command(Command::AddFault(Fault::from_json(
        &members,
    )?)))
}

fn set_variations(input: &Input<'_>) -> Result<Call, ControlError> {
    const EXPECTED: &str = "ids that GET /_mock/variations lists, at most one of each aspect";
    let ids = input.members()?.strings("on")?;
    let wanted: Result<Vec<_>, _> = ids.iter().map(|id| Variation::parse(id)).collect();
    let wanted = wanted.map_err(|error| ControlError::bad_request(error.to_string(), EXPECTED))?;
    let variations = Variations::new(wanted)
        .map_err(|error| ControlError::bad_request(error.to_string(), EXPECTED))?;
    Ok(Call::Command(Command::SetVariations(variations)))
}
