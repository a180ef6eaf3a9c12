//! What this agent can do otherwise than a good one: one fault, or one lawful difference.

mod differences;
mod faults;

use std::io::{self, Write};

pub use differences::Difference;
pub use faults::Fault;

/// Tasks in which a deviation can be seen.
pub mod tasks {
    pub const ALL: &str = "authorization-server,secret,service-account,resource-server";
    pub const AUTHORIZATION_SERVER: &str = "authorization-server";
    pub const VAULT: &str = "secret,service-account";
    pub const RESOURCE: &str = "secret,service-account,resource-server";
    pub const RESOURCE_SERVER: &str = "resource-server";
    pub const TOKEN: &str = "authorization-server,resource-server";
}

/// A line of the list.
pub struct Entry<T> {
    pub what: T,
    pub name: &'static str,
    pub tasks: &'static str,
    /// Ids of requirements that it breaks; none for a lawful difference.
    pub breaks: &'static [&'static str],
    pub summary: &'static str,
}

/// Declares an enum and its list, so that neither can lack what the other has.
macro_rules! deviations {
    ($name:ident, $doc:literal: $($variant:ident $id:literal $tasks:ident [$($breaks:literal)*] $summary:literal;)*) => {
        #[doc = $doc]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name {
            $($variant,)*
        }

        impl $name {
            /// All of them, in the order of the flow.
            pub const ALL: &[$crate::deviations::Entry<Self>] = &[
                $($crate::deviations::Entry {
                    what: Self::$variant,
                    name: $id,
                    tasks: $crate::deviations::tasks::$tasks,
                    breaks: &[$($breaks),*],
                    summary: $summary,
                },)*
            ];

            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().find(|entry| entry.name == name).map(|entry| entry.what)
            }
        }
    };
}
pub(crate) use deviations;

/// What is built into this run of the agent.
#[derive(Clone, Copy, Default)]
pub struct Build {
    pub fault: Option<Fault>,
    pub difference: Option<Difference>,
}

/// Writes `NAME<TAB>kind<TAB>tasks<TAB>requirements<TAB>sentence` for each deviation.
pub fn list(out: &mut impl Write) -> io::Result<()> {
    for entry in Fault::ALL {
        line(out, "fault", entry)?;
    }
    for entry in Difference::ALL {
        line(out, "difference", entry)?;
    }
    Ok(())
}

fn line<T>(out: &mut impl Write, kind: &str, entry: &Entry<T>) -> io::Result<()> {
    let (name, tasks, breaks) = (entry.name, entry.tasks, entry.breaks.join(","));
    writeln!(out, "{name}\t{kind}\t{tasks}\t{breaks}\t{}", entry.summary)
}
