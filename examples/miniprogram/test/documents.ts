// Prints `{ hash: document }` of all documents, as the server's `trusted_documents` wants them.
import { createHash } from 'node:crypto';

import * as generated from '../miniprogram/api/generated/graphql';

const texts = Object.entries(generated).flatMap(([name, one]) => (name.endsWith('Document') ? [`${one}`] : []));
const list = texts.map((text) => [createHash('sha256').update(text).digest('hex'), text]);
console.log(JSON.stringify(Object.fromEntries(list), null, 2));
