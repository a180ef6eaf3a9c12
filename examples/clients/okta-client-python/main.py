"""Okta's own SDK for agents, https://github.com/okta/okta-client-python, against the mock org.

It asks for nothing special: https with the CA in SSL_CERT_FILE, or plain http.
"""

import asyncio
import urllib.request

from okta_client.authfoundation import (
    ClientAssertionAuthorization,
    ClientIdAuthorization,
    ClientSecretAuthorization,
    LocalKeyProvider,
    OAuth2Client,
    OAuth2ClientConfiguration,
    OAuth2Error,
)
from okta_client.oauth2auth import (
    AuthorizationCodeContext,
    AuthorizationCodeFlow,
    CrossAppAccessFlow,
    CrossAppAccessTarget,
    JWTBearerClaims,
    JWTBearerFlow,
    TokenExchangeContext,
    TokenExchangeFlow,
    TokenType,
)

from org import Org, equal, finish, flow, raises

org = Org()
ada = org.users["ada"]
ID_TOKEN_SCOPES = ["openid", "profile", "email", "offline_access"]


def client(authorization, role, issuer=org.issuer, scope=None):
    return OAuth2Client(OAuth2ClientConfiguration(
        issuer=issuer,
        scope=scope,
        redirect_uri=org.clients[role].get("redirect_uri"),
        client_authorization=authorization,
    ))


def agent(scope=None, issuer=org.issuer, token_path="/oauth2/v1/token"):
    """The agent, which proves who it is with a JWT that its key signs. The audience is the endpoint's full URL."""
    entry = org.clients["agent"]
    key = LocalKeyProvider.from_pem(
        entry["key"]["private_key_pem"]["value"], algorithm=entry["key"]["alg"], key_id=entry["key"]["kid"]
    )
    claims = JWTBearerClaims(
        issuer=entry["client_id"], subject=entry["client_id"], audience=issuer + token_path, expires_in=300
    )
    return client(ClientAssertionAuthorization(assertion_claims=claims, key_provider=key), "agent", issuer, scope)


def sign_in(oauth, **context):
    code_flow = AuthorizationCodeFlow(oauth)
    url = asyncio.run(code_flow.start(context=AuthorizationCodeContext(**context)))
    return asyncio.run(code_flow.resume(org.sign_in(url)))


def call_api(token, api):
    request = urllib.request.Request(api, headers={"Authorization": f"{token.token_type} {token.access_token}"})
    with urllib.request.urlopen(request) as answer:
        return answer.status


@flow("sign-in with PKCE")
def tokens():
    # The SDK pushes the request first (PAR) where the metadata has an endpoint for that.
    token = sign_in(agent(ID_TOKEN_SCOPES), nonce="n-1")
    equal(token.id_token.subject, ada["id"])
    equal(token.id_token.audience, [org.clients["agent"]["client_id"]])
    equal(token.id_token.nonce, "n-1")
    return token


@flow("ID token → ID-JAG → access token → API", tokens)
def access(tokens):
    exchange = CrossAppAccessFlow(agent(), target=CrossAppAccessTarget(issuer=org.chat["issuer"]))
    asyncio.run(exchange.start(token=tokens.id_token.raw, scope=org.chat["scope"].split()))
    token = asyncio.run(exchange.resume())
    equal(sorted(token.scope), sorted(org.chat["scope"].split()))
    equal(call_api(token, org.chat["api"]), 200)
    return token


@flow("the same in two steps", tokens)
def _(tokens):
    id_jag = asyncio.run(TokenExchangeFlow(agent()).start(
        subject_token=tokens.id_token.raw, subject_token_type=TokenType.ID_TOKEN,
        requested_token_type=TokenType.ID_JAG, audience=org.chat["issuer"], scope=[org.chat["one_scope"]],
    ))
    equal(id_jag.token_type, "N_A")
    equal(id_jag.issued_token_type, "urn:ietf:params:oauth:token-type:id-jag")
    redeem = JWTBearerFlow(agent(issuer=org.chat["issuer"], token_path="/v1/token"))
    token = asyncio.run(redeem.start(assertion=id_jag.access_token))
    equal(token.scope, [org.chat["one_scope"]])
    error = raises(OAuth2Error, lambda: asyncio.run(redeem.start(assertion=id_jag.access_token)))
    equal(error.error, "invalid_grant")  # an ID-JAG can be redeemed once


@flow("resource server with consent → retry", tokens)
def _(tokens):
    entry = org.resources["resource_server"]

    def exchange():
        return asyncio.run(TokenExchangeFlow(agent()).start(
            subject_token=tokens.id_token.raw, subject_token_type=TokenType.ID_TOKEN,
            requested_token_type="urn:okta:params:oauth:token-type:oauth-sts", resource=[entry["resource"]],
        ))

    refusal = raises(OAuth2Error, exchange)
    equal(refusal.error, "interaction_required")
    org.consent(refusal.additional_fields["interaction_uri"])
    token = exchange()
    equal(sorted(token.scope), sorted(entry["scope"].split()))
    equal(call_api(token, entry["api"]), 200)


@flow("refresh", tokens)
def refreshed(tokens):
    token = asyncio.run(agent(ID_TOKEN_SCOPES).refresh(tokens))
    assert token.access_token != tokens.access_token, "the access token is the old one"
    equal(token.id_token.subject, ada["id"])
    return token


@flow("userinfo", tokens)
def _(tokens):
    info = asyncio.run(agent().userinfo(tokens))
    equal(info.claims["sub"], ada["id"])
    equal(info.claims["email"], ada["login"])


@flow("sign-in of a web app with its secret")
def _():
    entry = org.clients["web_app"]
    secret = ClientSecretAuthorization(id=entry["client_id"], secret=entry["client_secret"]["value"])
    token = sign_in(client(secret, "web_app", scope=["openid"]))
    equal(token.id_token.audience, [entry["client_id"]])


# At introspection and revocation this SDK sends the client id and nothing else, so it needs a public client there.
public = client(ClientIdAuthorization(id=org.clients["public_app"]["client_id"]), "public_app", scope=["openid", "email"])


@flow("introspection and revocation by a public client")
def _():
    token = sign_in(public)
    info = asyncio.run(public.introspect(token.access_token))
    equal(info.claims["active"], True)
    equal(info.claims["sub"], ada["login"])
    asyncio.run(public.revoke(token.access_token, "access_token"))
    equal(asyncio.run(public.introspect(token.access_token)).claims["active"], False)


@flow("ID token signed by a rotated key")
def _():
    before = sign_in(public)
    kid = org.control("keys/rotate", {"issuer": org.issuer})["kid"]
    after = sign_in(public)  # the SDK verifies it with the keys that the org publishes
    equal(after.id_token.header["kid"], kid)
    assert before.id_token.header["kid"] != kid, "the key was not rotated"


finish()
