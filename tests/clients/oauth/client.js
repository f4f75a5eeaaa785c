// Another system, written with openid-client: finds the server by its metadata, gets a token, asks GraphQL, asks
// about the token, takes it back, and is turned away. Arguments: the server's address, client id, client secret.
import assert from 'node:assert/strict';
import * as oauth from 'openid-client';

const [address, id, secret] = process.argv.slice(2);
if (!secret) {
  console.error('usage: node client.js http://127.0.0.1:8080 CLIENT_ID CLIENT_SECRET');
  process.exit(2);
}

async function units(token) {
  const answer = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query: '{ orgUnits { nodes { code } } }' }),
  });
  return { status: answer.status, ...(await answer.json()) };
}

for (const method of [oauth.ClientSecretBasic(secret), oauth.ClientSecretPost(secret)]) {
  const server = await oauth.discovery(new URL(address), id, undefined, method, {
    algorithm: 'oauth2',
    execute: [oauth.allowInsecureRequests],
  });
  const granted = await oauth.clientCredentialsGrant(server, { scope: 'units:read' });
  assert.equal(granted.scope, 'units:read');
  assert.equal((await units(granted.access_token)).data.orgUnits.nodes.length, 1);

  const told = await oauth.tokenIntrospection(server, granted.access_token);
  assert.equal(told.active, true);
  assert.equal(told.client_id, id);

  await oauth.tokenRevocation(server, granted.access_token);
  assert.equal((await oauth.tokenIntrospection(server, granted.access_token)).active, false);
  const refused = await units(granted.access_token);
  assert.equal(refused.status, 401);
  assert.equal(refused.errors[0].extensions.code, 'UNAUTHENTICATED');

  await assert.rejects(oauth.clientCredentialsGrant(server, { scope: 'members:read' }), { error: 'invalid_scope' });
  const elsewhere = { resource: 'https://elsewhere.example/api' };
  await assert.rejects(oauth.clientCredentialsGrant(server, elsewhere), { error: 'invalid_target' });
}
console.log('openid-client: passed');
