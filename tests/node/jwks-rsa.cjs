// A verifier made with jsonwebtoken, which asks jwks-rsa for the key.
"use strict";

const { promisify } = require("node:util");
const jwt = require("jsonwebtoken");
const jwksRsa = require("jwks-rsa");
const lines = require("./lines.cjs");

const { jwks_uri, issuer, audience } = lines.settings;
const client = jwksRsa({ jwksUri: jwks_uri, cache: true, rateLimit: true });
const verify = promisify(jwt.verify);

async function key({ kid }, done) {
  try {
    done(null, (await client.getSigningKey(kid)).getPublicKey());
  } catch (error) {
    done(error);
  }
}

lines.answer(async ({ token }) => {
  const { header, payload } = await verify(token, key, { issuer, audience, algorithms: ["RS256"], complete: true });
  return { claims: payload, kid: header.kid };
});
