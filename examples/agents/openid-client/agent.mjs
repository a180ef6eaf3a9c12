// An AI agent on openid-client, https://github.com/panva/openid-client, for all four resource types of Okta's token exchange.
//
// It signs its user in, exchanges the ID token for a credential and calls an API with it, once. The variables ATX_* configure
// it. Exit code 0 when it reached the API, otherwise 1 and the reason in a line on standard error.
// @ts-check
import { readFileSync } from "node:fs";
import * as jose from "jose";
import * as client from "openid-client";
import {
  Trouble, busy, comeBack, fieldsForApi, finish, isOnHostOf, optional, persist, requestedTokenType, setting, target, task,
  textIn, typed, withConsent,
} from "./common.mjs";

const IETF = "urn:ietf:params:oauth:";

/** Sends a request. It follows no redirect: another host would get it. @param {string} url @param {any} [options] */
async function send(url, options) {
  const request = new Request(url, { ...options, redirect: "manual", signal: AbortSignal.timeout(10_000) });
  let answer, content;
  try {
    answer = await fetch(request);
    content = await answer.arrayBuffer();
  } catch {
    throw new Trouble("a connection failed", { wait: 0 });
  }
  if (answer.status === 429 || answer.status === 503) throw busy(answer);
  return new Response(content.byteLength ? content : null, answer);
}

/** @param {string} url @param {any} [options] */
const get = (url, options) => persist(() => send(url, options));

/** How the agent proves who it is. @param {string} tokenEndpoint */
async function proof(tokenEndpoint) {
  const method = setting("CLIENT_AUTH");
  if (method === "client_secret_basic") return client.ClientSecretBasic(setting("CLIENT_SECRET"));
  if (method === "client_secret_post") return client.ClientSecretPost(setting("CLIENT_SECRET"));
  const key = await jose.importPKCS8(readFileSync(setting("PRIVATE_KEY_FILE"), "utf8"), setting("KEY_ALG"));
  // The library names the issuer as audience, and Okta wants the URL of the endpoint.
  const modify = (/** @type {any} */ _header, /** @type {any} */ claims) => { claims.aud = tokenEndpoint; };
  return client.PrivateKeyJwt({ key, kid: setting("KEY_ID") }, { [client.modifyAssertion]: modify });
}

/** The agent at an authorization server, whose endpoints must be on its host. @param {client.ServerMetadata} metadata */
async function at(metadata) {
  const { issuer, authorization_endpoint = issuer, token_endpoint = "", jwks_uri = issuer } = metadata;
  if (![authorization_endpoint, token_endpoint, jwks_uri].every((url) => isOnHostOf(url, issuer))) {
    throw new Trouble("the metadata lead to another host");
  }
  const config = new client.Configuration(metadata, setting("CLIENT_ID"), {}, await proof(token_endpoint));
  config[client.customFetch] = send;
  if (issuer.startsWith("http://127.0.0.1:")) client.allowInsecureRequests(config);
  return config;
}

/** The metadata of the org. The library's own discovery accepts an issuer with a slash more. */
async function discover() {
  const issuer = setting("ORG_ISSUER");
  const metadata = await (await get(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`)).json();
  if (metadata.issuer !== issuer) throw new Trouble("the metadata are of another issuer");
  return metadata;
}

/** What a token endpoint answered, with what is wrong in it as trouble. @param {Promise<any>} answer */
async function answered(answer) {
  try {
    return await answer;
  } catch (/** @type {any} */ error) {
    if (error.cause instanceof Trouble) throw error.cause;
    if (error instanceof client.ResponseBodyError) {
      const link = error.error === "interaction_required" ? error.cause.interaction_uri : undefined;
      throw new Trouble(`a token endpoint answered ${error.status} with '${error.error.slice(0, 80)}'`, { link });
    }
    // The library refuses an answer without `access_token`, which that with a secret or a service account is.
    const body = error.code === "OAUTH_INVALID_RESPONSE" && error.cause?.cause?.body;
    if (!body?.vaulted_secret && !body?.service_account) throw error;
    return body;
  }
}

/**
 * Verifies an ID token. The library checks no signature, or does so with keys that may be a minute old.
 * @param {client.ServerMetadata} metadata @param {string} idToken
 */
async function verify({ issuer, jwks_uri }, idToken) {
  const keys = jose.createLocalJWKSet(await (await get(String(jwks_uri))).json());
  // An ID token that is handed over may be that of a linked web app.
  const audience = process.env.ATX_ID_TOKEN_CLIENT_ID ?? setting("CLIENT_ID");
  const { payload } = await jose.jwtVerify(idToken, keys, {
    issuer, audience, algorithms: ["RS256", "ES256"], requiredClaims: ["exp", "iat", "sub"], clockTolerance: 10,
  });
  const isOwn = [payload.aud].flat().every((one) => one === audience) && (payload.azp ?? audience) === audience;
  if (!isOwn || !payload.sub) throw new Trouble("the ID token is for another client, or about nobody");
  return idToken;
}

// Authorization code flow. A code is sent once: if its redemption is lost on the way, the user signs in anew.
/** @param {any} metadata */
async function signIn(metadata) {
  const config = await at(metadata);
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const page = client.buildAuthorizationUrl(config, {
    redirect_uri: setting("REDIRECT_URI"), scope: "openid profile email", login_hint: setting("USER"),
    state: expectedState, nonce: expectedNonce, code_challenge_method: "S256",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  });
  const back = await comeBack(page);
  const checks = { pkceCodeVerifier, expectedState, expectedNonce };
  const tokens = await answered(client.authorizationCodeGrant(config, back, checks));
  return verify(metadata, textIn(typed(tokens, "bearer"), "id_token"));
}

// What the API is shown. An ID-JAG is redeemed once: if that is lost on the way, the next attempt gets a new one.
/** @param {any} metadata @param {string} idToken */
async function exchange(metadata, idToken) {
  let answer = await answered(client.genericGrantRequest(await at(metadata), `${IETF}grant-type:token-exchange`, {
    ...target, requested_token_type: requestedTokenType,
    subject_token: idToken, subject_token_type: `${IETF}token-type:id_token`,
  }));
  typed(answer, task === "resource-server" ? "bearer" : "n_a", requestedTokenType);
  if (task === "authorization-server") {
    const server = await at({ issuer: setting("CUSTOM_ISSUER"), token_endpoint: setting("CUSTOM_TOKEN_ENDPOINT") });
    const idJag = { assertion: textIn(answer, "access_token") };
    answer = await answered(client.genericGrantRequest(server, `${IETF}grant-type:jwt-bearer`, idJag));
    typed(answer, "bearer");
  }
  return fieldsForApi(answer);
}

await finish(async () => {
  const metadata = await discover();
  const given = optional("ID_TOKEN");
  const verified = given && await verify(metadata, given).catch((error) => {
    if (!(error instanceof jose.errors.JWTExpired)) throw error;
  });
  const idToken = verified || await persist(() => signIn(metadata));
  const call = async () => get(setting("API_URL"), { headers: await withConsent(() => exchange(metadata, idToken)) });
  let answer = await call();
  if (answer.status === 401) answer = await call(); // a credential that the API does not know any more is replaced once
  if (answer.status !== 200) throw new Trouble(`the API answered ${answer.status}`);
});
