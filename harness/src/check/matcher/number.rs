//! `at_least`, `at_most`.

/// A number that is not below.
pub(super) fn at_least(value: Option<f64>, least: f64) -> bool {
    value.is_some_and(|value| value >= least)
}

/// A number that is not above.
pub(super) fn at_most(value: Option<f64>, most: f64) -> bool {
    value.is_some_and(|value| value <= most)
}
