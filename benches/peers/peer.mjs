// Starts the peer that the first argument names, on a free port, with an RSA key of 2048 bits and one client that may use
// client_credentials: the one whose credentials are in the variable FORM. Prints the URL of the token endpoint once it listens.
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";

const client = new URLSearchParams(process.env.FORM);
const issuerOf = (server) => `http://127.0.0.1:${server.address().port}`;

const peers = {
  async "oidc-provider"() {
    const { default: Provider } = await import("oidc-provider");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const scope = "chat.read";
    const resource = "https://chat.example.com";
    const provider = new Provider("http://127.0.0.1", {
      jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "rsa-1" }] },
      clients: [{
        client_id: client.get("client_id"), client_secret: client.get("client_secret"), scope,
        grant_types: ["client_credentials"], redirect_uris: [], response_types: [],
        token_endpoint_auth_method: "client_secret_post",
      }],
      scopes: [scope],
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        // Its access tokens are opaque, and nothing is signed, unless they are for a resource that wants JWTs.
        resourceIndicators: {
          enabled: true,
          defaultResource: () => resource,
          getResourceServerInfo: () => ({
            scope, audience: resource, accessTokenFormat: "jwt", accessTokenTTL: 3600, jwt: { sign: { alg: "RS256" } },
          }),
        },
      },
    });
    const server = provider.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `${issuerOf(server)}/token`;
  },

  async "oauth2-mock-server"() {
    const { OAuth2Server } = await import("oauth2-mock-server");
    const server = new OAuth2Server();
    await server.issuer.keys.generate("RS256");
    await server.start(0, "127.0.0.1");
    return `${issuerOf(server)}/token`;
  },
};

console.log(await peers[process.argv[2]]());
