// An agent that trades its user's ID token for an ID-JAG and that for an access token, against the mock org.
import { createHash, randomBytes } from "node:crypto";
import { SignJWT, importPKCS8 } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOktaOrg } from "./okta-org.js";

let org;
beforeAll(async () => { org = await startOktaOrg(); });
afterAll(() => org.stop());

async function post(endpoint, form) {
  const { client_id, key } = org.clients.agent;
  const assertion = await new SignJWT({ jti: randomBytes(16).toString("hex") })
    .setProtectedHeader({ alg: key.alg, kid: key.kid })
    .setIssuer(client_id).setSubject(client_id).setAudience(endpoint).setIssuedAt().setExpirationTime("5m")
    .sign(await importPKCS8(key.private_key_pem.value, key.alg));
  const body = new URLSearchParams({
    ...form,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  });
  return fetch(endpoint, { method: "POST", body });
}

async function signIn(user) {
  const { client_id, redirect_uri } = org.clients.agent;
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    client_id, redirect_uri, response_type: "code", scope: "openid", state: "s",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"), code_challenge_method: "S256",
  });
  const manual = { redirect: "manual" };
  const page = await fetch(`${org.issuer}/oauth2/v1/authorize?${query}`, manual);
  const signedIn = await fetch(page.headers.get("location"), {
    ...manual,
    method: "POST",
    body: new URLSearchParams({ username: user.login, password: user.password.value }),
  });
  const callback = await fetch(signedIn.headers.get("location"), {
    ...manual,
    headers: { cookie: signedIn.headers.get("set-cookie").split(";")[0] },
  });
  const code = new URL(callback.headers.get("location")).searchParams.get("code");
  const answer = await post(`${org.issuer}/oauth2/v1/token`, {
    grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri,
  });
  return (await answer.json()).id_token;
}

test("an ID token becomes an ID-JAG becomes an access token that opens the API", async () => {
  const chat = org.authorization_servers.custom_as;
  const first = await post(`${org.issuer}/oauth2/v1/token`, {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: await signIn(org.users.ada),
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    requested_token_type: "urn:ietf:params:oauth:token-type:id-jag",
    audience: chat.issuer,
    scope: chat.scope,
  });
  const idJag = await first.json();
  expect(idJag.token_type).toBe("N_A");

  const second = await post(`${chat.issuer}/v1/token`, {
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: idJag.access_token,
  });
  const { access_token } = await second.json();
  const used = await fetch(chat.api, { headers: { authorization: `Bearer ${access_token}` } });
  expect(used.status).toBe(200);
});
