//! `prompt`, `max_age` and `acr_values`: how the user is to be asked (OIDC Core §3.1.2.1).

use crate::context::Context;
use crate::refusal::{Refusal, Refused};
use crate::request::Params;

const PROMPTS: [&str; 4] = ["none", "login", "consent", "select_account"];

/// What a user with a password alone cannot meet.
const BEYOND_A_PASSWORD: [&str; 3] = ["urn:okta:loa:2fa:any", "phr", "phrh"];

/// Judges them; the prompts asked for come back.
///
/// # Errors
/// `invalid_prompt`, `invalid_max_age`, `invalid_prompt_for_zero_max_age`, `unmet_authentication_requirements`
pub fn judge<'p>(cx: &mut Context<'_>, params: &'p Params) -> Result<Vec<&'p str>, Refused> {
    let prompts: Vec<&str> = params
        .get("prompt")
        .map(|prompt| prompt.split(' ').collect())
        .unwrap_or_default();
    let known = prompts.iter().all(|prompt| PROMPTS.contains(prompt));
    let alone = !prompts.contains(&"none") || prompts.len() == 1;
    cx.gate.require(known && alone, Refusal::PromptInvalid)?;
    let max_age = params.get("max_age").map(str::parse::<i32>);
    let in_range = max_age
        .as_ref()
        .is_none_or(|age| age.as_ref().is_ok_and(|age| *age >= 0));
    cx.gate.require(in_range, Refusal::MaxAgeInvalid)?;
    let zero = matches!(max_age, Some(Ok(0)));
    cx.gate.require(
        !(zero && prompts.contains(&"none")),
        Refusal::MaxAgeZeroPrompt,
    )?;
    // The values are in the order of preference: one that can be met is enough.
    let met = params.get("acr_values").is_none_or(|values| {
        values
            .split(' ')
            .any(|value| !BEYOND_A_PASSWORD.contains(&value))
    });
    cx.gate.require(met, Refusal::AuthenticationUnmet)?;
    Ok(prompts)
}
