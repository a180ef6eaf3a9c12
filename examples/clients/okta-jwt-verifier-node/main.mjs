// Okta's verifier of tokens for Node, https://github.com/okta/okta-jwt-verifier-js, against the mock org.
//
// It needs https with the CA in NODE_EXTRA_CA_CERTS, or its option `testing.disableHttpsCheck` where the org speaks plain http.
import assert from "node:assert/strict";
import OktaJwtVerifier from "@okta/jwt-verifier";
import { control, flow, idToken, machineToken, org } from "./org.mjs";

const { client_id } = org.clients.web_app;
const testing = org.issuer.startsWith("http:") ? { disableHttpsCheck: true } : undefined;
const chat = new OktaJwtVerifier({ issuer: org.chat.issuer, testing });
// It looks for the keys of an issuer at /v1/keys below it. Those of the org authorization server are elsewhere.
const orgServer = new OktaJwtVerifier({ issuer: org.issuer, jwksUri: `${org.issuer}/oauth2/v1/keys`, testing });

await flow("access token of a custom server", async () => {
  const { header, claims } = await chat.verifyAccessToken(await machineToken(), org.chat.audience);
  assert.equal(header.alg, "RS256");
  assert.equal(claims.cid, org.clients.service_app.client_id);
  assert.deepEqual(claims.scp, ["chat.read"]);
});

await flow("claims that must hold", async () => {
  const strict = (scopes) => new OktaJwtVerifier({
    issuer: org.chat.issuer, testing, assertClaims: { cid: org.clients.service_app.client_id, "scp.includes": scopes },
  });
  const token = await machineToken();
  await strict(["chat.read"]).verifyAccessToken(token, org.chat.audience);
  await assert.rejects(strict(["chat.write"]).verifyAccessToken(token, org.chat.audience), /chat\.write/);
});

const token = await flow("ID token with its nonce", async () => {
  const token = await idToken("n-1");
  const { claims } = await orgServer.verifyIdToken(token, client_id, "n-1");
  assert.equal(claims.sub, org.users.ada.id);
  await assert.rejects(orgServer.verifyIdToken(token, client_id, "n-2"), /nonce/);
  return token;
});

await flow("refusal of another audience, issuer and signature", async (token) => {
  const access = await machineToken();
  await assert.rejects(chat.verifyAccessToken(access, "https://other.example.com"), /audience/);
  await assert.rejects(orgServer.verifyAccessToken(access, org.chat.audience), /signing key/);
  // The claims of one token with the signature of another.
  const changed = [...access.split(".").slice(0, 2), token.split(".")[2]].join(".");
  await assert.rejects(chat.verifyAccessToken(changed, org.chat.audience), /[Ss]ignature/);
}, token);

await flow("refusal of an expired token", async () => {
  // The mock signs whatever it is told to, see docs/mock-okta.md.
  const claims = { iss: org.chat.issuer, aud: org.chat.audience, iat: 0, exp: 3600 };
  const { jwt } = await control("sign", { issuer: org.chat.issuer, header: {}, claims });
  await assert.rejects(chat.verifyAccessToken(jwt, org.chat.audience), /expired/);
});

await flow("verification by published keys, with key rotation", async () => {
  const old = await machineToken();
  const { kid } = await control("keys/rotate", { issuer: org.chat.issuer });
  // The verifier holds the keys from before the rotation and fetches them again for a `kid` that it does not know.
  const { header } = await chat.verifyAccessToken(await machineToken(), org.chat.audience);
  assert.equal(header.kid, kid);
  await chat.verifyAccessToken(old, org.chat.audience);
});
