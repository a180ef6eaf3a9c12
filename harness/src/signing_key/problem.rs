//! Why a text is not a private key, and what to do about it. No message shows anything of the key.

/// Why a text is not a private key that can sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// Nothing but white space.
    #[error("the key is empty")]
    Empty,
    /// No PEM block at all, or only blocks of another kind.
    #[error("this is not a PEM block of a private key")]
    NotPem,
    /// `\n` as two characters.
    #[error("the line breaks of the key are written as a backslash and an n")]
    EscapedLineBreaks,
    /// A block that is never closed.
    #[error("the PEM block has no line -----END …-----")]
    Unfinished,
    /// Something else inside a block.
    #[error("the content of the PEM block is not base64")]
    NotBase64,
    /// PKCS#8 `ENCRYPTED PRIVATE KEY`, or `Proc-Type: 4,ENCRYPTED` (RFC 1421).
    #[error("the private key is encrypted")]
    Encrypted,
    /// `BEGIN PUBLIC KEY`, or the public key of SSH.
    #[error("this is a public key; a client signs with the private key")]
    Public,
    /// A certificate alone.
    #[error("this is a certificate without its private key")]
    Certificate,
    /// `BEGIN OPENSSH PRIVATE KEY`.
    #[error("this is a private key in the format of OpenSSH")]
    OpenSsh,
    /// More than one private key.
    #[error("there are {0} private keys, and nothing says which one is meant")]
    Several(usize),
    /// A JWK where PEM is expected.
    #[error("this is a JWK, not PEM")]
    JwkAsPem,
    /// PEM where a JWK is expected.
    #[error("this is PEM, not a JWK")]
    PemAsJwk,
    /// Not JSON, or not an object.
    #[error("this is not a JSON object")]
    NotJson,
    /// `{"keys": […]}`.
    #[error("this is a JWK set")]
    JwkSet,
    /// `kty` is missing or another one.
    #[error("the JWK is neither an RSA key nor an EC key (`kty`)")]
    KeyType,
    /// A curve that cannot be used.
    #[error("the curve of the JWK (`crv`) is not supported")]
    Curve,
    /// Without private members.
    #[error("this is a public JWK: it has no `d`")]
    PublicJwk,
    /// Private, with members missing.
    #[error("the JWK lacks {}", .0.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))]
    Missing(Vec<&'static str>),
    /// A number that cannot be read.
    #[error("`{0}` of the JWK is not base64url without padding (RFC 7518 §2)")]
    NotBase64Url(&'static str),
    /// A key for `EdDSA`.
    #[error("this is an Ed25519 or Ed448 key, which signs with EdDSA")]
    Edwards,
    /// Well-formed, but not a key of a kind and size that signs here.
    #[error(
        "the key cannot be used: its numbers do not fit together, or its kind or size is not supported"
    )]
    Unusable,
}

/// What can be used.
const SUPPORTED: &str = "an RSA key of 2048 to 8192 bits, or an EC key on P-256, P-384 or P-521";

impl KeyProblem {
    /// What was expected, where the message does not say it.
    pub const fn expected(&self) -> Option<&'static str> {
        match self {
            Self::NotPem => Some(
                "a block that begins with -----BEGIN PRIVATE KEY-----, -----BEGIN RSA PRIVATE KEY----- or \
                 -----BEGIN EC PRIVATE KEY-----",
            ),
            Self::NotJson => Some("a private JWK (RFC 7517 §4)"),
            Self::KeyType | Self::Curve | Self::Edwards | Self::Unusable => Some(SUPPORTED),
            Self::Missing(_) => {
                Some("of an RSA key n, e, d, p, q, dp, dq and qi, of an EC key crv, x, y and d")
            }
            _ => None,
        }
    }

    /// What to do about it.
    pub const fn help(&self) -> Option<&'static str> {
        match self {
            Self::Empty => Some("the file or variable must contain the private key"),
            Self::EscapedLineBreaks => Some(
                "write real line breaks: in YAML a block after `|`, in a shell NAME=\"$(cat key.pem)\"",
            ),
            Self::Unfinished => Some("copy the whole file, to the end of its last line"),
            Self::NotBase64 => Some(
                "copy the file again; `openssl pkey -in key.pem -noout` tells whether it is intact",
            ),
            Self::Encrypted => Some(
                "decrypt it: openssl pkey -in key.pem -out plain.pem (asks for the passphrase)",
            ),
            Self::Public | Self::Certificate => {
                Some("name the file that contains the private key that belongs to it")
            }
            Self::OpenSsh => {
                Some("convert a copy of it in place: ssh-keygen -p -N \"\" -m PKCS8 -f copy-of-key")
            }
            Self::Several(_) => {
                Some("leave the one whose public half is registered for the client")
            }
            Self::JwkAsPem => Some("name it under `private_jwk` instead of `private_key_pem`"),
            Self::PemAsJwk => Some("name it under `private_key_pem` instead of `private_jwk`"),
            Self::JwkSet => Some("give one key of it, without `keys` around it"),
            Self::PublicJwk => Some("give the private JWK that belongs to it"),
            Self::Edwards => {
                Some("Okta does not accept EdDSA; register an RSA or EC key for the client")
            }
            _ => None,
        }
    }
}
