//! From a method, a path and a body to a [`Call`].

use std::borrow::Cow;

use http::StatusCode;
use percent_encoding::percent_decode_str;
use strict_yaml::did_you_mean;

use super::command::Call;
use super::error::ControlError;
use super::route::{Input, Route};

/// Where control requests begin.
pub const PREFIX: &str = "/_mock/";

/// Reads a control request. `path` is the whole path, [`PREFIX`] included.
///
/// # Errors
/// 404 for a path that does not exist, 405 for another method, 400 for a body or query that is not as expected.
pub fn parse(method: &str, path: &str, query: &str, body: &[u8]) -> Result<Call, ControlError> {
    let Some(rest) = path.strip_prefix(PREFIX) else {
        return Err(unknown_path(path));
    };
    let segments: Vec<Cow<'_, str>> = rest
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8())
        .collect::<Result<_, _>>()
        .map_err(|_| {
            ControlError::bad_request("the path is no UTF-8 text", "percent-encoded UTF-8")
        })?;
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();

    let mut allowed = Vec::new();
    for route in Route::ALL {
        let Some(captures) = route.captures(&segments) else {
            continue;
        };
        if route.method != method {
            allowed.push(route.method);
            continue;
        }
        if !query.is_empty() && route.query.is_empty() {
            return Err(ControlError::bad_request(
                format!("{path} takes no query"),
                format!("{method} {path}"),
            ));
        }
        return (route.read)(&Input {
            captures,
            query,
            body,
            route,
        });
    }
    if allowed.is_empty() {
        return Err(unknown_path(path));
    }
    let allowed = allowed.join(" or ");
    Err(ControlError::method_not_allowed(method, path, &allowed))
}

fn unknown_path(path: &str) -> ControlError {
    let mut known: Vec<String> = Vec::new();
    for route in Route::ALL {
        let path = format!("{PREFIX}{}", route.path);
        if known.last() != Some(&path) {
            known.push(path);
        }
    }
    let mut error = format!("there is no {path}");
    if let Some(near) = did_you_mean(path, known.iter().map(String::as_str)) {
        error = format!("{error}; did you mean {near}?");
    }
    ControlError {
        status: StatusCode::NOT_FOUND,
        error,
        expected: format!("one of {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::command::{ClockCall, Command, ConnectionRef};
    use super::super::route::RouteBody;
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

    /// A path that matches a route, with a text that no literal segment has in place of the braces.
    fn example(route: &Route) -> String {
        let segments: Vec<&str> = route
            .path
            .split('/')
            .map(|segment| {
                if segment.starts_with('{') {
                    "any-name"
                } else {
                    segment
                }
            })
            .collect();
        format!("{PREFIX}{}", segments.join("/"))
    }

    #[test]
    fn no_two_routes_match_the_same_request() {
        for route in Route::ALL {
            let path = example(route);
            let segments: Vec<&str> = path[PREFIX.len()..].split('/').collect();
            let matching = Route::ALL
                .iter()
                .filter(|one| one.method == route.method && one.captures(&segments).is_some());
            assert_eq!(matching.count(), 1, "{} {path}", route.method);
        }
    }

    #[test]
    fn a_path_takes_the_methods_of_the_table_and_no_others() {
        for route in Route::ALL {
            let path = example(route);
            let same_path = Route::ALL.iter().filter(|one| one.path == route.path);
            let methods: Vec<&str> = same_path.map(|one| one.method).collect();
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
                let status = parse(method, &path, "", b"").map_err(|error| error.status);
                let refused = status == Err(StatusCode::METHOD_NOT_ALLOWED);
                assert_eq!(refused, !methods.contains(&method), "{method} {path}");
            }
            let expected = error("OPTIONS", &path, "").expected;
            assert_eq!(expected, format!("{} {path}", methods.join(" or ")));
        }
    }

    #[test]
    fn the_body_has_the_members_of_the_table_and_no_others() {
        for route in Route::ALL {
            let path = example(route);
            let status = |body: &str| error(route.method, &path, body).status;
            match route.body {
                RouteBody::Unread => {
                    assert!(
                        parse(route.method, &path, "", b"{\"x\":1}").is_ok(),
                        "{path}"
                    );
                }
                RouteBody::Members(members) => {
                    assert_eq!(status("{\"x\":1}"), StatusCode::BAD_REQUEST, "{path}");
                    for member in members {
                        let report = error(route.method, &path, &format!("{{\"{member}\":null}}"));
                        assert!(!report.error.contains("unknown member"), "{path}: {report}");
                    }
                    let empty = parse(route.method, &path, "", b"{}");
                    assert_eq!(empty.is_ok(), members.is_empty(), "{path}");
                }
                RouteBody::OneOf(_) => assert_eq!(status("{\"x\":1}"), StatusCode::BAD_REQUEST),
                RouteBody::OrgPatch | RouteBody::Fault => {
                    assert_eq!(status("[]"), StatusCode::BAD_REQUEST);
                }
            }
        }
    }

    #[test]
    fn a_query_has_the_parameters_of_the_table_and_no_others() {
        for route in Route::ALL {
            let path = example(route);
            let unknown = parse(route.method, &path, "x=1", b"").map_err(|error| error.status);
            assert_eq!(unknown, Err(StatusCode::BAD_REQUEST), "{path}");
            for name in route.query {
                let value = match *name {
                    "order" => "newest",
                    "raw" => "true",
                    _ => "1",
                };
                let read = parse(route.method, &path, &format!("{name}={value}"), b"");
                assert!(read.is_ok(), "{path}?{name}={value}");
            }
        }
    }

    #[test]
    fn a_path_beside_the_table_is_not_found() {
        for route in Route::ALL {
            let path = example(route);
            let (parent, last) = path.rsplit_once('/').unwrap_or_default();
            for path in [
                format!("{path}/more"),
                format!("{path}/"),
                format!("{parent}/{last}x"),
                format!("{parent}/{}", last.to_uppercase()),
            ] {
                let segments: Vec<&str> = path[PREFIX.len()..].split('/').collect();
                if Route::ALL
                    .iter()
                    .any(|one| one.captures(&segments).is_some())
                {
                    // One route goes on where another ends.
                    continue;
                }
                let body = br#"{"issuer":"http://127.0.0.1:7070"}"#;
                let status = parse(route.method, &path, "", body).map_err(|error| error.status);
                assert_eq!(
                    status,
                    Err(StatusCode::NOT_FOUND),
                    "{} {path}",
                    route.method
                );
            }
        }
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
    fn mistakes_are_reported_with_what_is_right() {
        let reports: Vec<String> = [
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
        insta::assert_snapshot!(reports.join("\n"));
    }
}
