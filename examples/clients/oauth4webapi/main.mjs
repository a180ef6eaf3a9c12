// oauth4webapi, https://github.com/panva/oauth4webapi, against the mock org.
//
// It needs https with the CA in NODE_EXTRA_CA_CERTS, or its option `allowInsecureRequests` where the org speaks plain http.
// It hands out the answer itself, so the agent's flows whose answer has no `access_token` work too.
import assert from "node:assert/strict";
import { decodeProtectedHeader, importPKCS8 } from "jose";
import * as oauth from "oauth4webapi";
import { consent, control, flow, org, signIn } from "./org.mjs";

const TYPE = "urn:ietf:params:oauth:token-type:";
const OKTA_TYPE = "urn:okta:params:oauth:token-type:";
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const { ada } = org.users;
const options = { [oauth.allowInsecureRequests]: org.issuer.startsWith("http:") };
/** The option under which it takes the `token_type` of an exchange whose result is not an access token. */
const notApplicable = { recognizedTokenTypes: { n_a: () => {} } };

async function discover(issuer) {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
}

const as = await discover(org.issuer);
const chat = await discover(org.chat.issuer);
const app = { client_id: org.clients.web_app.client_id };
const appAuth = oauth.ClientSecretBasic(org.clients.web_app.client_secret.value);
const agent = { client_id: org.clients.agent.client_id };
const { key } = org.clients.agent;
const privateKey = { key: await importPKCS8(key.private_key_pem.value, key.alg), kid: key.kid };

/** The agent's proof at a server: the audience of its assertions is the full URL of the endpoint. */
const agentAuth = ({ token_endpoint }) =>
  oauth.PrivateKeyJwt(privateKey, { [oauth.modifyAssertion]: (_header, payload) => { payload.aud = token_endpoint; } });

async function signInWith(client, auth, { redirect_uri }, scope, server = as) {
  const [verifier, state, expectedNonce] =
    [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id, redirect_uri, response_type: "code", scope, state, nonce: expectedNonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
  });
  const parameters = oauth.validateAuthResponse(server, client, await signIn(url), state);
  const answer = await oauth.authorizationCodeGrantRequest(server, client, auth, parameters, redirect_uri, verifier, options);
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, { expectedNonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(server, answer, options);
  return tokens;
}

async function callApi(token, api) {
  const answer = await oauth.protectedResourceRequest(token, "GET", new URL(api), undefined, undefined, options);
  assert.equal(answer.status, 200);
}

const tokens = await flow("sign-in with PKCE, signature verified", async () => {
  const tokens = await signInWith(app, appAuth, org.clients.web_app, "openid email offline_access");
  assert.equal(oauth.getValidatedIdTokenClaims(tokens).sub, ada.id);
  return tokens;
});

await flow("userinfo", async ({ access_token }) => {
  const answer = await oauth.userInfoRequest(as, app, access_token, options);
  const info = await oauth.processUserInfoResponse(as, app, ada.id, answer);
  assert.equal(info.email, ada.login);
}, tokens);

const refreshed = await flow("refresh", async ({ access_token, refresh_token }) => {
  const answer = await oauth.refreshTokenGrantRequest(as, app, appAuth, refresh_token, options);
  const fresh = await oauth.processRefreshTokenResponse(as, app, answer);
  assert.notEqual(fresh.access_token, access_token);
  return fresh;
}, tokens);

await flow("introspection and revocation", async ({ access_token }) => {
  const introspect = async () => oauth.processIntrospectionResponse(as, app,
    await oauth.introspectionRequest(as, app, appAuth, access_token, options));
  assert.equal((await introspect()).active, true);
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, app, appAuth, access_token, options));
  assert.equal((await introspect()).active, false);
}, refreshed);

await flow("machine access with a secret in HTTP Basic", async () => {
  const { client_id, client_secret } = org.clients.service_app;
  const answer = await oauth.clientCredentialsGrantRequest(chat, { client_id },
    oauth.ClientSecretBasic(client_secret.value), { scope: "chat.read" }, options);
  const { access_token } = await oauth.processClientCredentialsResponse(chat, { client_id }, answer);
  await callApi(access_token, org.chat.api);
});

const signedIn = await flow("sign-in of the agent with its key", () =>
  signInWith(agent, agentAuth(as), org.clients.agent, "openid email"));

const exchange = ({ id_token }, requested, target) => oauth.genericTokenEndpointRequest(as, agent, agentAuth(as), EXCHANGE, {
  subject_token: id_token, subject_token_type: `${TYPE}id_token`, requested_token_type: requested, ...target,
}, options);

/** From the ID token to an access token of the chat server. */
async function accessToken(signedIn, scope, resource = {}) {
  const first = await exchange(signedIn, `${TYPE}id-jag`, { audience: org.chat.issuer, scope, ...resource });
  const idJag = await oauth.processGenericTokenEndpointResponse(as, agent, first, notApplicable);
  assert.equal(idJag.issued_token_type, `${TYPE}id-jag`);
  const second = await oauth.genericTokenEndpointRequest(chat, agent, agentAuth(chat), JWT_BEARER,
    { assertion: idJag.access_token, ...resource }, options);
  return oauth.processGenericTokenEndpointResponse(chat, agent, second);
}

await flow("ID token → ID-JAG → access token → API", async (signedIn) => {
  const { access_token, scope } = await accessToken(signedIn, org.chat.scope);
  assert.deepEqual(scope.split(" ").sort(), org.chat.scope.split(" ").sort());
  await callApi(access_token, org.chat.api);
}, signedIn);

await flow("from the API's challenge to the API (RFC 9728, RFC 8707)", async (signedIn) => {
  const refusal = await oauth.protectedResourceRequest("none", "GET", new URL(org.chat.api), undefined, undefined, options)
    .then(() => assert.fail("the API took a token that is none"), (error) => error);
  assert.equal(refusal.status, 401);
  assert.ok(refusal.cause[0].parameters.resource_metadata, "the challenge does not name the metadata");
  const api = new URL(org.chat.api);
  const metadata = await oauth.processResourceDiscoveryResponse(api, await oauth.resourceDiscoveryRequest(api, options));
  assert.deepEqual(metadata.authorization_servers, [org.chat.issuer]);
  const { access_token } = await accessToken(signedIn, metadata.scopes_supported.join(" "), { resource: metadata.resource });
  await callApi(access_token, org.chat.api);
}, signedIn);

await flow("secret", async (signedIn) => {
  const { resource, api, field } = org.resources.secret;
  const { vaulted_secret } = await (await exchange(signedIn, `${OKTA_TYPE}vaulted-secret`, { resource })).json();
  assert.equal((await fetch(api, { headers: { "X-Api-Key": vaulted_secret[field] } })).status, 200);
}, signedIn);

await flow("service account", async (signedIn) => {
  const { resource, api } = org.resources.service_account;
  const { service_account } = await (await exchange(signedIn, `${OKTA_TYPE}service-account`, { resource })).json();
  const basic = Buffer.from(`${service_account.username}:${service_account.password}`).toString("base64");
  assert.equal((await fetch(api, { headers: { Authorization: `Basic ${basic}` } })).status, 200);
}, signedIn);

await flow("resource server with consent → retry, and revocation", async (signedIn) => {
  const { resource, api } = org.resources.resource_server;
  const ask = async () => oauth.processGenericTokenEndpointResponse(as, agent,
    await exchange(signedIn, `${OKTA_TYPE}oauth-sts`, { resource }));
  const askInVain = () => ask().then(() => assert.fail("no consent was asked for"), (error) => error);
  const refusal = await askInVain();
  assert.equal(refusal.error, "interaction_required");
  await consent(refusal.cause.interaction_uri);
  const { access_token } = await ask();
  await callApi(access_token, api);
  const auth = agentAuth({ token_endpoint: as.revocation_endpoint });
  const hint = { additionalParameters: { token_type_hint: "oauth_sts" } };
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(as, agent, auth, access_token, { ...options, ...hint }));
  assert.equal((await askInVain()).error, "interaction_required");
}, signedIn);

await flow("verification by published keys, with key rotation", async ({ id_token }) => {
  const { kid } = await control("keys/rotate", { issuer: org.issuer });
  // The keys are kept with the metadata object for a minute at least, so it is read anew right after a rotation.
  const fresh = await signInWith(app, appAuth, org.clients.web_app, "openid", await discover(org.issuer));
  assert.equal(decodeProtectedHeader(fresh.id_token).kid, kid);
  assert.notEqual(decodeProtectedHeader(id_token).kid, kid);
}, tokens);
