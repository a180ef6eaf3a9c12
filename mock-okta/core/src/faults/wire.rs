//! What a fault asks of whoever holds the connection. The core has neither a connection nor a clock that runs.

/// What is to be done with one answer, as an extension of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireFault {
    /// Send it so much later.
    Delay {
        /// For so long.
        milliseconds: u64,
    },
    /// Send nothing and end the connection.
    CutBefore(ConnectionEnd),
    /// Send the head and a part of the content, and end the connection.
    CutWithin {
        /// Bytes of the content; half of it where nothing is said.
        bytes: Option<usize>,
        /// How the connection ends.
        end: ConnectionEnd,
    },
    /// Send all of it, and end the connection without having announced it.
    CutAfter(ConnectionEnd),
    /// Send the content slowly.
    Slow {
        /// At most so many bytes in a second.
        bytes_per_second: u32,
    },
    /// Send nothing, end the connection, and refuse connections.
    Refuse {
        /// For so long.
        seconds: u64,
    },
}

/// Marks a request, as one of its extensions, that comes over no wire: nothing can happen to its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithoutWire;

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionEnd {
    /// As a server ends it that has nothing more to send (FIN).
    Close,
    /// As a server ends it that breaks down (RST).
    Reset,
}
