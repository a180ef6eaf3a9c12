//! `jwt`: what is changed about the JWT that a parameter or the bearer token is.

use crate::scenario::form::{Named, Signer, True, form};
use crate::scenario::model::{
    ClaimChange, EmbeddedKey, Filling, JwtMutation, JwtPart, JwtText, PayloadChange,
    SignatureChange, ValueTemplate,
};

form! {
    /// A changed JWT as written.
    JwtForm, "a change of a JWT", "jwt_change" {
        /// Members of the header.
        optional header: Named<ClaimChange>,
        /// Claims.
        optional claims: Named<ClaimChange>,
        /// Header members that stand there a second time, at the end.
        optional duplicate_header: Named<ValueTemplate>,
        /// Claims that stand there a second time, at the end.
        optional duplicate_claims: Named<ValueTemplate>,
        /// What the payload is instead of an object: an array or a string with the claims in it, or claims that are not UTF-8.
        optional payload: PayloadChange,
        /// Who signs: keep the signature, a client's key, a key that nobody knows, a key that is too short, the public key as HMAC secret, or nothing.
        optional sign_with: Signer,
        /// The algorithm, in the header and for signing.
        optional alg: String,
        /// The public key of whoever signs, put into the header: as `jwk`, or as `x5c` in a certificate.
        optional embed: EmbeddedKey,
        /// What becomes of the signature afterwards.
        optional signature: SignatureChange,
        /// Padding or a line break in the base64url of parts.
        optional filled: FilledForm,
        /// Two parts more at the end, as an encrypted JWT has five.
        optional five_parts: True,
        /// The whole becomes the payload of another JWT, with the header of the original and `cty: JWT`, signed by this one.
        optional nested_in: Signer,
    }
}

form! {
    /// What does not belong into base64url, by part.
    FilledForm, "the parts of a JWT", "filled_parts" {
        /// In the first part; it is signed with it.
        optional header: Filling,
        /// In the second part; it is signed with it.
        optional payload: Filling,
        /// In the third part.
        optional signature: Filling,
    }
}

impl JwtForm {
    pub(super) fn into_mutation(self) -> JwtMutation {
        let filled = self.filled.map(FilledForm::into_pairs).unwrap_or_default();
        JwtMutation {
            header: self.header.unwrap_or_default().into_pairs(),
            claims: self.claims.unwrap_or_default().into_pairs(),
            sign_with: self.sign_with.map(|signer| signer.0),
            alg: self.alg,
            embed: self.embed,
            signature: self.signature,
            text: JwtText {
                duplicate_header: self.duplicate_header.unwrap_or_default().into_pairs(),
                duplicate_claims: self.duplicate_claims.unwrap_or_default().into_pairs(),
                payload: self.payload,
                filled,
                five_parts: self.five_parts.is_some(),
            },
            nested_in: self.nested_in.map(|signer| signer.0),
        }
    }
}

impl FilledForm {
    fn into_pairs(self) -> Vec<(JwtPart, Filling)> {
        let parts = [
            (JwtPart::Header, self.header),
            (JwtPart::Payload, self.payload),
            (JwtPart::Signature, self.signature),
        ];
        let parts = parts.into_iter();
        parts
            .filter_map(|(part, filling)| Some((part, filling?)))
            .collect()
    }
}
