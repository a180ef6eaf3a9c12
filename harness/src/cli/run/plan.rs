//! `--plan`: what a run would send and leave, on stdout; nothing is sent.

use std::fmt::Write as _;

use super::choice::Choice;
use super::extent::Extent;
use super::{Args, NEWEST};
use crate::cli::load::Library;
use crate::cli::{Exit, Trouble, style};
use crate::plan::{Forecast, forecast};
use crate::presentation::terminal::{Look, STRONG};
use crate::presentation::text::{count, wrap};
use crate::targets::Target;

/// Addresses shown to people; the others are counted. All are in the form for programs.
const ADDRESSES: usize = 40;

/// Prints the plan.
pub(super) fn show(
    args: &Args,
    library: Library,
    choice: Choice,
    target: &Target,
    terminal: style::Terminal,
) -> Result<Exit, Trouble> {
    let deployment = target.deployment();
    let edition = args.edition.or(deployment.edition).unwrap_or(NEWEST);
    let library = library.under(&deployment.profiles);
    let extent = Extent::of(choice, &args.extent, &library, target, edition);
    let forecast = forecast(&extent.planned, deployment, edition, args.around(target));
    match args.format.map(|format| format.name) {
        None => style::print(&page(&forecast, terminal.stdout))?,
        Some("json") => {
            let json = serde_json::to_string_pretty(&forecast);
            let json = json.map_err(|error| Trouble::Usage {
                why: format!("the plan cannot be written as JSON: {error}"),
                help: "leave --format out".to_owned(),
            })?;
            style::deliver(&format!("{json}\n"))?;
        }
        Some(other) => {
            return Err(Trouble::Usage {
                why: format!("a plan has no format `{other}`"),
                help: "leave --format out, or write --format json".to_owned(),
            });
        }
    }
    Ok(Exit::Fine)
}

/// The page for people.
fn page(forecast: &Forecast, look: Look) -> String {
    let mut page = PlanPage {
        look,
        text: String::new(),
    };
    page.head(forecast);
    page.requests(forecast);
    page.issued(forecast);
    page.changes(forecast);
    page.skipped(forecast);
    page.text
}

struct PlanPage {
    look: Look,
    text: String,
}

impl PlanPage {
    fn line(&mut self, indent: usize, text: &str) {
        for line in wrap(text, self.look.width() - indent) {
            let _ = writeln!(self.text, "{}{line}", " ".repeat(indent));
        }
    }

    fn title(&mut self, text: &str) {
        let _ = writeln!(self.text, "\n{}", self.look.paint(STRONG, text));
    }

    fn head(&mut self, forecast: &Forecast) {
        self.line(
            0,
            &format!(
                "Plan for {} ({}, edition {}): {} would run, {} skipped. Nothing was sent.",
                forecast.target,
                forecast.kind,
                forecast.edition,
                count(forecast.cases, "case"),
                forecast.skipped.iter().map(|one| one.cases).sum::<usize>(),
            ),
        );
        if let Some(why) = &forecast.refused {
            self.line(0, &format!("It would not run: {why}."));
        }
    }

    fn requests(&mut self, forecast: &Forecast) {
        self.title(&format!(
            "Requests: at most {}, of an org that answers as expected",
            forecast.requests_at_most
        ));
        for one in forecast.requests.iter().take(ADDRESSES) {
            // Not wrapped: an address is copied whole.
            let _ = writeln!(self.text, "{:>7}  {} {}", one.at_most, one.method, one.url);
        }
        if let Some(more) = forecast
            .requests
            .len()
            .checked_sub(ADDRESSES)
            .filter(|more| *more > 0)
        {
            let rest = forecast.requests.iter().skip(ADDRESSES);
            let rest: usize = rest.map(|one| one.at_most).sum();
            self.row(rest, &format!("at other addresses, {more} in all"));
        }
        if forecast.browser.walks > 0 {
            let walks = count(forecast.browser.walks, "time");
            let text =
                format!("of a browser that is sent to a page {walks}, with all pages it is led to");
            self.row(forecast.browser.requests_at_most, &text);
        }
        if forecast.test_control_at_most > 0 {
            self.row(forecast.test_control_at_most, "to test control");
        }
    }

    fn issued(&mut self, forecast: &Forecast) {
        self.title("Sign-ins and ID-JAGs");
        if forecast.sign_ins.is_empty() {
            self.line(2, "nobody signs in");
        }
        for one in &forecast.sign_ins {
            self.row(one.at_most, &format!("sign-ins of {}", one.user));
        }
        for one in &forecast.id_jags {
            let user = one.user.as_deref().unwrap_or("no user");
            let refused = one.requested_at_most.saturating_sub(one.issued_at_most);
            let text =
                format!("ID-JAGs for {user}; {refused} more are asked for that are to be refused");
            self.row(one.issued_at_most, &text);
        }
        if let Some(budget) = forecast.id_jag_budget {
            self.line(
                2,
                &format!("at most {budget} may be issued for a user (`id_jag_budget`)"),
            );
        }
    }

    fn changes(&mut self, forecast: &Forecast) {
        self.title("What changes");
        if forecast.changes.is_empty() {
            self.line(2, "nothing but tokens that are issued");
        }
        for one in &forecast.changes {
            self.row(one.cases, &format!("{}: {}", one.change, one.meaning));
        }
        let remains = forecast.changes.iter().filter_map(|one| one.remains);
        let remains: Vec<&str> = remains
            .chain(forecast.remains.iter().map(String::as_str))
            .collect();
        if !remains.is_empty() {
            self.title("What cannot be undone");
            for text in remains {
                self.line(2, text);
            }
        }
    }

    fn skipped(&mut self, forecast: &Forecast) {
        if forecast.skipped.is_empty() {
            return;
        }
        self.title("Skipped, by reason");
        for one in &forecast.skipped {
            self.row(one.cases, &one.reason);
            self.line(9, &format!("cure: {}", one.cure));
        }
    }

    /// A number and what it counts.
    fn row(&mut self, number: usize, text: &str) {
        let lines = wrap(text, self.look.width().saturating_sub(9).max(20));
        for (index, line) in lines.iter().enumerate() {
            if index == 0 {
                let _ = writeln!(self.text, "{number:>7}  {line}");
            } else {
                let _ = writeln!(self.text, "{}{line}", " ".repeat(9));
            }
        }
    }
}
