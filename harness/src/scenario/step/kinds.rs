//! The list of all kinds of step.

use super::kind::StepKind;
use super::written::Written;

/// Hands the list of all kinds, in the order of a flow, to another macro.
macro_rules! step_kinds {
    ($with:ident) => {
        $with! {
            Metadata,
            Keys,
            SignIn,
            Authorize,
            Visit,
            FormPost,
            UserInfo,
            Consent,
            Call,
            Control,
            Sign,
            AdvanceClock,
            Http,
        }
    };
}
pub(crate) use step_kinds;

macro_rules! declare {
    ($($kind:ident),* $(,)?) => {
        /// What a step does.
        #[derive(Debug, Clone)]
        pub enum Action {
            $(
                #[doc = concat!("See [`super::", stringify!($kind), "`].")]
                $kind(super::$kind),
            )*
        }

        impl Action {
            /// What its kind says of it.
            #[must_use]
            pub fn kind(&self) -> &dyn StepKind {
                match self {
                    $(Self::$kind(kind) => kind,)*
                }
            }
        }

        $(
            impl From<super::$kind> for Action {
                fn from(kind: super::$kind) -> Self {
                    Self::$kind(kind)
                }
            }
        )*

        /// All ways to write a step.
        const WRITTEN: &[&[Written]] = &[$(super::$kind::WRITTEN),*];
    };
}
step_kinds!(declare);

/// All ways to write a step, in the order of a flow.
pub(super) fn written() -> impl Iterator<Item = &'static Written> {
    WRITTEN.iter().copied().flatten()
}
