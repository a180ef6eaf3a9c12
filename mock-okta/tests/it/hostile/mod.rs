//! Hostile clients, one test an attack: what they send must neither stop the org, nor fill its memory, nor slow it down, nor
//! change what they may not change. `HOSTILE_FULL=1` tries the full sizes, which takes minutes; without it each is small.

mod access;
mod attacks;
mod jwks_uri;
mod memory;
mod messages;
mod org_files;
#[cfg(target_os = "linux")]
mod released;
mod settings;
mod wire;

/// How many, or how much: the second with `HOSTILE_FULL=1`.
fn size(small: usize, full: usize) -> usize {
    let asked = std::env::var("HOSTILE_FULL").is_ok_and(|value| value == "1");
    if asked { full } else { small }
}
