// What the Node examples share: the org's target file, its sign-in page, its test control, and a line for each flow.
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const manual = { redirect: "manual" };

/** What `mock-okta serve --target-out FILE` wrote to the file that the variable TARGET names. */
export const org = parse(readFileSync(process.env.TARGET, "utf8"));
org.issuer = org.authorization_servers.org.issuer;
org.chat = org.authorization_servers.custom_as;

/** Test control, see docs/mock-okta.md. */
export async function control(path, body = {}, method = "POST") {
  const answer = await fetch(org.control.url + path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: method === "GET" ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`test control answered ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/**
 * What a browser does with the authorization request: the user fills in the page. Resolves to the address that the browser
 * is sent back to, which holds `code` and `state`. Nobody needs to listen there.
 */
export async function signIn(authorizeUrl, user = org.users.ada) {
  const page = locationOf(await fetch(authorizeUrl, manual));
  if (!page.startsWith(org.issuer)) throw new Error(`the org sent the browser back: ${new URL(page).search}`);
  const form = new URLSearchParams({ username: user.login, password: user.password.value });
  const signedIn = await fetch(page, { ...manual, method: "POST", body: form });
  const cookie = signedIn.headers.get("set-cookie").split(";")[0];
  return new URL(locationOf(await fetch(locationOf(signedIn), { ...manual, headers: { cookie } })));
}

/** What a browser does with the `interaction_uri` of a resource server: the user decides on the third party's page. */
export async function consent(interactionUri, decision = "allow") {
  const page = await fetch(interactionUri);
  const answer = await fetch(page.url, { method: "POST", body: new URLSearchParams({ decision }) });
  if (answer.status !== 200) throw new Error(`the consent page answered ${answer.status}`);
}

/** The answer of the server to a token request that needs no library. */
async function tokens(issuer, form) {
  const endpoint = issuer === org.issuer ? `${issuer}/oauth2/v1/token` : `${issuer}/v1/token`;
  const answer = await fetch(endpoint, { method: "POST", body: new URLSearchParams(form) });
  if (!answer.ok) throw new Error(`the token endpoint answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

const withSecret = ({ client_id, client_secret }) => ({ client_id, client_secret: client_secret.value });

/** An access token of the server `chat` for a back end that acts for itself. For examples that only verify tokens. */
export async function machineToken() {
  const form = { grant_type: "client_credentials", scope: "chat.read", ...withSecret(org.clients.service_app) };
  return (await tokens(org.chat.issuer, form)).access_token;
}

/** An ID token of the org for Ada at the web app. For examples that only verify tokens. */
export async function idToken(nonce) {
  const { redirect_uri, ...client } = org.clients.web_app;
  // The verifier and its challenge are those of RFC 7636, appendix B.
  const query = new URLSearchParams({
    client_id: client.client_id, redirect_uri, response_type: "code", scope: "openid email", state: "s", nonce,
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256",
  });
  const callback = await signIn(`${org.issuer}/oauth2/v1/authorize?${query}`);
  const form = {
    grant_type: "authorization_code", code: callback.searchParams.get("code"), redirect_uri,
    code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", ...withSecret(client),
  };
  return (await tokens(org.issuer, form)).id_token;
}

const locationOf = (answer) => {
  const location = answer.headers.get("location");
  if (!location) throw new Error(`${answer.url} answered ${answer.status} without a redirect`);
  return location;
};

/** Prints the line of a flow that cannot run here. */
export const skip = (name, why) => console.log(`skipped ${name}: ${why}`);

const MISSING = Symbol("a flow failed");

/** Runs a flow with the results of the flows that it needs, prints its line, and resolves to its result. */
export async function flow(name, run, ...needs) {
  if (needs.includes(MISSING)) {
    skip(name, "a flow that it needs failed");
    return MISSING;
  }
  try {
    const result = await run(...needs);
    console.log(`ok ${name}`);
    return result;
  } catch (error) {
    process.exitCode = 1;
    const cause = error.cause?.error ?? error.cause?.message ?? error.cause?.code;
    const why = `${error.name}: ${error.message}${typeof cause === "string" ? ` (${cause})` : ""}`;
    console.log(`FAILED ${name}: ${why.replace(/\s+/g, " ").slice(0, 300)}`);
    return MISSING;
  }
}
