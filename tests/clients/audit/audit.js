// Runs every audit of graphql-http against the server at the given address and tells what it
// did not pass. Any result but "ok" fails, also of what the specification only recommends.
import { auditServer } from 'graphql-http';

const url = process.argv[2];
if (!url) {
  console.error('usage: node audit.js http://127.0.0.1:8080/graphql');
  process.exit(2);
}

const results = await auditServer({ url });
const failed = results.filter((result) => result.status !== 'ok');
for (const { id, name, status, reason } of failed) {
  console.log(`${status.padEnd(6)} ${id}  ${name}\n       ${reason}`);
}
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
