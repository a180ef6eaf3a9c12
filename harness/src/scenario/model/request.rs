//! Parts of a request that steps and changes share.

use super::Template;

/// Named templates in written order.
pub type Params = Vec<(String, Template)>;

/// What a protected resource is shown.
#[derive(Debug, Clone)]
pub enum Credential {
    /// Nothing.
    None,
    /// `Authorization: Bearer`.
    Bearer(Template),
    /// A header field of its own, such as `X-Api-Key`.
    Header(String, Template),
    /// HTTP Basic.
    Basic {
        /// User name.
        username: Template,
        /// Password.
        password: Template,
    },
}

impl Credential {
    /// Its templates.
    pub(crate) fn templates(&self) -> Vec<&Template> {
        match self {
            Self::None => Vec::new(),
            Self::Bearer(template) | Self::Header(_, template) => vec![template],
            Self::Basic { username, password } => vec![username, password],
        }
    }
}
