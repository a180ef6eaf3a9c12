//! People.

use serde_json::Value;

use super::error;
use crate::support::Client;

#[test]
fn a_user_goes_by_id_by_login_and_by_the_part_before_its_at() {
    let client = Client::managed();
    let one = |name: &str| client.managed_at(&format!("/api/v1/users/{name}"));
    let ada = one("00uada00000000000001");
    assert_eq!(
        (&ada["status"], &ada["profile"]["email"]),
        (&"ACTIVE".into(), &"ada@example.com".into())
    );
    for name in [
        "ada@example.com",
        "ada%40example.com",
        "ADA@EXAMPLE.COM",
        "ada",
    ] {
        assert_eq!(one(name), ada, "{name}");
    }
    assert_eq!(one("mallory")["status"], "SUSPENDED");
    assert_eq!(error(&client, "GET", "/api/v1/users/me").0, 404);
}

#[test]
fn users_are_listed_and_searched() {
    let client = Client::managed();
    let ids = |path: &str| -> Vec<Value> {
        let all = client.managed_at(path);
        all.as_array()
            .expect("a list")
            .iter()
            .map(|one| one["id"].clone())
            .collect()
    };
    assert_eq!(ids("/api/v1/users").len(), 3);
    assert_eq!(ids("/api/v1/users?q=GRACE"), ["00ugrace000000000001"]);
    assert_eq!(ids("/api/v1/users?q=status").len(), 0);
    for parameter in ["search", "filter"] {
        let path =
            format!("/api/v1/users?{parameter}=profile.login%20eq%20%22grace%40example.com%22");
        assert_eq!(ids(&path), ["00ugrace000000000001"]);
    }
}
