//! The org that is asked: the one that the target file describes, or a mock org of this program.

use tokio::runtime::Runtime;

use super::{Args, NEWEST};
use crate::cli::{Trouble, load};
use crate::scenario::model::Edition;
#[cfg(feature = "embedded")]
use crate::targets;
use crate::targets::Target;

pub(super) fn open_target(args: &Args, whole: bool, runtime: &Runtime) -> Result<Target, Trouble> {
    let target = match &args.target.target {
        Some(file) => Target::new(load::target(file)?)?,
        None => embedded(args.edition.unwrap_or(NEWEST), whole, runtime)?,
    };
    args.pace.paced(&load::judged(target, &args.profile))
}

/// A second mock org of this program, so that cases which change the org need not wait for the others.
pub(super) fn open_spare(
    args: &Args,
    whole: bool,
    runtime: &Runtime,
) -> Result<Option<Target>, Trouble> {
    if args.target.target.is_some() || !whole {
        return Ok(None);
    }
    open_target(args, whole, runtime).map(Some)
}

/// The mock org of this program, for the whole suite or for some of its cases.
#[cfg(feature = "embedded")]
pub(in crate::cli) fn embedded(
    edition: Edition,
    whole: bool,
    runtime: &Runtime,
) -> Result<Target, Trouble> {
    let asked = if whole {
        targets::Asked::Everything
    } else {
        targets::Asked::Little
    };
    Ok(runtime.block_on(targets::embedded(edition, asked))?)
}

#[cfg(not(feature = "embedded"))]
pub(in crate::cli) const fn embedded(_: Edition, _: bool, _: &Runtime) -> Result<Target, Trouble> {
    Err(Trouble::NoTarget)
}
