//! The agent under test: its command is run once for each case, with a mock org of its own, and judged by the requests that
//! arrive there.
//!
//! scenario → org and settings → process → requests received → findings → result

mod attend;
mod browser;
mod case;
mod cases;
mod form_post;
mod judge;
mod ledger;
mod output;
mod plan;
mod process;
mod rules;
mod run;
mod settings;
mod user;
mod verdict;
mod view;

pub use plan::{AgentOptions, Command, SignIn, Trigger};
pub use run::{AgentStop, example, run};
pub use settings::{Setting, Settings, names as setting_names};
