//! Texts of a result, with the address of the org filled in or left as a placeholder.

use std::borrow::Cow;

use super::{Form, commands, words};
use crate::result::{CaseResult, FindingRecord, RunResult, TargetKind};

/// How the org's issuer is written in a result, so that it is the same in every run.
const ORG_ISSUER: &str = "${org.issuer}";

/// Gives the texts of a result, and fills in the address of the org if the form of the report shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResultTexts<'a> {
    issuer: Option<&'a str>,
    /// Whose commands are suggested.
    kind: TargetKind,
    /// What follows `atx show`.
    show_options: &'a str,
}

impl<'a> ResultTexts<'a> {
    /// With this issuer filled in, unless it is empty because it is not known.
    pub(crate) fn with_issuer(issuer: &'a str) -> Self {
        Self {
            issuer: Some(issuer).filter(|issuer| !issuer.is_empty()),
            kind: TargetKind::Embedded,
            show_options: "",
        }
    }

    /// The full form of a report has the address, the stable one the placeholder.
    pub(crate) fn of(run: &'a RunResult, form: Form) -> Self {
        let issuer = match form {
            Form::Full => &run.varying.org_issuer,
            Form::Stable => "",
        };
        Self::with_issuer(issuer).showing(run.target.kind, &run.again.show)
    }

    /// With these commands and options where one is suggested.
    pub(crate) const fn showing(self, kind: TargetKind, show_options: &'a str) -> Self {
        Self {
            kind,
            show_options,
            ..self
        }
    }

    /// What to do next about a case that does not hold.
    pub(crate) fn advice(self, case: &CaseResult) -> String {
        words::advice(
            case,
            &commands::show(self.kind, &case.id, self.show_options),
        )
    }

    /// Any text of a result, the placeholder replaced.
    pub(crate) fn fill(self, text: &str) -> Cow<'_, str> {
        match self.issuer {
            Some(issuer) if text.contains(ORG_ISSUER) => {
                Cow::Owned(text.replace(ORG_ISSUER, issuer))
            }
            _ => Cow::Borrowed(text),
        }
    }

    /// What was expected.
    pub(crate) fn expected(self, finding: &FindingRecord) -> Cow<'_, str> {
        let filled = finding
            .expected_here
            .as_deref()
            .filter(|_| self.issuer.is_some());
        self.fill(filled.unwrap_or(&finding.expected))
    }

    /// What was there.
    pub(crate) fn actual(self, finding: &FindingRecord) -> Cow<'_, str> {
        self.fill(finding.actual.as_deref().unwrap_or("nothing"))
    }

    /// Why a case was skipped or could not be judged.
    pub(crate) fn reason(self, case: &CaseResult) -> Cow<'_, str> {
        self.fill(case.reason.as_deref().unwrap_or("no reason was given"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::sample;

    #[test]
    fn the_full_form_says_where_and_the_stable_form_does_not() {
        let run = sample::every_verdict();
        let text = "nobody listens at ${org.issuer}";
        assert_eq!(
            ResultTexts::of(&run, Form::Full).fill(text),
            "nobody listens at http://127.0.0.1:40123"
        );
        assert_eq!(ResultTexts::of(&run, Form::Stable).fill(text), text);
        assert_eq!(ResultTexts::with_issuer("").fill(text), text);
    }
}
