// openid-client, https://github.com/panva/openid-client, against the mock org.
//
// It needs https with the CA in NODE_EXTRA_CA_CERTS, or its option `allowInsecureRequests` where the org speaks plain http.
import assert from "node:assert/strict";
import { decodeProtectedHeader, importPKCS8 } from "jose";
import * as client from "openid-client";
import { consent, control, flow, org, signIn } from "./org.mjs";

const TYPE = "urn:ietf:params:oauth:token-type:";
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const { ada } = org.users;
// Without the second option it relies on https and does not verify the signatures of ID tokens.
const execute = [
  ...(org.issuer.startsWith("http:") ? [client.allowInsecureRequests] : []),
  client.enableNonRepudiationChecks,
];

/** An authorization server as a client with a secret sees it. */
const withSecret = ({ client_id, client_secret }, issuer) =>
  client.discovery(new URL(issuer), client_id, undefined, client.ClientSecretBasic(client_secret.value), { execute });

/** An authorization server as the agent sees it: the audience of its assertions is the full URL of the endpoint. */
async function asAgent({ client_id, key }, issuer) {
  const privateKey = await importPKCS8(key.private_key_pem.value, key.alg);
  const auth = client.PrivateKeyJwt({ key: privateKey, kid: key.kid }, {
    [client.modifyAssertion]: (_header, payload) => { payload.aud = config.serverMetadata().token_endpoint; },
  });
  const config = await client.discovery(new URL(issuer), client_id, undefined, auth, { execute });
  return config;
}

async function signInWith(config, { redirect_uri }, scope) {
  const [pkceCodeVerifier, expectedState, expectedNonce] =
    [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri, scope, state: expectedState, nonce: expectedNonce, code_challenge_method: "S256",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  });
  return client.authorizationCodeGrant(config, await signIn(url), { pkceCodeVerifier, expectedState, expectedNonce });
}

const app = await withSecret(org.clients.web_app, org.issuer);
const agent = await asAgent(org.clients.agent, org.issuer);

const tokens = await flow("sign-in with PKCE", async () => {
  const tokens = await signInWith(app, org.clients.web_app, "openid email offline_access");
  assert.equal(tokens.claims().sub, ada.id);
  assert.equal(tokens.claims().aud, org.clients.web_app.client_id);
  return tokens;
});

await flow("userinfo", async (tokens) => {
  const info = await client.fetchUserInfo(app, tokens.access_token, ada.id);
  assert.equal(info.email, ada.login);
}, tokens);

const refreshed = await flow("refresh", async (tokens) => {
  const fresh = await client.refreshTokenGrant(app, tokens.refresh_token);
  assert.notEqual(fresh.access_token, tokens.access_token);
  return fresh;
}, tokens);

await flow("introspection and revocation", async ({ access_token }) => {
  const before = await client.tokenIntrospection(app, access_token);
  assert.equal(before.active, true);
  assert.equal(before.client_id, org.clients.web_app.client_id);
  await client.tokenRevocation(app, access_token, { token_type_hint: "access_token" });
  assert.equal((await client.tokenIntrospection(app, access_token)).active, false);
}, refreshed);

await flow("machine access with a secret in HTTP Basic", async () => {
  const chat = await withSecret(org.clients.service_app, org.chat.issuer);
  const { access_token, scope } = await client.clientCredentialsGrant(chat, { scope: "chat.read" });
  assert.equal(scope, "chat.read");
  const answer = await client.fetchProtectedResource(chat, access_token, new URL(org.chat.api), "GET");
  assert.equal(answer.status, 200);
});

const signedIn = await flow("sign-in of the agent with its key", async () => {
  const tokens = await signInWith(agent, org.clients.agent, "openid email");
  assert.equal(tokens.claims().sub, ada.id);
  return tokens;
});

const exchange = ({ id_token }, requested, target) => client.genericGrantRequest(agent, EXCHANGE, {
  subject_token: id_token, subject_token_type: `${TYPE}id_token`, requested_token_type: requested, ...target,
});

await flow("ID token → ID-JAG → access token → API", async (signedIn) => {
  const idJag = await exchange(signedIn, `${TYPE}id-jag`, { audience: org.chat.issuer, scope: org.chat.scope });
  assert.equal(idJag.token_type, "n_a");
  assert.equal(idJag.issued_token_type, `${TYPE}id-jag`);
  const chat = await asAgent(org.clients.agent, org.chat.issuer);
  const { access_token, scope } = await client.genericGrantRequest(chat, JWT_BEARER, { assertion: idJag.access_token });
  assert.deepEqual(scope.split(" ").sort(), org.chat.scope.split(" ").sort());
  const answer = await client.fetchProtectedResource(chat, access_token, new URL(org.chat.api), "GET");
  assert.equal(answer.status, 200);
}, signedIn);

await flow("resource server with consent → retry", async (signedIn) => {
  const { resource, api } = org.resources.resource_server;
  const ask = () => exchange(signedIn, "urn:okta:params:oauth:token-type:oauth-sts", { resource });
  const refusal = await ask().then(() => assert.fail("no consent was asked for"), (error) => error);
  assert.equal(refusal.error, "interaction_required");
  await consent(refusal.cause.interaction_uri);
  const { access_token } = await ask();
  const answer = await client.fetchProtectedResource(agent, access_token, new URL(api), "GET");
  assert.equal(answer.status, 200);
}, signedIn);

await flow("logout", async ({ id_token }) => {
  const url = client.buildEndSessionUrl(app, {
    id_token_hint: id_token, post_logout_redirect_uri: "http://localhost:8787/", state: "bye",
  });
  const answer = await fetch(url, { redirect: "manual" });
  assert.equal(answer.headers.get("location"), "http://localhost:8787/?state=bye");
}, tokens);

await flow("verification by published keys, with key rotation", async (tokens) => {
  const { kid } = await control("keys/rotate", { issuer: org.issuer });
  // openid-client keeps the keys of a configuration for a minute at least, so a new one is needed right after a rotation.
  const fresh = await withSecret(org.clients.web_app, org.issuer);
  const { id_token } = await signInWith(fresh, org.clients.web_app, "openid");
  assert.equal(decodeProtectedHeader(id_token).kid, kid);
  assert.notEqual(decodeProtectedHeader(tokens.id_token).kid, kid);
}, tokens);
