// An application made with openid-client: it finds everything by discovery, and checks what it is sent.
import * as client from "openid-client";
import lines from "./lines.cjs";

const { issuer, client_id, client_secret, audience, redirect_uri } = lines.settings;
const ways = { basic: client.ClientSecretBasic, post: client.ClientSecretPost };
let under_way;

async function discovered(way) {
  const config = await client.discovery(new URL(issuer), client_id, undefined, ways[way](client_secret));
  client.enableNonRepudiationChecks(config); // the ID token's signature too, by the JWKS
  return config;
}

const steps = {
  async discover() {
    const config = await discovered("post");
    return { metadata: config.serverMetadata(), pkce: config.serverMetadata().supportsPKCE() };
  },

  async grant({ way, secret, scope = "read:orders" }) {
    const config =
      secret === undefined
        ? await discovered(way)
        : await client.discovery(new URL(issuer), client_id, undefined, ways[way](secret));
    return await client.clientCredentialsGrant(config, { audience, scope });
  },

  async begin({ scope }) {
    const config = await discovered("post");
    const code_verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const nonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri,
      audience,
      scope,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(code_verifier),
      code_challenge_method: "S256",
    });
    under_way = { config, code_verifier, state, nonce };
    return { url: url.href };
  },

  // What is passed along replaces what was kept, as in an attack.
  async finish({ callback, ...replaced }) {
    const { config, code_verifier, state, nonce } = { ...under_way, ...replaced };
    const tokens = await client.authorizationCodeGrant(config, new URL(callback), {
      pkceCodeVerifier: code_verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
    return { tokens, claims, person };
  },

  async refresh({ refresh_token }) {
    return await client.refreshTokenGrant(under_way.config, refresh_token);
  },
};

await lines.answer(({ step, ...asked }) => steps[step](asked));
