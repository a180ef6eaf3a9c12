//! The authorize endpoint: an input is the query, sent as a program, as a browser, and as a form.

use http::{Request, Response, header};
use url::Url;

use super::http_text;
use crate::org::{BASE, REDIRECT_URI, TestOrg};

const PATH: &str = "/oauth2/v1/authorize";

/// Redirect URIs of the clients of the standard org begin like this, and so does its own address.
const KNOWN_ORIGINS: [&str; 3] = [BASE, "http://localhost:8787", "http://localhost:8788"];

pub fn run(input: &[u8]) -> bool {
    let query = String::from_utf8_lossy(input);
    // In a query every other character is sent per cent-encoded.
    let visible = |c: char| c.is_ascii_graphic() && c != '#';
    let query: String = query.chars().filter(|c| visible(*c)).collect();
    let requests = [
        format!("GET {PATH}?{query}\n\n"),
        format!("GET {PATH}?{query}\naccept: text/html\n\n"),
        format!("POST {PATH}\ncontent-type: application/x-www-form-urlencoded\n\n{query}"),
    ];
    let mut is_accepted = false;
    for text in requests {
        let org = TestOrg::new();
        if let Some(asked) = http_text::read(&org, text.as_bytes()) {
            let answer = http_text::ask(&org, &asked);
            http_text::is_not_stored(&answer);
            stays_among_known_addresses(&asked.request, &answer);
            is_accepted |= !answer.status().is_client_error();
        }
    }
    is_accepted
}

/// Nobody is sent to an address that no client has registered, and no code is given before somebody has signed in.
fn stays_among_known_addresses(request: &Request<Vec<u8>>, answer: &Response<Vec<u8>>) {
    let Some(location) = answer.headers().get(header::LOCATION) else {
        return;
    };
    let location = location.to_str().expect("visible ASCII");
    let parsed = Url::parse(location).expect("an absolute address");
    let origin = parsed.origin().ascii_serialization();
    assert!(
        KNOWN_ORIGINS.contains(&origin.as_str()),
        "{} leads to {location}",
        request.uri()
    );
    assert!(
        !location.starts_with(REDIRECT_URI)
            || !parsed.query_pairs().any(|(name, _)| name == "code"),
        "a code for nobody"
    );
}
