//! Changes of what a browser meets: redirects, pages, cookies.

use super::edit::Edit::{Cut, Remove, Replace, Set};
use super::edit::Source::Json;
use super::table::changes;

changes! {
    "sign-in-redirect-307" = SignInRedirect:
        Status "status" => Set(Json("307"));
        "The answer to the posted password has the status 307, so the browser posts it again.";
    "consent-redirect-307" = ConsentRedirect:
        Status "status" => Set(Json("307"));
        "The answer to the posted consent has the status 307, so the browser posts it again.";
    "sign-in-redirect-308" = SignInRedirect:
        Status "status" => Set(Json("308"));
        "The answer to the posted password has the status 308, so the browser posts it again.";
    "consent-redirect-308" = ConsentRedirect:
        Status "status" => Set(Json("308"));
        "The answer to the posted consent has the status 308, so the browser posts it again.";
    "sign-in-page-framed" = SignInPage: Header "content-security-policy" => Remove; "The sign-in page can be framed by any site.";
    "consent-page-framed" = ConsentPage: Header "content-security-policy" => Remove; "The consent page can be framed by any site.";
    "authorize-cors" = AuthorizeAnswer:
        Header "access-control-allow-origin" => Set(Json(r#""*""#));
        "The authorization endpoint lets scripts of any origin read its answers.";
    "session-cookie-readable" = SignInRedirect: Header "set-cookie" => Cut("; HttpOnly"); "The session cookie can be read by scripts.";
    "code-redirect-iss-foreign" = CodeRedirect:
        Location "iss" => Set(Json(r#""https://another.example.com""#));
        "The code comes back with the iss of another issuer.";
    "error-redirect-iss-foreign" = ErrorRedirect:
        Location "iss" => Set(Json(r#""https://another.example.com""#));
        "A refused authorization request is answered with the iss of another issuer.";
    "code-redirect-iss-missing" = CodeRedirect: Location "iss" => Remove; "The code comes back without the iss that the metadata announce.";
    "error-redirect-iss-missing" = ErrorRedirect:
        Location "iss" => Remove;
        "A refused authorization request is answered without the iss that the metadata announce.";
    "error-redirect-state-other" = ErrorRedirect:
        Location "state" => Replace(Json(r#""another-state""#));
        "A refused authorization request is answered with another state.";
    "error-redirect-code" = ErrorRedirect:
        Location "code" => Set(Json(r#""a-code-beside-an-error""#));
        "A refused authorization request is answered with a code as well.";
    "error-redirect-error-missing" = ErrorRedirect: Location "error" => Remove; "A refused authorization request is answered without its error.";
    "code-redirect-access-token" = CodeRedirect:
        Location "access_token" => Set(Json(r#""a-token-in-an-address""#));
        "An access token comes back beside the code, in the query.";
    "code-redirect-error" = CodeRedirect: Location "error" => Set(Json(r#""access_denied""#)); "The code comes back with an error beside it.";
}
