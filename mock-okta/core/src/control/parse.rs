//! From a method, a path and a body to a [`Call`].

use http::StatusCode;
use jiff::Timestamp;
use strict_yaml::did_you_mean;

use super::command::{Call, ClockCall, Command, ConnectionRef, ConsentChange};
use super::error::ControlError;
use super::query::JournalQuery;
use super::wire::{Fields, object};
use crate::defect::Defect;
use crate::variation::{Variation, Variations};

/// Where control requests begin.
pub const PREFIX: &str = "/_mock/";

/// The longest step of the clock, a hundred years: what a test means fits, and no sum overflows.
const MAX_ADVANCE_SECONDS: u64 = 100 * 366 * 86_400;

/// Reads a control request. `path` is the whole path, [`PREFIX`] included.
///
/// # Errors
/// 404 for a path that does not exist, 405 for another method, 400 for a body or query that is not as expected.
pub fn parse(method: &str, path: &str, query: &str, body: &[u8]) -> Result<Call, ControlError> {
    let Some(rest) = path.strip_prefix(PREFIX) else {
        return Err(unknown_path(path));
    };
    let parts: Vec<String> = rest
        .split('/')
        .map(decode)
        .collect::<Option<_>>()
        .ok_or_else(|| {
            ControlError::bad_request("the path is no UTF-8 text", "percent-encoded UTF-8")
        })?;
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();

    let allowed = if matches!(parts[..], ["health" | "journal"]) {
        "GET"
    } else if matches!(parts[..], ["clock" | "defects" | "variations"]) {
        "GET or PUT"
    } else if matches!(parts[..], ["org"]) {
        "PATCH"
    } else if is_change(&parts) {
        "POST"
    } else {
        return Err(unknown_path(path));
    };
    if !allowed.split(" or ").any(|known| known == method) {
        return Err(ControlError::method_not_allowed(method, path, allowed));
    }
    if !query.is_empty() && !matches!(parts[..], ["journal"]) {
        return Err(ControlError::bad_request(
            format!("{path} takes no query"),
            format!("{method} {path}"),
        ));
    }
    read(method, &parts, query, body)
}

fn is_change(parts: &[&str]) -> bool {
    matches!(
        parts,
        ["reset" | "sign"]
            | ["clock", "advance" | "resume"]
            | ["consents", "grant" | "refuse" | "withdraw"]
            | ["users", _, "suspend" | "restore"]
            | ["connections", "activate" | "deactivate"]
            | ["agents" | "connections", _, "activate" | "deactivate"]
            | ["keys", "rotate" | "publish"]
    )
}

fn read(method: &str, parts: &[&str], query: &str, body: &[u8]) -> Result<Call, ControlError> {
    let nothing = || Fields::parse(body, &[]);
    let command = match *parts {
        ["health"] => Command::Health,
        ["journal"] => Command::Journal(JournalQuery::parse(query)?),
        ["defects"] if method == "GET" => Command::Defects,
        ["defects"] => set_defects(body)?,
        ["variations"] if method == "GET" => Command::Variations,
        ["variations"] => set_variations(body)?,
        ["clock"] if method == "GET" => return Ok(Call::Clock(ClockCall::Read)),
        ["clock"] => return set_clock(body),
        ["clock", "advance"] => return advance_clock(body),
        ["clock", "resume"] => {
            nothing()?;
            return Ok(Call::Clock(ClockCall::Resume));
        }
        ["reset"] => {
            nothing()?;
            Command::Reset
        }
        ["consents", change] => {
            let fields = Fields::parse(body, &["user", "agent", "resource"])?;
            Command::Consent {
                user: fields.string("user")?,
                agent: fields.string("agent")?,
                resource: fields.string("resource")?,
                change: match change {
                    "grant" => ConsentChange::Grant,
                    "refuse" => ConsentChange::Refuse,
                    _ => ConsentChange::Withdraw,
                },
            }
        }
        ["users", user, change] => {
            nothing()?;
            Command::SetUserSuspended {
                user: user.to_owned(),
                suspended: change == "suspend",
            }
        }
        ["agents", agent, change] => {
            nothing()?;
            Command::SetAgentActive {
                agent: agent.to_owned(),
                active: change == "activate",
            }
        }
        ["connections", id, change] => {
            nothing()?;
            Command::SetConnectionActive {
                connection: ConnectionRef::Id(id.to_owned()),
                active: change == "activate",
            }
        }
        ["connections", change] => {
            let fields = Fields::parse(body, &["agent", "resource"])?;
            Command::SetConnectionActive {
                connection: ConnectionRef::Of {
                    agent: fields.string("agent")?,
                    resource: fields.string("resource")?,
                },
                active: change == "activate",
            }
        }
        ["sign"] => sign(body)?,
        ["org"] => Command::Configure(object(body, || {
            "members of the org file, as a JSON merge patch".to_owned()
        })?),
        ["keys", "publish"] => {
            let fields = Fields::parse(body, &["jwks_uri", "keys"])?;
            Command::PublishKeys {
                at: fields.string("jwks_uri")?,
                keys: fields.list("keys")?,
            }
        }
        _ => Command::RotateKey {
            issuer: Fields::parse(body, &["issuer"])?.string("issuer")?,
        },
    };
    Ok(Call::Command(command))
}

/// Header and claims of a JWT, or the first two parts of one as they are.
fn sign(body: &[u8]) -> Result<Command, ControlError> {
    let input = Fields::parse(body, &["issuer", "alg", "signing_input"]);
    if let Some(fields) = input.ok().filter(|fields| fields.has("signing_input")) {
        return Ok(Command::Seal {
            issuer: fields.string("issuer")?,
            alg: fields.string("alg")?,
            input: fields.string("signing_input")?,
        });
    }
    let fields = Fields::parse(body, &["issuer", "header", "claims"])?;
    Ok(Command::Sign {
        issuer: fields.string("issuer")?,
        header: fields.object("header")?,
        claims: fields.object("claims")?,
    })
}

fn set_clock(body: &[u8]) -> Result<Call, ControlError> {
    let now = Fields::parse(body, &["now"])?.string("now")?;
    let now: Timestamp = now.parse().map_err(|_| {
        ControlError::bad_request(
            format!("`now` is `{now}`"),
            "an instant as in RFC 3339: \"2026-11-24T12:00:00Z\"",
        )
    })?;
    Ok(Call::Clock(ClockCall::Set(now)))
}

fn set_defects(body: &[u8]) -> Result<Command, ControlError> {
    let ids = Fields::parse(body, &["on"])?.strings("on")?;
    let defects = ids.iter().map(|id| {
        Defect::parse(id).map_err(|error| {
            ControlError::bad_request(error.to_string(), "ids that GET /_mock/defects tells")
        })
    });
    Ok(Command::SetDefects(defects.collect::<Result<_, _>>()?))
}

fn set_variations(body: &[u8]) -> Result<Command, ControlError> {
    const EXPECTED: &str = "ids that GET /_mock/variations tells, at most one of each aspect";
    let ids = Fields::parse(body, &["on"])?.strings("on")?;
    let wanted: Result<Vec<_>, _> = ids.iter().map(|id| Variation::parse(id)).collect();
    let wanted = wanted.map_err(|error| ControlError::bad_request(error.to_string(), EXPECTED))?;
    Variations::new(wanted)
        .map(Command::SetVariations)
        .map_err(|error| ControlError::bad_request(error.to_string(), EXPECTED))
}

fn advance_clock(body: &[u8]) -> Result<Call, ControlError> {
    let seconds = Fields::parse(body, &["seconds"])?.number("seconds")?;
    if seconds > MAX_ADVANCE_SECONDS {
        return Err(ControlError::bad_request(
            format!("`seconds` is {seconds}"),
            format!("at most {MAX_ADVANCE_SECONDS}, a hundred years"),
        ));
    }
    Ok(Call::Clock(ClockCall::Advance(seconds)))
}

const PATHS: [&str; 22] = [
    "/_mock/health",
    "/_mock/journal",
    "/_mock/clock",
    "/_mock/clock/advance",
    "/_mock/clock/resume",
    "/_mock/reset",
    "/_mock/defects",
    "/_mock/variations",
    "/_mock/consents/grant",
    "/_mock/consents/refuse",
    "/_mock/consents/withdraw",
    "/_mock/users/{id or login}/suspend",
    "/_mock/users/{id or login}/restore",
    "/_mock/agents/{id}/activate",
    "/_mock/agents/{id}/deactivate",
    "/_mock/connections/{id}/activate",
    "/_mock/connections/activate",
    "/_mock/connections/deactivate",
    "/_mock/keys/rotate",
    "/_mock/keys/publish",
    "/_mock/org",
    "/_mock/sign",
];

fn unknown_path(path: &str) -> ControlError {
    let mut error = format!("there is no {path}");
    if let Some(near) = did_you_mean(path, PATHS) {
        error = format!("{error}; did you mean {near}?");
    }
    ControlError {
        status: StatusCode::NOT_FOUND,
        error,
        expected: format!("one of {}", PATHS.join(", ")),
    }
}

/// Percent-decoding of one part of a path; `None` when the result is no text.
fn decode(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        let hex = |at: usize| char::from(*tail.get(at)?).to_digit(16);
        match (byte, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).ok()?);
                rest = &tail[2..];
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(method: &str, path: &str, body: &str) -> Command {
        match parse(method, path, "", body.as_bytes()) {
            Ok(Call::Command(command)) => command,
            other => panic!("{other:?}"),
        }
    }

    fn error(method: &str, path: &str, body: &str) -> ControlError {
        parse(method, path, "", body.as_bytes()).expect_err("a mistake")
    }

    #[test]
    fn a_login_in_a_path_may_be_percent_encoded() {
        for path in [
            "/_mock/users/ada@example.com/suspend",
            "/_mock/users/ada%40example.com/suspend",
        ] {
            assert_eq!(
                command("POST", path, ""),
                Command::SetUserSuspended {
                    user: "ada@example.com".to_owned(),
                    suspended: true
                }
            );
        }
    }

    #[test]
    fn a_connection_goes_by_id_or_by_agent_and_resource() {
        assert_eq!(
            command("POST", "/_mock/connections/mcn1/deactivate", ""),
            Command::SetConnectionActive {
                connection: ConnectionRef::Id("mcn1".to_owned()),
                active: false
            }
        );
        assert_eq!(
            command(
                "POST",
                "/_mock/connections/activate",
                r#"{"agent":"wlp1","resource":"orn:1"}"#
            ),
            Command::SetConnectionActive {
                connection: ConnectionRef::Of {
                    agent: "wlp1".to_owned(),
                    resource: "orn:1".to_owned()
                },
                active: true
            }
        );
    }

    #[test]
    fn defects_go_by_their_ids() {
        let body = r#"{"on":["mute/id_jag_replayed","bend/id-jag-typ-missing"]}"#;
        let Command::SetDefects(defects) = command("PUT", "/_mock/defects", body) else {
            panic!("another command");
        };
        let ids: Vec<String> = defects.iter().map(|defect| defect.to_string()).collect();
        assert_eq!(ids, ["mute/id_jag_replayed", "bend/id-jag-typ-missing"]);
        assert_eq!(command("GET", "/_mock/defects", ""), Command::Defects);
    }

    #[test]
    fn the_clock_is_a_call_of_its_own() {
        assert_eq!(
            parse("POST", "/_mock/clock/advance", "", br#"{"seconds":3601}"#),
            Ok(Call::Clock(ClockCall::Advance(3601)))
        );
        assert_eq!(
            parse(
                "PUT",
                "/_mock/clock",
                "",
                br#"{"now":"1970-01-01T00:01:00Z"}"#
            ),
            Ok(Call::Clock(ClockCall::Set(
                Timestamp::from_second(60).expect("an instant")
            )))
        );
        assert_eq!(
            parse("GET", "/_mock/clock", "", b""),
            Ok(Call::Clock(ClockCall::Read))
        );
    }

    #[test]
    fn mistakes_are_told_with_what_is_right() {
        let told: Vec<String> = [
            error(
                "POST",
                "/_mock/consents/grant",
                r#"{"user":"ada","agnet":"wlp1"}"#,
            ),
            error(
                "POST",
                "/_mock/consents/grant",
                r#"{"user":"ada","agent":"wlp1"}"#,
            ),
            error(
                "POST",
                "/_mock/consents/grant",
                r#"{"user":7,"agent":"a","resource":"r"}"#,
            ),
            error("POST", "/_mock/consents/grant", "user=ada"),
            error("POST", "/_mock/reset", r#"{"hard":true}"#),
            error("POST", "/_mock/clock/advance", r#"{"seconds":-5}"#),
            error(
                "POST",
                "/_mock/clock/advance",
                r#"{"seconds":9999999999999}"#,
            ),
            error("PUT", "/_mock/clock", r#"{"now":"tomorrow"}"#),
            error("GET", "/_mock/reset", ""),
            error("GET", "/_mock/jurnal", ""),
            error("PUT", "/_mock/defects", r#"{"on":"mute/id_jag_replayed"}"#),
            error("PUT", "/_mock/defects", r#"{"on":["mute/id_jag_replay"]}"#),
            error("POST", "/_mock/defects", r#"{"on":[]}"#),
            error(
                "PUT",
                "/_mock/variations",
                r#"{"on":["vary/json-members-revrsed"]}"#,
            ),
            error(
                "PUT",
                "/_mock/variations",
                r#"{"on":["vary/json-pretty","vary/json-spaced"]}"#,
            ),
            error(
                "POST",
                "/_mock/sign",
                r#"{"issuer":"https://o","header":{},"claims":[]}"#,
            ),
            error("PATCH", "/_mock/org", "[]"),
            error("POST", "/_mock/org", r#"{"org":{}}"#),
            error(
                "POST",
                "/_mock/keys/publish",
                r#"{"jwks_uri":"https://a","keys":{}}"#,
            ),
        ]
        .iter()
        .map(|error| format!("{} {error}", error.status.as_u16()))
        .collect();
        insta::assert_snapshot!(told.join("\n"));
    }
}
