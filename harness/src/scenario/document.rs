//! A scenario file as written.

use strict_yaml::Spanned;

use super::cases::CaseForm;
use super::form::form;
use super::model::{Capability, Edition, ResourceType};
use super::step::StepForm;

form! {
    /// The whole file.
    ScenarioForm, "a scenario", "scenario" {
        /// Stable name: the path of the file without .yaml.
        required id: Spanned<String>,
        /// One sentence.
        required title: String,
        /// Prose, for `atx show`.
        optional about: String,
        /// The guide's resource type; none for sign-in, metadata and client authentication.
        required resource_type: ResourceType,
        /// Requirements cited by expectations that cite none themselves.
        required covers: Spanned<Vec<Spanned<String>>>,
        /// Capabilities the target must have besides those that follow from the steps.
        optional needs: Vec<Capability>,
        /// Editions of the guide it belongs to; all when left out.
        optional editions: Spanned<Vec<Edition>>,
        /// Runs alone on a reset target; true by itself where control, clock or consent are touched.
        optional exclusive: bool,
        /// The base flow, which must succeed.
        required steps: Spanned<Vec<StepForm>>,
        /// Variations of one step each.
        optional cases: Vec<CaseForm>,
    }
}
