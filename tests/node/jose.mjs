// A verifier made with jose: the keys come from the tenant's JWKS.
import { createRemoteJWKSet, jwtVerify } from "jose";
import lines from "./lines.cjs";

const { jwks_uri, issuer, audience } = lines.settings;
const keys = createRemoteJWKSet(new URL(jwks_uri));

await lines.answer(async ({ token }) => {
  const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer, audience, algorithms: ["RS256"] });
  return { claims: payload, kid: protectedHeader.kid };
});
