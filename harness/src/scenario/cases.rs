//! `cases`: variations of one step as written.

use strict_yaml::Spanned;

use super::change::ChangeForm;
use super::expect::ExpectForm;
use super::form::{OneOrMany, form};
use super::model::{Capability, Edition};
use super::save::SaveForm;
use super::step::StepForm;

form! {
    /// A case as written.
    CaseForm, "a case", "case" {
        /// Stable name; the result's id is the scenario's and this.
        required id: Spanned<String>,
        /// One sentence; made of the id when left out.
        optional title: String,
        /// Requirements cited instead of the scenario's.
        optional covers: Vec<Spanned<String>>,
        /// Capabilities the target must have besides those that follow from the steps.
        optional needs: Vec<Capability>,
        /// Editions of the guide it belongs to; the scenario's when left out.
        optional editions: Spanned<Vec<Edition>>,
        /// Runs alone on a reset target.
        optional exclusive: bool,
        /// The step that is varied.
        required at: Spanned<String>,
        /// What is changed in its request.
        optional change: ChangeForm,
        /// Steps inserted before it.
        optional before: Vec<StepForm>,
        /// What must come back.
        required expect: OneOrMany<ExpectForm>,
        /// Values kept for the steps after it, instead of the step's own.
        optional save: SaveForm,
        /// Steps after it.
        optional then: Vec<StepForm>,
        /// The rest of the base flow runs as well.
        optional continue_ = "continue": bool,
    }
}
