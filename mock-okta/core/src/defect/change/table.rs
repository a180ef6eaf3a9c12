//! The form of a line in the tables of changes.
//!
//! `"id" = Site: Part "path" => Edit; "What goes wrong.";`, with more edits after commas. A path goes down through objects
//! with dots and into every element of a list with `*`; its last step may name several members: `keys.*.p|q`.

macro_rules! changes {
    ($($id:literal = $site:ident: $($part:ident $path:literal => $edit:expr),+; $text:literal;)+) => {
        /// The lines of this table.
        pub(super) const CHANGES: &[$crate::defect::change::Change] = &[$($crate::defect::change::Change {
            id: $id,
            site: $crate::defect::site::Site::$site,
            edits: &[$($crate::defect::change::Edited {
                part: $crate::defect::change::AnswerPart::$part,
                path: $path,
                edit: $edit,
            }),+],
            text: $text,
        }),+];
    };
}

pub(super) use changes;
