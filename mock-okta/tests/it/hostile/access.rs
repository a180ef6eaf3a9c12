//! Pages of other sites, and names that are almost the org's, at the test control.

use mock_okta::MockOkta;

use super::wire::{Answer, Connection};

const ADVANCE: &str = r#"{"seconds":3600}"#;

/// An org that is reached by a plain name, as in a test network: browsers send no `Sec-Fetch-Site` there.
fn org() -> MockOkta {
    let org = MockOkta::builder().issuer("http://okta.test");
    org.keys_ahead(false).start_blocking().expect("an org")
}

fn advance(okta: &MockOkta, host: &str, fields: &str) -> Answer {
    let request = format!(
        "POST /_mock/clock/advance HTTP/1.1\r\nhost: {host}\r\n{fields}content-length: {}\r\n\r\n{ADVANCE}",
        ADVANCE.len()
    );
    Connection::to(okta.address()).ask(request.as_bytes())
}

fn has_moved(okta: &MockOkta) -> bool {
    (okta.now().as_second() - jiff::Timestamp::now().as_second()).abs() > 60
}

#[test]
fn a_page_of_another_site_does_not_move_the_clock() {
    let okta = org();
    let json = "content-type: application/json\r\n";
    for fields in [
        "origin: http://evil.example\r\ncontent-type: text/plain\r\n".to_owned(),
        format!("origin: http://evil.example\r\n{json}"),
        format!("origin: null\r\n{json}"),
        format!("origin: http://okta.test.evil.example\r\n{json}"),
        format!("origin: http://okta.test:8080\r\n{json}"),
        // Without an Origin, as an old browser might send it.
        "content-type: text/plain\r\n".to_owned(),
        "content-type: application/x-www-form-urlencoded\r\n".to_owned(),
        "content-type: multipart/form-data; boundary=x\r\n".to_owned(),
        String::new(),
    ] {
        let answer = advance(&okta, "okta.test", &fields);
        assert_eq!(answer.status, 403, "{fields}: {answer:?}");
        assert!(!has_moved(&okta), "{fields}");
    }
}

#[test]
fn a_command_without_a_body_needs_a_field_that_no_page_can_send() {
    let okta = org();
    let ask = |fields: &str| {
        let request = format!(
            "POST /_mock/reset HTTP/1.1\r\nhost: okta.test\r\n{fields}content-length: 0\r\n\r\n"
        );
        Connection::to(okta.address()).ask(request.as_bytes())
    };
    let refused = ask("");
    assert_eq!(refused.status, 403);
    assert!(
        refused.body.contains("X-Mock-Okta-Control: 1"),
        "{refused:?}"
    );
    assert_eq!(ask("x-mock-okta-control: 1\r\n").status, 204);
    assert_eq!(ask("content-type: application/json\r\n").status, 204);
}

#[test]
fn a_page_that_asks_whether_it_may_is_not_told_so() {
    let okta = org();
    let request = "OPTIONS /_mock/clock/advance HTTP/1.1\r\nhost: okta.test\r\norigin: http://evil.example\r\n\
                   access-control-request-method: POST\r\naccess-control-request-headers: x-mock-okta-control\r\n\r\n";
    let answer = Connection::to(okta.address()).ask(request.as_bytes());
    assert!(answer.status >= 400, "{answer:?}");
    assert_eq!(answer.field("access-control-allow-origin"), None);
}

#[test]
fn no_get_changes_anything() {
    let okta = org();
    for command in [
        "clock/advance",
        "clock/resume",
        "reset",
        "org",
        "keys/rotate",
        "sign",
    ] {
        let request = format!("GET /_mock/{command} HTTP/1.1\r\nhost: okta.test\r\n\r\n");
        let answer = Connection::to(okta.address()).ask(request.as_bytes());
        assert_eq!(answer.status, 405, "{command}: {answer:?}");
    }
}

#[test]
fn a_host_that_is_almost_the_orgs_is_another() {
    let okta = org();
    let json = "content-type: application/json\r\n";
    for (host, status) in [
        ("localhost/evil", 400),
        ("evil@localhost", 400),
        ("okta.test@evil.example", 400),
        ("localhost:1:2", 400),
        ("okta.test.evil.example", 403),
        ("okta.test:8080", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example", 403),
    ] {
        let answer = advance(&okta, host, json);
        assert_eq!(answer.status, status, "{host}: {answer:?}");
        assert!(!has_moved(&okta), "{host}");
    }
    let absolute = format!(
        "POST http://evil.example/_mock/clock/advance HTTP/1.1\r\nhost: okta.test\r\n{json}content-length: {}\r\n\r\n{ADVANCE}",
        ADVANCE.len()
    );
    let answer = Connection::to(okta.address()).ask(absolute.as_bytes());
    assert_eq!(answer.status, 403, "{answer:?}");
    assert!(!has_moved(&okta));
}

#[test]
fn programs_and_the_orgs_own_pages_are_served() {
    for fields in ["", "origin: http://okta.test\r\n"] {
        for host in [
            "okta.test",
            "okta.test:80",
            "localhost:7070",
            "127.0.0.1",
            "[::1]:7070",
        ] {
            let okta = org();
            let fields = format!("{fields}content-type: application/json; charset=utf-8\r\n");
            assert_eq!(advance(&okta, host, &fields).status, 200, "{host}");
            assert!(has_moved(&okta));
        }
    }
}
