//! Changes of the published keys.

use serde_json::Value;

use super::edit::Edit::{Append, Push, Remove, Replace, Set, With};
use super::edit::Source::Json;
use super::edit::parsed;
use super::table::changes;

changes! {
    "keys-private-p" = Keys: Body "keys.*.p" => Set(Json(r#""c2VjcmV0""#)); "The published keys hold a part of the private key: p.";
    "keys-private-q" = Keys: Body "keys.*.q" => Set(Json(r#""c2VjcmV0""#)); "The published keys hold a part of the private key: q.";
    "keys-private-dp" = Keys: Body "keys.*.dp" => Set(Json(r#""c2VjcmV0""#)); "The published keys hold a part of the private key: dp.";
    "keys-private-dq" = Keys: Body "keys.*.dq" => Set(Json(r#""c2VjcmV0""#)); "The published keys hold a part of the private key: dq.";
    "keys-private-qi" = Keys: Body "keys.*.qi" => Set(Json(r#""c2VjcmV0""#)); "The published keys hold a part of the private key: qi.";
    "keys-private-oth" = Keys:
        Body "keys.*.oth" => Set(Json(r#"[{"r":"c2VjcmV0","d":"c2VjcmV0","t":"c2VjcmV0"}]"#));
        "The published keys hold a part of the private key: oth.";
    "keys-symmetric" = Keys:
        Body "keys" => Push(r#"{"kty":"oct","kid":"shared","use":"sig","alg":"HS256","k":"c2VjcmV0LXRoYXQtZXZlcnlib2R5LWNhbi1yZWFk"}"#);
        "A symmetric key is published among the others.";
    "keys-rsa-1024" = Keys: Body "keys" => Push(WEAK_KEY); "An RSA key of 1024 bits is published among the others.";
    "keys-kid-twice" = Keys: Body "keys" => With(repeat_first_kid); "Two published keys have the same kid.";
    "keys-alg-contradicts-kty" = Keys: Body "keys.*.alg" => Set(Json(r#""ES256""#)); "The published RSA keys say that they are for ES256.";
    "keys-kty-missing" = Keys: Body "keys.*.kty" => Remove; "The published keys do not say of which type they are.";
    "keys-n-missing" = Keys: Body "keys.*.n" => Remove; "The published RSA keys have no modulus.";
    "keys-n-mistyped" = Keys: Body "keys.*.n" => Replace(Json("7")); "The modulus of the published RSA keys is a number.";
    "keys-n-padded" = Keys: Body "keys.*.n" => Append("=="); "The modulus of the published RSA keys is padded, which base64url here is not.";
    "keys-kid-mistyped" = Keys: Body "keys.*.kid" => Replace(Json("7")); "The kid of the published keys is a number.";
    "keys-key-ops-encrypt" = Keys: Body "keys.*.key_ops" => Set(Json(r#"["encrypt"]"#)); "The key_ops of the published keys contradict their use.";
    "keys-object" = Keys: Body "keys" => Replace(Json("{}")); "The published keys are an object, not a list.";
    "keys-html" = Keys: Header "content-type" => Set(Json(r#""text/html""#)); "The media type of the published keys is text/html.";
}

/// A modulus of 1024 bits, at random: nobody has the private half of this key.
const WEAK_KEY: &str = r#"{"kty":"RSA","kid":"weak","use":"sig","alg":"RS256","e":"AQAB","n":"kMnPrhNsbXb4IFng8tvi0waQ-1_fTO_SwWD0vEl2bb0BVHLn6vD-FqzRyT0fu2-Og6QY5wnF3DRCFugyshcRog8E2D5ApRStFLpqgRk1tE-dJzym4YF1nu8Sny2nkHbQf1Ofjl3jPK3oJJllnS6Zgm9YXEIvmfHGUVPe1e2dzZ0"}"#;

/// A second key under the `kid` of the first.
fn repeat_first_kid(keys: &mut Value) {
    if let Some(keys) = keys.as_array_mut()
        && let Some(kid) = keys.first().and_then(|first| first.get("kid")).cloned()
    {
        let mut another = parsed(WEAK_KEY);
        another["kid"] = kid;
        another["n"] = Value::String(STRONG_MODULUS.to_owned());
        keys.push(another);
    }
}

/// A modulus of 2048 bits, at random.
const STRONG_MODULUS: &str = "rTd9ERwm3M-zEe3Q50gjK02a7S8Uhx1czBnsJ1AsjqHGFYl5Z6rorgvzio0Cdid9Yt-FYorHujSYt4LnBlfIdtNeKPizUnVdMtmiZJ3FaAthNpaxDF-J4TqFGPFsG3baBpCxI4ixjeREnkjw79x1lfX7DSs7aO-6qmwZEBLtUYtV6NcnfX2jl8b8zqutkzKusgne8LgNklxJUER_Jy_yIVZg-3Vb0I76YmcgG5XaVHMTnq0QDagSh7Ans2JtfVNXJ4ZRHw3yo8kGEt5Alqay2LmPdaZaKpABdu_4hd53ipyIEK5VRwpzShBv0X2K-b5TAL7BXjkCLmiOSmuaxgEyFw";
