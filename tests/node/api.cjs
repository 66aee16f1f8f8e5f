// An API of the learner's own, protected as the vendor's documentation shows it.
"use strict";

const express = require("express");
const { auth, requiredScopes } = require("express-oauth2-jwt-bearer");
const lines = require("./lines.cjs");

const { issuer, audience } = lines.settings;
const app = express();

app.get("/public", (request, response) => response.json({ orders: [] }));
app.use(auth({ issuerBaseURL: issuer, audience, tokenSigningAlg: "RS256" }));
app.get("/orders", (request, response) => response.json(request.auth.payload));
app.post("/orders", requiredScopes("write:orders"), (request, response) => response.status(201).json({}));
app.use((error, request, response, next) => {
  // The status and the headers are the package's; a page in HTML is of no use to the test.
  response.status(error.status ?? 500).set(error.headers ?? {}).json({ error: error.code ?? error.name, message: error.message });
});

const server = app.listen(0, "127.0.0.1", () => lines.say({ url: `http://127.0.0.1:${server.address().port}` }));
process.stdin.on("end", () => process.exit(0)).resume();
