// A phone that follows its inbox, written with graphql-ws: it hears of an assignment, loses its connection, misses
// one, comes back with `since`, and hears of that one too.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const { BASE_URL, TOKEN, MEMBER_TOKEN, MEMBER, UNIT } = process.env;
const url = `${BASE_URL.replace('http', 'ws')}/graphql`;

const client = (token, more = {}) =>
  createClient({
    url,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => {},
    connectionParams: token && { authorization: `Bearer ${token}` },
    ...more,
  });

/** Asks REST as the office does. */
async function post(path, body, headers = {}) {
  const answer = await fetch(`${BASE_URL}/api/v1${path}`, {
    method: 'POST',
    body: body && JSON.stringify(body),
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'idempotency-key': `"${crypto.randomUUID()}"`,
      ...headers,
    },
  });
  assert(answer.ok, await answer.clone().text());
  return answer.json();
}

async function handOut(title) {
  const { id } = await post('/assignments', {
    issuerUnitId: UNIT,
    to: { kind: 'MEMBER', id: MEMBER },
    kind: 'TASK',
    title,
    measure: { text: '入户走访', target: 20, unit: '户' },
    dueAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
  });
  await post(`/assignments/${id}/dispatch`, undefined, { 'if-match': '"1"' });
  return id;
}

const FOLLOW = `subscription($since: String) {
  inboxChanges(since: $since) { position unreadCount changes { event } }
}`;

/** Follows the inbox until something is added to it; `ready` is called once it is followed. */
async function followed(by, since, ready = () => {}) {
  for await (const { data, errors } of by.iterate({ query: FOLLOW, variables: { since } })) {
    assert.equal(errors, undefined);
    const { changes, position, unreadCount } = data.inboxChanges;
    if (changes.some(({ event }) => event === 'notification.added')) return { position, unreadCount };
    ready();
  }
  assert.fail('the subscription ended');
}

const first = client(MEMBER_TOKEN);
const begun = await followed(first, undefined, () => handOut('走访困难群众'));
assert(begun.unreadCount >= 1);

// What the socket isn't for, and a document that is wrong, are refused and close nothing.
for (const [query, code] of [['{ me { account { id } } }', 'BAD_REQUEST'], ['subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED']]) {
  await assert.rejects(first.iterate({ query }).next(), (errors) => errors[0].extensions.code === code);
}
const still = first.iterate({ query: FOLLOW });
assert((await still.next()).value.data.inboxChanges.position);

first.terminate();
await handOut('整理会议记录');
const again = await followed(client(MEMBER_TOKEN), begun.position);
assert.equal(again.unreadCount, begun.unreadCount + 1, 'what was missed is told');
assert.notEqual(again.position, begun.position);

// A forged token is turned away before anything is asked.
const closed = await new Promise((resolve) => client('forged', { on: { closed: resolve } }));
assert.equal(closed.code, 4403);
console.log('graphql-ws: passed');
process.exit(0);
