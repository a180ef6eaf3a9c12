//! How an answer travels. The core has no connection, so it leaves a hint for whoever has one.

use http::Response;

/// What is asked of the shell for one answer, as an extension of the response.
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Transport {
    /// Compress the content, where the request does not rule it out.
    pub gzip: bool,
    /// Send the content in chunks of a few bytes, without its length.
    pub chunked: bool,
    /// Close the connection behind the answer.
    pub close: bool,
    /// Write another reason phrase.
    pub reason_phrase: bool,
}

/// Notes what is asked of the shell.
pub(super) fn note(change: fn(&mut Transport), response: &mut Response<Vec<u8>>) {
    let mut hint: Transport = response.extensions().get().copied().unwrap_or_default();
    change(&mut hint);
    response.extensions_mut().insert(hint);
}
