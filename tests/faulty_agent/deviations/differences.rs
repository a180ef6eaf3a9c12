//! The lawful differences: what a good client may do as well.

super::deviations! { Difference, "Something that a client may do.":
    ParameterOrder "parameter-order" ALL [] "Parameters come in the reverse order.";
    ExtraParameters "extra-parameters" ALL [] "Requests have parameters that the server does not know (RFC 6749 section 3.1 and 3.2).";
    PercentEncoding "percent-encoding" ALL [] "A space in a form is %20 instead of +, and hex digits are in lower case.";
    ContentTypeCharset "content-type-charset" ALL [] "The media type of forms has the parameter charset.";
    Http10 "http-1.0" ALL [] "Requests are HTTP/1.0.";
    HeaderCase "header-case" ALL [] "Header names are written in title case.";
    NoUserAgent "no-user-agent" ALL [] "There is no User-Agent.";
    AcceptAnything "accept-anything" ALL [] "Accept is */* with alternatives before.";
    AcceptLanguage "accept-language" ALL [] "Requests name languages that the agent would like.";
    ConnectionClose "connection-close" ALL [] "Every request has a connection of its own.";
    HeadBefore "head-before" ALL [] "Before every GET there is a HEAD without the credential.";
    NoDiscovery "no-discovery" ALL [] "No metadata are fetched.";
    OauthMetadata "oauth-metadata" ALL [] "Metadata are fetched from the location of RFC 8414.";
    KeysTwice "keys-twice" ALL [] "The key set is fetched twice.";
    SignInTwice "sign-in-twice" ALL [] "The user signs in twice, and the second ID token is used.";
    PromptLogin "prompt-login" ALL [] "The authorization request has prompt=login.";
    LoginHint "login-hint" ALL [] "The authorization request has login_hint, max_age and ui_locales.";
    FormPost "form-post" ALL [] "The authorization response is asked for as a form (response_mode=form_post).";
    ScopeOrder "scope-order" ALL [] "Scopes come in the reverse order.";
    Userinfo "userinfo" ALL [] "Userinfo is asked after the sign-in.";
    ClientIdBeside "client-id-beside" ALL [] "Token requests have client_id beside the authentication.";
    AssertionTyp "assertion-typ" ALL [] "Client assertions have a typ and claims that nobody asked for.";
    AssertionWithoutIat "assertion-without-iat" ALL [] "Client assertions have no iat and live for five minutes.";
    SecretByBasic "secret-by-basic" ALL [] "A secret is sent by HTTP Basic, whatever the settings say.";
    SecretInBody "secret-in-body" ALL [] "A secret is sent in the form, whatever the settings say.";
    AudienceAndResource "audience-and-resource" AUTHORIZATION_SERVER [] "The exchange has the resource of the API's metadata beside the audience.";
    ExchangeTwice "exchange-twice" ALL [] "The exchange is made twice, and the second answer is used.";
    BearerCase "bearer-case" ALL [] "The scheme of the Authorization header is in lower case.";
    ApiTwice "api-twice" ALL [] "The API is asked twice with the same credential.";
    Introspection "introspection" AUTHORIZATION_SERVER [] "The access token is introspected at its issuer before it is used.";
    Revocation "revocation" TOKEN [] "The access token is revoked at the end.";
    MetadataTwice "metadata-twice" ALL [] "Metadata are fetched again before the API is asked.";
}
