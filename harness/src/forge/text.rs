//! The text of a JWT where no JSON object can say it: members that stand twice, other payloads, base64url with
//! something in it, further parts.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::{Map, Value};

use super::{Forge, Unforgeable};
use crate::fill;
use crate::jwt::{Jwt, base64url, from_base64url};
use crate::scenario::model::{Filling, JwtPart, JwtText, PayloadChange, ValueTemplate};

/// The first two parts of `jwt` as `text` wants them. `keeps` says that the signature of the token as it was stays, so
/// that nothing may be added to what it covers.
pub(super) fn signing_input(
    jwt: &Jwt,
    text: &JwtText,
    keeps: bool,
    forge: &Forge<'_>,
) -> Result<String, Unforgeable> {
    let (header, payload) = jwt.signing_input.split_once('.').unwrap_or_default();
    let mut header = header.to_owned();
    if !text.duplicate_header.is_empty() {
        header = base64url(with_duplicates(&jwt.header, &text.duplicate_header, forge)?);
    }
    let mut payload = payload.to_owned();
    if !text.duplicate_claims.is_empty() || text.payload.is_some() {
        let claims = with_duplicates(&jwt.claims, &text.duplicate_claims, forge)?;
        payload = base64url(match text.payload {
            None => claims.into_bytes(),
            Some(change) => instead(change, claims),
        });
    }
    for (part, filling) in &text.filled {
        match part {
            JwtPart::Header => header = filled(&header, *filling, keeps),
            JwtPart::Payload => payload = filled(&payload, *filling, keeps),
            JwtPart::Signature => {}
        }
    }
    Ok(format!("{header}.{payload}"))
}

/// What is changed once a token is signed.
pub(super) fn finished(mut token: String, text: &JwtText) -> String {
    let filling = text.filled.iter();
    let filling = filling.filter(|(part, _)| *part == JwtPart::Signature);
    for (_, filling) in filling {
        let (message, signature) = token.rsplit_once('.').unwrap_or_default();
        token = format!("{message}.{}", filled(signature, *filling, true));
    }
    if text.five_parts {
        // Parts that could be the ciphertext and the tag of an encrypted JWT (RFC 7516 §7.1).
        token.push_str(".AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA");
    }
    token
}

fn with_duplicates(
    members: &Map<String, Value>,
    again: &[(String, ValueTemplate)],
    forge: &Forge<'_>,
) -> Result<String, Unforgeable> {
    let mut all = Vec::with_capacity(members.len() + again.len());
    for (name, value) in members {
        all.push(format!("{}:{value}", Value::from(name.as_str())));
    }
    for (name, template) in again {
        if !members.contains_key(name) {
            return Err(Unforgeable::NoSuchMember(name.clone()));
        }
        let value = fill::json(template, forge.names)?;
        all.push(format!("{}:{value}", Value::from(name.as_str())));
    }
    Ok(format!("{{{}}}", all.join(",")))
}

fn instead(change: PayloadChange, claims: String) -> Vec<u8> {
    match change {
        PayloadChange::Array => format!("[{claims}]").into_bytes(),
        PayloadChange::String => Value::from(claims).to_string().into_bytes(),
        PayloadChange::NotUtf8 => {
            let mut bytes = claims.into_bytes();
            bytes.pop();
            bytes.extend(b",\"not_utf8\":\"\xff\"}");
            bytes
        }
    }
}

fn filled(part: &str, filling: Filling, keeps: bool) -> String {
    match filling {
        Filling::LineBreak => {
            let (before, behind) = part.split_at(part.len() / 2);
            format!("{before}\n{behind}")
        }
        Filling::Padding => {
            let mut bytes = from_base64url(part).unwrap_or_default();
            // JSON may end in white space, which makes a length that base64 has to pad.
            while !keeps && bytes.len().is_multiple_of(3) {
                bytes.push(b' ');
            }
            if bytes.len().is_multiple_of(3) {
                // Nothing to pad: one sign that does not belong there is as good as two.
                format!("{part}=")
            } else {
                URL_SAFE.encode(bytes)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_what_base64_would_have() {
        for (part, keeps, padded) in [
            ("e30", true, "e30="),
            ("AA", true, "AA=="),
            ("e30g", false, "e30gIA=="),
            ("e30g", true, "e30g="),
        ] {
            assert_eq!(filled(part, Filling::Padding, keeps), padded);
        }
        assert_eq!(filled("e30g", Filling::LineBreak, true), "e3\n0g");
    }

    #[test]
    fn a_payload_is_what_it_should_not_be() {
        let instead = |change| instead(change, r#"{"a":1}"#.to_owned());
        assert_eq!(instead(PayloadChange::Array), br#"[{"a":1}]"#);
        assert_eq!(instead(PayloadChange::String), br#""{\"a\":1}""#);
        assert_eq!(
            instead(PayloadChange::NotUtf8),
            b"{\"a\":1,\"not_utf8\":\"\xff\"}"
        );
    }

    #[test]
    fn a_finished_token_has_five_parts_or_a_filled_signature() {
        let five = JwtText {
            five_parts: true,
            ..JwtText::default()
        };
        let token = finished("a.b.c".to_owned(), &five);
        assert_eq!(token.split('.').count(), 5);
        let padded = JwtText {
            filled: vec![(JwtPart::Signature, Filling::Padding)],
            ..JwtText::default()
        };
        assert_eq!(finished("a.b.AA".to_owned(), &padded), "a.b.AA==");
    }
}
