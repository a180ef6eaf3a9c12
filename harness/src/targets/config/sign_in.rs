//! The key `sign_in`: how tokens of users are obtained.

use std::path::Path;

use strict_yaml::{MapReader, Node, Problems};

use super::Context;
use super::secret;
use crate::targets::{GivenRefreshToken, GivenTokens, SignInKind, SignInWay, StoredSignIns};
use crate::token_cache;

pub(super) fn read(node: &Node, cx: &Context<'_>, problems: &mut Problems) -> Option<SignInWay> {
    let mut way = MapReader::new(node, problems, "the way to sign in");
    way.guard("id_token");
    way.guard("access_token");
    way.guard("refresh_token");
    let found = match way
        .required_one_of("with", &SignInKind::ALL)
        .map(|with| with.value)
    {
        Some(SignInKind::Page) => Some(SignInWay::Page),
        Some(SignInKind::Session) => Some(SignInWay::Session),
        Some(SignInKind::Given) => given(&mut way, cx).map(SignInWay::Given),
        Some(SignInKind::Refresh) => refresh(&mut way, cx).map(SignInWay::Refresh),
        Some(SignInKind::Browser) => Some(SignInWay::Browser(stored(&mut way, cx))),
        Some(SignInKind::Cache) => Some(SignInWay::Cache(stored(&mut way, cx))),
        None => {
            way.know("id_token");
            way.know("access_token");
            way.know("refresh_token");
            way.know("cache");
            None
        }
    };
    way.finish();
    found
}

fn given(way: &mut MapReader<'_, '_>, cx: &Context<'_>) -> Option<GivenTokens> {
    let id_token = way.required_node("id_token");
    let id_token = id_token.and_then(|node| cx.secret(node, way.problems()));
    let access_token = way.node("access_token");
    let access_token = access_token.and_then(|node| cx.secret(node, way.problems()));
    Some(GivenTokens {
        id_token: id_token?,
        access_token,
    })
}

fn refresh(way: &mut MapReader<'_, '_>, cx: &Context<'_>) -> Option<GivenRefreshToken> {
    let node = way.required_node("refresh_token");
    let token = node.and_then(|node| cx.secret(node, way.problems()));
    Some(GivenRefreshToken {
        token: token?,
        file: node.and_then(|node| secret::file(node, cx.sources)),
    })
}

/// The token cache: the file that `cache` names, from the folder of the target file, or the one that belongs to it.
fn stored(way: &mut MapReader<'_, '_>, cx: &Context<'_>) -> StoredSignIns {
    let folder = cx.sources.folder;
    let file = if let Some(named) = way.optional::<String>("cache") {
        folder.join(named)
    } else {
        let name = Path::new(cx.file_name).file_name().unwrap_or_default();
        token_cache::beside(&folder.join(name))
    };
    StoredSignIns::read(file)
}
