// The client of the MCP SDK, https://github.com/modelcontextprotocol/typescript-sdk, against the mock org: first at an API
// of the mock, then at an MCP server (server.mjs) that the org protects.
//
// It takes http and https; the CA is in NODE_EXTRA_CA_CERTS.
import assert from "node:assert/strict";
import {
  auth, discoverAuthorizationServerMetadata, exchangeAuthorization, fetchToken, startAuthorization,
} from "@modelcontextprotocol/sdk/client/auth.js";
import { createPrivateKeyJwtAuth } from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { withOAuth } from "@modelcontextprotocol/sdk/client/middleware.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { control, flow, org, signIn } from "./org.mjs";
import { startServer } from "./server.mjs";

const TYPE = "urn:ietf:params:oauth:token-type:";
const scope = "chat.read";
const { ada } = org.users;

/** Keeps what the SDK hands over. `information` says who the client is, and to which server that may be told. */
class Provider {
  constructor(information, metadata = {}) {
    Object.assign(this, { information, clientMetadata: { redirect_uris: [], scope, ...metadata } });
  }
  clientInformation() { return this.information; }
  tokens() { return this.saved; }
  saveTokens(tokens) { this.saved = tokens; }
  saveCodeVerifier(verifier) { this.verifier = verifier; }
  codeVerifier() { return this.verifier; }
  redirectToAuthorization(url) { this.authorizationUrl = url; }
}

/**
 * A client with a secret. The SDK would put it into HTTP Basic without the form encoding that RFC 6749 section 2.3.1 asks
 * for, so it is told to send it in the body.
 */
const withSecret = ({ client_id, client_secret }) => ({
  client_id, client_secret: client_secret.value, issuer: org.chat.issuer, token_endpoint_auth_method: "client_secret_post",
});

/** A back end that acts for itself. */
class Machine extends Provider {
  constructor() { super(withSecret(org.clients.service_app)); }
  get redirectUrl() { return undefined; }
  prepareTokenRequest() { return new URLSearchParams({ grant_type: "client_credentials", scope }); }
}

/** A web app that signs its user in. */
class WebApp extends Provider {
  constructor() { super(withSecret(org.clients.web_app)); }
  get redirectUrl() { return org.clients.web_app.redirect_uri; }
  state() { return "s"; }
}

/** The agent's proof at a server. The SDK would name the issuer as audience; Okta wants the full URL of the endpoint. */
function agentAuth(audience) {
  const { client_id, key } = org.clients.agent;
  const privateKey = key.private_key_pem.value;
  return createPrivateKeyJwtAuth({ issuer: client_id, subject: client_id, audience, privateKey, alg: key.alg });
}

/** The agent: whenever the SDK wants an access token, it trades its user's ID token for an ID-JAG, and that for the token. */
class Agent extends Provider {
  constructor(idToken, resource) {
    super({ client_id: org.clients.agent.client_id, issuer: org.chat.issuer });
    Object.assign(this, { idToken, resource, addClientAuthentication: agentAuth(`${org.chat.issuer}/v1/token`) });
  }
  get redirectUrl() { return undefined; }
  async prepareTokenRequest() {
    const exchange = new Provider({ client_id: org.clients.agent.client_id, issuer: org.issuer });
    exchange.addClientAuthentication = agentAuth(`${org.issuer}/oauth2/v1/token`);
    exchange.prepareTokenRequest = () => new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: this.idToken, subject_token_type: `${TYPE}id_token`,
      requested_token_type: `${TYPE}id-jag`, audience: org.chat.issuer, scope,
    });
    const idJag = await fetchToken(exchange, org.issuer, { metadata: orgMetadata, resource: this.resource });
    assert.equal(idJag.token_type, "N_A");
    return new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: idJag.access_token,
    });
  }
}

const orgMetadata = await discoverAuthorizationServerMetadata(org.issuer);
const api = org.chat.api;

await flow("machine access, from the API's challenge", async () => {
  assert.equal((await withOAuth(new Machine(), api)(fetch)(api)).status, 200);
});

const signedIn = await flow("sign-in with PKCE, from the API's challenge", async () => {
  const provider = new WebApp();
  await assert.rejects(withOAuth(provider, api)(fetch)(api), /redirect initiated/);
  const authorizationCode = (await signIn(provider.authorizationUrl)).searchParams.get("code");
  assert.equal(await auth(provider, { serverUrl: api, authorizationCode }), "AUTHORIZED");
  assert.equal((await withOAuth(provider, api)(fetch)(api)).status, 200);
});

await flow("refresh", async () => {
  const provider = new WebApp();
  assert.equal(await auth(provider, { serverUrl: api, scope: `${scope} offline_access` }), "REDIRECT");
  const authorizationCode = (await signIn(provider.authorizationUrl)).searchParams.get("code");
  await auth(provider, { serverUrl: api, authorizationCode });
  const before = provider.saved;
  assert.equal(await auth(provider, { serverUrl: api }), "AUTHORIZED");
  assert.notEqual(provider.saved.access_token, before.access_token);
  assert.equal((await withOAuth(provider, api)(fetch)(api)).status, 200);
}, signedIn);

const idToken = await flow("sign-in of the agent with its key", async () => {
  const { client_id, redirect_uri: redirectUrl } = org.clients.agent;
  const client = { metadata: orgMetadata, clientInformation: { client_id }, redirectUrl };
  const { authorizationUrl, codeVerifier } =
    await startAuthorization(org.issuer, { ...client, scope: "openid email", state: "s" });
  const authorizationCode = (await signIn(authorizationUrl)).searchParams.get("code");
  const tokens = await exchangeAuthorization(org.issuer, {
    ...client, authorizationCode, codeVerifier, redirectUri: redirectUrl,
    addClientAuthentication: agentAuth(orgMetadata.token_endpoint),
  });
  return tokens.id_token;
});

await flow("ID token → ID-JAG → access token → API", async (idToken) => {
  assert.equal((await withOAuth(new Agent(idToken, api), api)(fetch)(api)).status, 200);
}, idToken);

// The server's address is its resource indicator. An administrator adds it to the server `chat` and to the agent's connection.
const server = await startServer(org.chat.issuer, scope);
await control("org", {
  authorization_servers: [{ id: "auschat0000000000001", resources: [server.resource] }],
  connections: [{ id: "mcnchat0000000000001", resource_indicator: server.resource }],
}, "PATCH");

async function callTool(authProvider) {
  const client = new Client({ name: "example", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(server.resource), { authProvider }));
  const { content } = await client.callTool({ name: "whoami" });
  await client.close();
  return content[0].text;
}

await flow("tool of an MCP server, for a machine", async () => {
  const { client_id } = org.clients.service_app;
  assert.equal(await callTool(new Machine()), `${client_id} for ${client_id}`);
});

await flow("tool of an MCP server, for a user by ID-JAG", async (idToken) => {
  const text = await callTool(new Agent(idToken, server.resource));
  assert.equal(text, `${org.clients.agent.client_id} for ${ada.login}`);
}, idToken);

server.stop();
