import assert from 'node:assert/strict';
import { test } from 'node:test';

import { base64 } from '../miniprogram/deeds/base64';
import { readQuery, readScan } from '../miniprogram/deeds/scanned';

const CODE = `zhb1.${'aB3_-'.repeat(8)}xyz`;
const UUID = '0190f3b2a6c47d1e8f2a5b6c7d8e9f01';
const SHORT = Buffer.from(UUID, 'hex').toString('base64url');
const PAGES = [
  ['a', { kind: 'activity', id: Buffer.from(`Activity:${UUID}`).toString('base64url') }],
  ['p', { kind: 'project', id: Buffer.from(`VolunteerProject:${UUID}`).toString('base64url') }],
  ['s', { kind: 'shift', id: Buffer.from(`VolunteerShift:${UUID}`).toString('base64url') }],
] as const;

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

test('the code at a shift is told from that of a room', () => {
  const qr = CODE.replace('zhb1', 'zhs1');
  for (const text of [qr, ` ${qr}\n`, `https://z.example.cn/c?code=${qr}`]) {
    assert.deepEqual(readScan({ result: text }), { kind: 'shiftCode', qr }, text);
    assert.deepEqual(readQuery({ q: encodeURIComponent(text) }), { kind: 'shiftCode', qr }, text);
  }
});

test('a mini-program code leads to its page', () => {
  for (const [letter, page] of PAGES) {
    const scene = `${letter}.${SHORT}`;
    assert.deepEqual(readScan({ result: '', path: `pages/scan/index?scene=${scene}` }), page);
    assert.deepEqual(readQuery({ scene: encodeURIComponent(scene) }), page);
  }
});

test('so does the plain link, by the camera and by WeChat', () => {
  for (const [letter, page] of PAGES) {
    for (const end of ['', '?from=poster', '/']) {
      const link = `https://z.example.cn/open/${letter}.${SHORT}${end}`;
      assert.deepEqual(readScan({ result: link }), page, link);
      assert.deepEqual(readQuery({ q: encodeURIComponent(link) }), page, link);
    }
  }
});

test('whatever else is scanned is not sent anywhere', () => {
  const texts = ['', 'https://example.com', 'zhb1.', 'zhs1.', 'zhx1.abc', `x${CODE}`, `${CODE}!`, '%', '签到'];
  const links = ['open/a.short', `open/b.${SHORT}`, `open/a.${SHORT}x`, `a.${SHORT}`, `open/a.${SHORT}.js`];
  for (const result of [...texts, ...links.map((link) => `https://z.example.cn/${link}`)]) {
    assert.deepEqual(readScan({ result }), { kind: 'unknown' }, result);
    assert.deepEqual(readQuery({ q: encodeURIComponent(result) }), { kind: 'unknown' }, result);
  }
  for (const scene of ['a.short', `b.${SHORT}`, `a.${SHORT}x`, `constructor.${SHORT}`, '%E0%A4%A']) {
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
