//! Changes of what a protected resource says of itself.

use super::edit::Edit::{Append, AsList, AsText, Elsewhere, Push, Remove, Replace, Set};
use super::edit::Source::Json;
use super::table::changes;

changes! {
    "resource-metadata-resource-elsewhere" = ResourceMetadata:
        Body "resource" => Elsewhere;
        "The metadata of a protected resource name a resource at another host.";
    "resource-metadata-resource-with-slash" = ResourceMetadata:
        Body "resource" => Append("/");
        "The resource in the metadata of a protected resource ends in a slash, unlike its address.";
    "resource-metadata-resource-missing" = ResourceMetadata: Body "resource" => Remove; "The metadata of a protected resource do not name it.";
    "resource-metadata-resource-list" = ResourceMetadata: Body "resource" => AsList; "The resource in the metadata of a protected resource is a list.";
    "resource-metadata-servers-elsewhere" = ResourceMetadata:
        Body "authorization_servers" => Replace(Json(r#"["https://another.example.com"]"#));
        "The metadata of a protected resource name another authorization server.";
    "resource-metadata-servers-text" = ResourceMetadata:
        Body "authorization_servers" => AsText;
        "The authorization_servers in the metadata of a protected resource is a string.";
    "resource-metadata-servers-empty" = ResourceMetadata:
        Body "authorization_servers" => Replace(Json("[]"));
        "The metadata of a protected resource name no authorization server: the list is empty.";
    "resource-metadata-servers-missing" = ResourceMetadata:
        Body "authorization_servers" => Remove;
        "The metadata of a protected resource have no authorization_servers.";
    "resource-metadata-scopes-text" = ResourceMetadata:
        Body "scopes_supported" => AsText;
        "The scopes_supported in the metadata of a protected resource is a string.";
    "resource-metadata-scopes-empty" = ResourceMetadata:
        Body "scopes_supported" => Replace(Json("[]"));
        "The scopes_supported in the metadata of a protected resource is an empty list.";
    "resource-metadata-offline-access" = ResourceMetadata:
        Body "scopes_supported" => Push(r#""offline_access""#);
        "The metadata of a protected resource list offline_access, which is not a scope of an API.";
    "resource-metadata-methods-text" = ResourceMetadata:
        Body "bearer_methods_supported" => AsText;
        "The bearer_methods_supported in the metadata of a protected resource is a string.";
    "resource-metadata-methods-unknown" = ResourceMetadata:
        Body "bearer_methods_supported" => Replace(Json(r#"["telepathy"]"#));
        "The metadata of a protected resource list a bearer method that does not exist.";
    "resource-metadata-html" = ResourceMetadata:
        Header "content-type" => Set(Json(r#""text/html""#));
        "The media type of the metadata of a protected resource is text/html.";
    "resource-metadata-not-found" = ResourceMetadata:
        Status "status" => Set(Json("404"));
        "The metadata of a protected resource are not where its challenge says.";
    "bearer-challenge-metadata-elsewhere" = ApiChallenge:
        Header "www-authenticate" => Elsewhere;
        "The challenge of a protected resource says that its metadata lie at another host.";
    "bearer-challenge-other-scheme" = BearerChallenge:
        Header "www-authenticate" => Set(Json(r#""Basic realm=\"api\"""#));
        "A refused bearer token gets a challenge for another scheme.";
}
