//! The tokens of a case: each once, however often it was sent.

use serde_json::{Map, Value};

use crate::evidence::{RecordedBody, RecordedField, RecordedStep, RecordedValue};

/// A decoded JWT and where it was seen.
#[derive(Debug)]
pub(super) struct Token<'a> {
    /// What it is known by.
    pub(super) fingerprint: &'a str,
    /// Decoded header.
    pub(super) header: &'a Map<String, Value>,
    /// Decoded claims.
    pub(super) claims: &'a Map<String, Value>,
    /// Where it stood, in the order of the exchanges.
    pub(super) uses: Vec<Use<'a>>,
}

/// One place of a token.
#[derive(Debug)]
pub(super) struct Use<'a> {
    /// The exchange.
    pub(super) exchange: &'a RecordedStep,
    /// Whether it came back, or was sent.
    pub(super) answered: bool,
    /// Name of the parameter, header field or member.
    pub(super) name: &'a str,
}

/// All tokens of these exchanges.
pub(super) fn collect<'a>(exchanges: &[&'a RecordedStep]) -> Vec<Token<'a>> {
    let mut tokens: Vec<Token<'a>> = Vec::new();
    for exchange in exchanges {
        let request = &exchange.request;
        let sent = request.parameters.iter().chain(&request.headers);
        let mut found: Vec<(bool, &'a RecordedField)> = sent.map(|field| (false, field)).collect();
        if let Some(response) = &exchange.response {
            found.extend(response.headers.iter().map(|field| (true, field)));
            if let RecordedBody::Json { tokens, .. } = &response.body {
                found.extend(tokens.iter().map(|field| (true, field)));
            }
        }
        for (answered, field) in found {
            let RecordedValue::Jwt {
                fingerprint,
                header,
                claims,
            } = &field.value
            else {
                continue;
            };
            let place = Use {
                exchange,
                answered,
                name: &field.name,
            };
            // Two tokens of one fingerprint that read differently are two.
            let known = tokens.iter_mut().find(|token| {
                token.fingerprint == fingerprint
                    && *token.claims == **claims
                    && *token.header == **header
            });
            match known {
                Some(token) => token.uses.push(place),
                None => tokens.push(Token {
                    fingerprint,
                    header,
                    claims,
                    uses: vec![place],
                }),
            }
        }
    }
    tokens
}

/// Where in `tokens` a value of an exchange is shown.
pub(super) fn position(tokens: &[Token<'_>], value: &RecordedValue) -> Option<usize> {
    let RecordedValue::Jwt {
        fingerprint,
        header,
        claims,
    } = value
    else {
        return None;
    };
    tokens.iter().position(|token| {
        token.fingerprint == fingerprint && *token.claims == **claims && *token.header == **header
    })
}
