//! `atx doctor`: is the org that a target file describes ready to be measured?

mod page;
mod progress;

use std::path::PathBuf;

use tokio::runtime::Runtime;

use self::progress::Progress;
use super::run::{NEWEST, redact};
use super::{Exit, Trouble, load, style, target_file};
use crate::report::ReportError;
use crate::run;
use crate::scenario::model::Edition;
use crate::targets::Target;

/// Check whether an org is ready to be measured, and say what is set wrong
///
/// Each check is ok, problem or unknown. A problem names the setting, what to do, and where it is in the Admin Console; what
/// is unknown says why, and how to find out. Requests are harmless: metadata, keys, an introspection of no token, an
/// authorization request that shows no page, one sign-in, and one exchange for each resource of the target file. With
/// `management` in the target file the org's settings are read as well, which makes the answer exact. No setting is changed, and
/// what the org issues is revoked at the end.
///
/// Where the target file does not say `owned: true` and `environment: test` of a real org, metadata, keys and settings are read
/// and nothing else is sent.
///
/// Exit code 0: no problem is known; 2: the target file is wrong; 3: there are problems.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The target file [default: the file that `ATX_TARGET` names, else `atx.yaml` in this folder]
    #[arg(long, value_name = "FILE")]
    target: Option<PathBuf>,

    /// Edition of Okta's guide to follow [default: the target's, or the newest]
    #[arg(long, value_parser = load::edition_parser(), value_name = "EDITION")]
    edition: Option<Edition>,

    /// Print the result as JSON; `atx schema doctor` is its shape
    #[arg(long)]
    json: bool,

    /// A variable of the environment whose value no output may show, besides the target's own secrets; may be repeated
    #[arg(long, value_name = "NAME")]
    redact_env: Vec<String>,
}

pub(super) fn run(args: &Args, terminal: style::Terminal) -> Result<Exit, Trouble> {
    let file = target_file::required(args.target.as_deref())?;
    let hidden = redact::read(&args.redact_env)?;
    let target = Target::new(load::target(&file)?)?;
    let edition = args
        .edition
        .or(target.deployment().edition)
        .unwrap_or(NEWEST);
    let runtime = Runtime::new().map_err(Trouble::Runtime)?;
    let org = target.deployment().org();
    let mut progress = Progress {
        org_issuer: org.map(|org| org.issuer.clone()).unwrap_or_default(),
    };
    let found = runtime.block_on(run::doctor(&target, edition, &hidden, &mut progress));
    if args.json {
        let text = serde_json::to_string_pretty(&found).map_err(ReportError::from)?;
        style::deliver(&format!("{text}\n"))?;
    } else {
        style::print(&page::render(&found, terminal.stdout))?;
    }
    Ok(if found.ready {
        Exit::Fine
    } else {
        Exit::Incomplete
    })
}
