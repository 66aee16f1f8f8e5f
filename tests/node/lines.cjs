// One JSON object a line on stdin, one JSON object a line on stdout in answer: how Python talks to each script here.
"use strict";

const readline = require("node:readline");

exports.settings = JSON.parse(process.argv[2]);

exports.say = (answer) => process.stdout.write(JSON.stringify(answer) + "\n");

exports.answer = async (respond) => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    try {
      exports.say(await respond(JSON.parse(line)));
    } catch (error) {
      exports.say({ error: error.code ?? error.name, message: error.message, cause: error.cause?.message });
    }
  }
};
