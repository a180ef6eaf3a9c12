//! The form of a switch: from one entry come the type of its values, its field, its place in the list and its name.

macro_rules! behaviours {
    ($(
        $(#[$doc:meta])*
        $field:ident: $type:ident { $($variant:ident = $text:literal, $meaning:literal);+ }
        default $default:ident, source $source:literal;
        $question:literal
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum $type { $(#[doc = $meaning] $variant),+ }

            impl From<$type> for Setting {
                fn from(choice: $type) -> Self {
                    Self {
                        name: stringify!($field),
                        value: match choice { $($type::$variant => $text),+ },
                    }
                }
            }
        )+

        /// The value of every switch.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Behaviours {
            /// The edition whose defaults apply.
            pub edition: Edition,
            $($(#[$doc])* pub $field: $type,)+
        }

        impl Behaviours {
            /// Every switch, in the order in which a request meets them.
            pub const SWITCHES: &'static [Switch] = &[$(Switch {
                name: stringify!($field),
                question: $question,
                choices: &[$($text),+],
                meanings: &[$($meaning),+],
                default: {
                    const DEFAULT: $type = $type::$default;
                    match DEFAULT { $($type::$variant => $text),+ }
                },
                source: $source,
            }),+];

            pub(super) const fn plain() -> Self {
                Self { edition: Edition::E2026_10, $($field: $type::$default),+ }
            }

            /// Sets a switch by name.
            ///
            /// # Errors
            /// When there is no such switch or no such choice.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), BehaviourError> {
                match name {
                    $(stringify!($field) => {
                        self.$field = match value {
                            $($text => $type::$variant,)+
                            _ => return Err(BehaviourError::UnknownChoice {
                                name: stringify!($field),
                                value: value.to_owned(),
                                choices: &[$($text),+],
                            }),
                        };
                        Ok(())
                    })+
                    _ => Err(BehaviourError::UnknownSwitch(name.to_owned())),
                }
            }

            /// The value of a switch by name.
            pub fn get(&self, name: &str) -> Option<&'static str> {
                match name {
                    $(stringify!($field) => Some(match self.$field { $($type::$variant => $text),+ }),)+
                    _ => None,
                }
            }
        }
    };
}

pub(super) use behaviours;
