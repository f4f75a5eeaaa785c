import assert from 'node:assert/strict';
import { test } from 'node:test';

import { base64 } from '../miniprogram/deeds/base64';
import { readQuery, readScan } from '../miniprogram/deeds/scanned';

const CODE = `zhb1.${'aB3_-'.repeat(8)}xyz`;
const UUID = '0190f3b2a6c47d1e8f2a5b6c7d8e9f01';
const SHORT = Buffer.from(UUID, 'hex').toString('base64url');
const ACTIVITY = { kind: 'activity', activityId: Buffer.from(`Activity:${UUID}`).toString('base64url') };

test('the code on the screen is read as it is', () => {
  assert.deepEqual(readScan({ result: CODE }), { kind: 'code', qr: CODE });
  assert.deepEqual(readScan({ result: ` ${CODE}\n` }), { kind: 'code', qr: CODE });
});

test('a plain link holds the code', () => {
  for (const link of [`https://z.example.cn/c/${CODE}`, `https://z.example.cn/c?code=${CODE}&x=1`, `https://z.example.cn/#${CODE}`]) {
    assert.deepEqual(readScan({ result: link }), { kind: 'code', qr: CODE }, link);
    assert.deepEqual(readQuery({ q: encodeURIComponent(link) }), { kind: 'code', qr: CODE }, link);
  }
});

test('a mini-program code leads to its activity', () => {
  assert.deepEqual(readScan({ result: '', path: `pages/scan/index?scene=a.${SHORT}` }), ACTIVITY);
  assert.deepEqual(readQuery({ scene: encodeURIComponent(`a.${SHORT}`) }), ACTIVITY);
});

test('whatever else is scanned is not sent anywhere', () => {
  const texts = ['', 'https://example.com', 'zhb1.', 'zhs1.abc', `x${CODE}`, `${CODE}!`, '%', '签到'];
  for (const result of texts) assert.deepEqual(readScan({ result }), { kind: 'unknown' }, result);
  for (const scene of ['a.short', `b.${SHORT}`, `a.${SHORT}x`, '%E0%A4%A']) {
    assert.deepEqual(readQuery({ scene }), { kind: 'unknown' }, scene);
  }
  assert.deepEqual(readQuery({}), { kind: 'unknown' });
});

test('base64url agrees with Node’s', () => {
  for (let length = 0; length < 50; length += 1) {
    const bytes = Array.from({ length }, (_, n) => (n * 89 + length * 31 + 250) % 256);
    const text = Buffer.from(bytes).toString('base64url');
    assert.equal(base64.write(bytes), text);
    assert.deepEqual(base64.read(text), bytes);
  }
});
