"""An AI agent on okta-client-python, https://github.com/okta/okta-client-python, for all four resource types of Okta's
token exchange.

It signs its user in, exchanges the ID token for a credential and calls an API with it, once. The variables ATX_* configure
it. Exit code 0 when it reached the API, otherwise 1 and the reason in a line on standard error.
"""

import asyncio
import dataclasses
import os
import secrets
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

import jwt
from okta_client import authfoundation as sdk
from okta_client import oauth2auth as flows

import common
from common import (CLIENT_ID, EXCHANGED_TOKEN_TYPE, ID_TOKEN_CLIENT_ID, ISSUER, REQUESTED_TOKEN_TYPE, TARGET, TASK,
                    Trouble)
from network import FAILURES, Network

env = os.environ
METHOD = env["ATX_CLIENT_AUTH"]


class Claims(flows.JWTBearerClaims):
    """The SDK's own have no `jti`, or the same in every assertion."""

    def to_claims(self):
        return super().to_claims() | {"jti": secrets.token_urlsafe(24)}


class Client(sdk.OAuth2Client):
    """The agent at an authorization server, whose endpoints must be on its host."""

    def __init__(self, issuer, token_endpoint, **options):
        if METHOD == "private_key_jwt":
            claims = Claims(issuer=CLIENT_ID, subject=CLIENT_ID, audience=token_endpoint, expires_in=120)
            proof = sdk.ClientAssertionAuthorization(assertion_claims=claims, key_provider=sdk.LocalKeyProvider.from_pem_file(
                env["ATX_PRIVATE_KEY_FILE"], algorithm=env["ATX_KEY_ALG"], key_id=env["ATX_KEY_ID"]))
        elif METHOD == "client_secret_post":
            proof = sdk.ClientSecretAuthorization(CLIENT_ID, env["ATX_CLIENT_SECRET"])
        else:
            proof = sdk.ClientIdAuthorization(CLIENT_ID)
        super().__init__(sdk.OAuth2ClientConfiguration(issuer=issuer, client_authorization=proof, **options), Network())

    async def fetch_openid_configuration(self, **options):
        """The SDK's own takes an issuer with another number of slashes at its end for the same."""
        found = await super().fetch_openid_configuration(**options)
        if found.issuer != self.configuration.issuer:
            raise Trouble("the metadata are those of another issuer")
        # The SDK exchanges only where metadata list the grant, which Okta's need not.
        grants = [*(found.grant_types_supported or []), "urn:ietf:params:oauth:grant-type:token-exchange"]
        return dataclasses.replace(found, grant_types_supported=grants)

    async def fetch_oauth_server_metadata(self, **options):
        """The SDK's own looks behind the path of the issuer, where RFC 8414 puts nothing."""
        return await self.fetch_openid_configuration(**options)

    def build_http_request(self, request):
        built = super().build_http_request(request)
        if urlsplit(built.url)[:2] != urlsplit(self.configuration.issuer)[:2]:
            raise Trouble("the metadata lead to another host")
        if built.body and METHOD == "client_secret_basic":  # which the SDK does not have
            built.headers["Authorization"] = common.basic(quote_plus(CLIENT_ID), quote_plus(env["ATX_CLIENT_SECRET"]))
        return built

    async def exchange(self, request):
        """Sends a token request for any of the SDK's flows. The SDK's own refuses an answer without `access_token`, which
        that with a secret or a service account is, and loses an answer when it cannot fetch the server's keys with it."""
        try:
            answer = self.send(request)
        except ValueError:
            raise Trouble(f"{urlsplit(request.url).path} answered with something that is not JSON") from None
        common.judge(request.url, answer.status_code, answer.result)
        return answer


def verify(id_token, nonce=None):
    """Verifies an ID token by PyJWT. The SDK lets the token choose the algorithm, takes any key for one that is missing, fails
    at keys of an unknown type, and ignores `azp`."""
    keys = common.persist(lambda: asyncio.run(Client(ISSUER, "").fetch_jwks()), FAILURES)
    key = jwt.PyJWKSet([key.data for key in keys.keys])[jwt.get_unverified_header(id_token)["kid"]]
    claims = jwt.decode(id_token, key, algorithms=["RS256", "ES256"], issuer=ISSUER, audience=ID_TOKEN_CLIENT_ID, leeway=10,
                        options={"require": ["exp", "iat", "iss", "aud", "sub"]})
    is_own = claims["aud"] in (ID_TOKEN_CLIENT_ID, [ID_TOKEN_CLIENT_ID]) and claims.get("azp") in (None, ID_TOKEN_CLIENT_ID)
    if not is_own or not claims["sub"] or nonce not in (None, claims.get("nonce")):
        raise Trouble("the ID token is for another client or sign-in, or about nobody")
    return id_token


def sign_in():
    """Authorization code flow. A code is sent once: if its redemption is lost on the way, the user signs in anew."""
    flow = flows.AuthorizationCodeFlow(Client(ISSUER, env["ATX_ORG_TOKEN_ENDPOINT"], scope="openid profile email",
                                              redirect_uri=env["ATX_REDIRECT_URI"]))
    context = flows.AuthorizationCodeContext(
        nonce=secrets.token_urlsafe(24), state=secrets.token_urlsafe(24), login_hint=env["ATX_USER"],
        pushed_authorization_request_enabled=False)  # the SDK says nothing of one that is refused
    url = common.persist(lambda: asyncio.run(flow.start(context=context)), FAILURES)
    # The SDK puts what authenticates the client into the link as well, for the history of the browser.
    query = [pair for pair in parse_qsl(urlsplit(url).query) if not pair[0].startswith(("client_assertion", "client_secret"))]
    url = urlsplit(url)._replace(query=urlencode({"client_id": CLIENT_ID} | dict(query))).geturl()
    metadata = asyncio.run(flow.client.fetch_openid_configuration())
    # The SDK ignores the parameter `iss` of the answer (RFC 9207).
    code = common.sign_in_at(url, context.state, metadata.get("authorization_response_iss_parameter_supported") is True)
    tokens = asyncio.run(flow.resume(f"{env['ATX_REDIRECT_URI']}?{urlencode({'code': code, 'state': context.state})}"))
    return verify(common.text_in(common.typed(tokens, "bearer"), "id_token"), context.nonce)


def exchange(id_token):
    """What the API is shown. An ID-JAG is redeemed once: if that is lost on the way, the next attempt gets a new one."""
    answer = asyncio.run(flows.TokenExchangeFlow(Client(ISSUER, env["ATX_ORG_TOKEN_ENDPOINT"])).start(
        subject_token=id_token, subject_token_type="id_token", requested_token_type=REQUESTED_TOKEN_TYPE,
        audience=TARGET.get("audience"), scope=TARGET.get("scope", "").split(),
        resource=[TARGET["resource"]] if "resource" in TARGET else None))
    common.typed(answer, EXCHANGED_TOKEN_TYPE, REQUESTED_TOKEN_TYPE)
    if TASK == "authorization-server":
        redemption = flows.JWTBearerFlow(Client(env["ATX_CUSTOM_ISSUER"], env["ATX_CUSTOM_TOKEN_ENDPOINT"]))
        answer = asyncio.run(redemption.start(assertion=common.text_in(answer, "access_token")))
        common.typed(answer, "bearer")
    return common.fields_for_api(answer)


def get(url, fields):
    request = sdk.HTTPRequest(sdk.APIRequestMethod.GET, url, fields, None, None)
    return common.persist(lambda: Network().send(request), FAILURES).status_code


def run():
    id_token = env.get("ATX_ID_TOKEN")
    try:
        id_token = id_token and verify(id_token)
    except jwt.ExpiredSignatureError:
        id_token = None
    id_token = id_token or common.persist(sign_in, FAILURES)
    common.call_api(lambda: common.with_consent(lambda: exchange(id_token), FAILURES), get)


common.finish(run)
