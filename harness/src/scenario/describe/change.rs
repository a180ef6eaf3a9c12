//! What a case changes in its twin's request, in words.

use crate::scenario::model::{
    Change, ClaimChange, EmbeddedKey, Encoding, Filling, JwtMutation, JwtPart, JwtText, Mutation,
    PayloadChange, Sending, SignWith, SignatureChange, ValueTemplate,
};
use crate::scenario::step::{authentication, presented};

/// What is changed, and how; empty when the request is the twin's own, as for a replay.
pub fn describe(change: &Change) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut row = |name: &str, how: String| rows.push((name.to_owned(), how));
    if let Some(client) = change.client {
        row("client", format!("{client}, with its own credential"));
    }
    if let Some(way) = change.client_auth {
        row("authentication", authentication(way).to_owned());
    }
    if let Some(at) = change.at {
        row("server", format!("the same endpoint of {at}"));
    }
    if let Some(method) = &change.method {
        row("method", method.clone());
    }
    if let Some(encoding) = change.encoding {
        row("encoding", encoding_name(encoding).to_owned());
    }
    if let Some(url) = &change.url {
        row("address", url.to_string());
    }
    for (name, value) in change.credential.iter().flat_map(presented) {
        row(&name, value);
    }
    for how in change.bearer_jwt.iter().flat_map(jwt_changes) {
        row("bearer token", how);
    }
    for (name, value) in &change.headers {
        row(&format!("{name}:"), value.to_string());
    }
    if let Some(scheme) = &change.scheme {
        row("authentication scheme", format!("spelt `{scheme}`"));
    }
    match change.sending {
        Sending::Once => {}
        Sending::Repeated(times) => row("sent", repeated(times)),
        Sending::Raced { times, identical } => row("sent", raced(times, identical)),
    }
    for (name, mutation) in &change.params {
        for how in mutated(mutation) {
            row(name, how);
        }
    }
    rows
}

fn repeated(times: usize) -> String {
    format!("{times} times, the same bytes each time; the last answer is judged")
}

fn raced(times: usize, identical: bool) -> String {
    let how = if identical {
        "the same bytes each time"
    } else {
        "each with a credential made for it"
    };
    format!(
        "{times} times at once, {how}; exactly one must be accepted, like the request without the change"
    )
}

fn mutated(mutation: &Mutation) -> Vec<String> {
    let how = match mutation {
        Mutation::Set(value) => format!("set to {value}"),
        Mutation::Drop => "left out".to_owned(),
        Mutation::Empty => "sent without a value".to_owned(),
        Mutation::Double(None) => "sent twice".to_owned(),
        Mutation::Double(Some(other)) => format!("sent twice, the second time as {other}"),
        Mutation::Lengthen(bytes) => format!("lengthened to {bytes} bytes"),
        Mutation::Query => "moved from the body to the query".to_owned(),
        Mutation::QueryToo => "sent in the query as well".to_owned(),
        Mutation::NotUtf8 => "with a byte at its end that is no UTF-8 (%FF)".to_owned(),
        Mutation::Append(text) => format!("with {text} at its end"),
        Mutation::Jwt(jwt) => return jwt_changes(jwt),
    };
    vec![how]
}

fn jwt_changes(jwt: &JwtMutation) -> Vec<String> {
    let mut rows = members(&jwt.header, &jwt.claims);
    rows.extend(
        jwt.alg
            .iter()
            .map(|alg| format!("alg {alg}, in the header and for signing")),
    );
    rows.extend(jwt.sign_with.map(signer));
    rows.extend(jwt.embed.map(|form| embedded(form).to_owned()));
    rows.extend(jwt.signature.map(|change| signature(change).to_owned()));
    rows.extend(text(&jwt.text));
    rows.extend(jwt.nested_in.map(|by| {
        format!(
            "the whole is the payload of another JWT, with cty JWT; that one is {}",
            signer(by)
        )
    }));
    rows
}

const fn embedded(form: EmbeddedKey) -> &'static str {
    match form {
        EmbeddedKey::Jwk => "header jwk: the public key of whoever signs",
        EmbeddedKey::X5c => "header x5c: a certificate with the public key of whoever signs",
    }
}

/// What no header and no claims can say.
fn text(text: &JwtText) -> Vec<String> {
    let again = |part: &str, members: &[(String, ValueTemplate)]| -> Vec<String> {
        let shown = members.iter();
        shown
            .map(|(name, value)| format!("{part} {name}, a second time: {value}"))
            .collect()
    };
    let mut rows = again("header", &text.duplicate_header);
    rows.extend(again("claim", &text.duplicate_claims));
    rows.extend(text.payload.map(|change| {
        let what = match change {
            PayloadChange::Array => "an array that holds the claims",
            PayloadChange::String => "a string that holds the claims",
            PayloadChange::NotUtf8 => "the claims, and one with a byte that is not UTF-8",
        };
        format!("the payload is {what}")
    }));
    for (part, filling) in &text.filled {
        let part = match part {
            JwtPart::Header => "header",
            JwtPart::Payload => "payload",
            JwtPart::Signature => "signature",
        };
        rows.push(match filling {
            Filling::Padding => format!("the base64url of the {part} is padded with ="),
            Filling::LineBreak => format!("a line break in the base64url of the {part}"),
        });
    }
    rows.extend(
        text.five_parts
            .then(|| "two parts more at the end".to_owned()),
    );
    rows
}

/// What becomes of members of the header and claims.
pub(crate) fn members(
    header: &[(String, ClaimChange)],
    claims: &[(String, ClaimChange)],
) -> Vec<String> {
    let mut rows = Vec::new();
    for (part, members) in [("header", header), ("claim", claims)] {
        for (name, change) in members {
            rows.push(match change {
                ClaimChange::Set(value) => format!("{part} {name}: {value}"),
                ClaimChange::Drop => format!("{part} {name}: left out"),
                ClaimChange::In(seconds) => {
                    format!("{part} {name}: the target's now {}", offset(*seconds))
                }
                ClaimChange::InText(seconds) => {
                    let at = offset(*seconds);
                    format!("{part} {name}: the target's now {at}, as a string")
                }
                ClaimChange::InFraction(seconds) => {
                    let at = offset(*seconds);
                    format!("{part} {name}: the target's now {at} and half a second")
                }
            });
        }
    }
    rows
}

fn offset(seconds: i64) -> String {
    if seconds < 0 {
        format!("minus {} s", seconds.unsigned_abs())
    } else {
        format!("plus {seconds} s")
    }
}

fn signer(signer: SignWith) -> String {
    match signer {
        SignWith::Keep => "the old signature stays, fitting or not".to_owned(),
        SignWith::Client(client) => format!("signed with the key of {client}"),
        SignWith::Server(server) => {
            format!("signed with the key of {server}, through test control: the signature is right")
        }
        SignWith::UnknownKey => {
            "signed with a key that nobody registered, under the same kid".to_owned()
        }
        SignWith::WeakKey => "signed with an RSA key of 1024 bits, which is too short".to_owned(),
        SignWith::HmacPublicKey => {
            "signed with HS256, keyed with the public key that would verify it".to_owned()
        }
        SignWith::Nothing => "not signed".to_owned(),
    }
}

const fn signature(change: SignatureChange) -> &'static str {
    match change {
        SignatureChange::Drop => "the signature and its dot are cut off",
        SignatureChange::Flip => "one bit of the signature is turned",
        SignatureChange::Empty => "the signature is empty",
        SignatureChange::Garbage => "the signature is not base64url",
    }
}

const fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Json => "application/json",
        Encoding::Multipart => "multipart/form-data",
        Encoding::Query => "all in the query, the body empty",
    }
}
