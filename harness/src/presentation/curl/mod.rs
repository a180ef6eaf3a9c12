//! A recorded request as a line for a shell that sends it again: `curl …`.
//!
//! Safe to paste and to publish. A secret is a shell variable that the reader sets, and so is a JWT: what of it is no
//! secret stands decoded in the report. Nothing in the line acts on the shell: see [`shell`].

mod pieces;
pub(crate) mod shell;

use form_urlencoded::byte_serialize;

use super::text::is_unsafe;
use crate::evidence::{RecordedField, RecordedRequest};
use pieces::{Names, Piece, Pieces};
use shell::word;

/// The media type of a form, which curl assumes by itself.
const FORM: &str = "application/x-www-form-urlencoded";
/// Header fields that curl sets itself: what was recorded would be wrong for what it sends.
const OF_THE_CONNECTION: [&str; 4] = [
    "accept-encoding",
    "connection",
    "content-length",
    "transfer-encoding",
];
/// Stands in a recorded parameter for the byte `FF`, which no text has; a form sends it as `%FF`.
const LONE_BYTE: char = '\u{10FFFF}';

/// How the body was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    None,
    Form,
    Json,
    Multipart,
    /// One field that is all of it.
    Text,
}

/// The command, on one line unless a body ends in line breaks.
pub(crate) fn line(request: &RecordedRequest) -> String {
    let mut names = Names::default();
    let body = body(request);
    let mut words: Vec<String> = ["curl", "-sS", "-i"].map(str::to_owned).to_vec();
    let url = names.address(&request.url);
    if request.url.contains(['[', ']', '{', '}']) {
        // Without it curl would read brackets as a pattern of addresses.
        words.push("-g".to_owned());
    }
    words.extend(method(&request.method, body));
    words.push(word(&url));
    for header in headers(request, body) {
        words.push("-H".to_owned());
        words.push(word(&names.header(header)));
    }
    words.extend(data(request, body, &mut names));
    words.join(" ")
}

/// The method, where curl would not choose it by itself.
fn method(method: &str, body: Body) -> Vec<String> {
    let chosen = match body {
        Body::None => "GET",
        Body::Form | Body::Json | Body::Multipart | Body::Text => "POST",
    };
    match method {
        _ if method == chosen => Vec::new(),
        // With `-X HEAD` curl would wait for a body.
        "HEAD" if body == Body::None => vec!["--head".to_owned()],
        _ => vec!["-X".to_owned(), shell::quoted(method)],
    }
}

fn headers(request: &RecordedRequest, body: Body) -> impl Iterator<Item = &RecordedField> {
    request.headers.iter().filter(move |header| {
        let name = header.name.to_ascii_lowercase();
        let own = name == "content-type"
            && match body {
                // The boundary is curl's own.
                Body::Multipart => true,
                Body::Form => pieces::plain(header) == Some(FORM),
                Body::None | Body::Json | Body::Text => false,
            };
        !own && !OF_THE_CONNECTION.contains(&name.as_str())
    })
}

fn body(request: &RecordedRequest) -> Body {
    if request.parameters.is_empty() {
        return Body::None;
    }
    let content_type = request
        .headers
        .iter()
        .rfind(|header| header.name.eq_ignore_ascii_case("content-type"));
    let media_type = content_type.and_then(pieces::plain).unwrap_or_default();
    let alone = request.parameters.len() == 1 && request.parameters[0].name == "body";
    match media_type.split(';').next().unwrap_or_default().trim() {
        _ if alone => Body::Text,
        "multipart/form-data" => Body::Multipart,
        "application/json" => Body::Json,
        _ => Body::Form,
    }
}

fn data(request: &RecordedRequest, body: Body, names: &mut Names) -> Vec<String> {
    let mut words = Vec::new();
    let mut option = |option: &str, pieces: Pieces| {
        words.push(option.to_owned());
        words.push(word(&pieces));
    };
    match body {
        Body::None => {}
        Body::Form => {
            for parameter in &request.parameters {
                let (kind, pieces) = form_field(parameter, names);
                option(kind, pieces);
            }
        }
        Body::Multipart => {
            for parameter in &request.parameters {
                let mut pieces = vec![Piece::Text(format!("{}=", parameter.name))];
                pieces.extend(names.value(parameter));
                option("--form-string", pieces);
            }
        }
        Body::Json => option("--data-raw", json(&request.parameters, names)),
        Body::Text => {
            for parameter in &request.parameters {
                option("--data-raw", names.value(parameter));
            }
        }
    }
    words
}

/// `--data-urlencode name=value` where curl can encode the value; already encoded where it holds what does not belong
/// into a command line.
fn form_field(parameter: &RecordedField, names: &mut Names) -> (&'static str, Pieces) {
    let mut pieces = vec![Piece::Text(format!("{}=", encoded(&parameter.name)))];
    let value = names.value(parameter);
    let is_tame = value.iter().all(|piece| match piece {
        Piece::Text(text) => !text.contains(LONE_BYTE) && !text.chars().any(is_unsafe),
        Piece::Variable(_) => true,
    });
    if is_tame {
        pieces.extend(value);
        return ("--data-urlencode", pieces);
    }
    pieces.extend(value.into_iter().map(|piece| match piece {
        Piece::Text(text) => Piece::Text(encoded(&text)),
        variable @ Piece::Variable(_) => variable,
    }));
    ("--data-raw", pieces)
}

fn encoded(text: &str) -> String {
    let lone: String = byte_serialize(LONE_BYTE.to_string().as_bytes()).collect();
    let encoded: String = byte_serialize(text.as_bytes()).collect();
    encoded.replace(&lone, "%FF")
}

/// An object of texts, as the harness sends one.
fn json(parameters: &[RecordedField], names: &mut Names) -> Pieces {
    let inner = |text: &str| {
        let quoted = serde_json::Value::from(text).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    let mut pieces = vec![Piece::Text("{".to_owned())];
    for (index, parameter) in parameters.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let name = inner(&parameter.name);
        pieces.push(Piece::Text(format!("{comma}\"{name}\":\"")));
        pieces.extend(names.value(parameter).into_iter().map(|piece| match piece {
            Piece::Text(text) => Piece::Text(inner(&text)),
            variable @ Piece::Variable(_) => variable,
        }));
        pieces.push(Piece::Text("\"".to_owned()));
    }
    pieces.push(Piece::Text("}".to_owned()));
    pieces
}

#[cfg(test)]
mod tests;
