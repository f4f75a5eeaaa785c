// The same as receiver.py, with Standard Webhooks' library of JavaScript.
// Arguments: the server's address, a token, a unit.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const [address, token, unit] = process.argv.slice(2);
const came = [];
let tell = () => {};
const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    came.push({ body: Buffer.concat(parts).toString(), headers: request.headers });
    response.writeHead(204).end();
    tell();
  });
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

async function next() {
  const late = AbortSignal.timeout(20_000);
  while (came.length === 0) {
    await new Promise((told, failed) => {
      tell = told;
      late.addEventListener("abort", () => failed(new Error("nothing came")));
    });
  }
  return came.shift();
}

async function ask(operation, kind, fields, input) {
  const done = `${operation[0].toUpperCase()}${operation.slice(1)}Done`;
  const query = `mutation($i: ${kind}!) { answer: ${operation}(input: $i) { ... on ${done} { ${fields} } } }`;
  const answer = await fetch(`${address}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { i: input } }),
  });
  const said = await answer.json();
  assert(said.data?.answer && Object.keys(said.data.answer).length > 0, JSON.stringify(said));
  return said.data.answer;
}

const { endpoint, secret } = await ask("createWebhookEndpoint", "CreateWebhookEndpointInput", "secret endpoint { id }", {
  unitId: unit,
  url: `http://127.0.0.1:${server.address().port}/`,
  description: "JavaScript",
  events: ["ACTIVITY_PUBLISHED"],
});
const ping = async () => {
  await ask("pingWebhookEndpoint", "PingWebhookEndpointInput", "delivery { id }", { id: endpoint.id });
  return next();
};

const test = await ping();
assert.equal(new Webhook(secret).verify(test.body, test.headers).type, "webhook.ping");
assert.throws(() => new Webhook(secret).verify(`${test.body} `, test.headers), WebhookVerificationError);
const otherId = { ...test.headers, "webhook-id": "other" };
assert.throws(() => new Webhook(secret).verify(test.body, otherId), WebhookVerificationError);

const begins = Date.now() + 3 * 86_400_000;
const plan = {
  hostUnitId: unit,
  kind: "THEME_PARTY_DAY",
  title: "回调测试",
  startsAt: new Date(begins).toISOString(),
  endsAt: new Date(begins + 3_600_000).toISOString(),
};
const { activity } = await ask("createActivity", "CreateActivityInput", "activity { id }", plan);
await ask("publishActivity", "ActivityStepInput", "activity { id }", { id: activity.id });
const told = await next();
const event = new Webhook(secret).verify(told.body, told.headers);
assert.deepEqual([event.type, event.data.id], ["activity.published", activity.id]);

const rotated = await ask("rotateWebhookSecret", "RotateWebhookSecretInput", "secret", { id: endpoint.id });
const both = await ping();
for (const valid of [secret, rotated.secret]) new Webhook(valid).verify(both.body, both.headers);
await ask("deleteWebhookEndpoint", "DeleteWebhookEndpointInput", "endpoint { id }", { id: endpoint.id });
console.log("JavaScript: a test, an event and both secrets were verified");
server.close();
