import assert from 'node:assert/strict';
import { test } from 'node:test';

import { serviceOf } from '../miniprogram/pages/hours/service';
import { clock, day, duration, instant, moment } from '../miniprogram/view/format';

test('times are China’s, wherever the phone is', () => {
  assert.equal(moment('2026-11-22T17:05:00Z'), '11月23日 周一 01:05');
  assert.equal(day('2026-12-31T16:00:00Z'), '2027-01-01');
  assert.equal(clock('2026-12-31T15:59:59Z'), '23:59');
  assert.equal(new Date(instant('2026-11-22', '19:00')).toISOString(), '2026-11-22T11:00:00.000Z');
});

test('minutes are read as hours', () => {
  assert.deepEqual([0, 59, 60, 200].map(duration), ['0分钟', '59分钟', '1小时', '3小时20分']);
});

const FORM = { content: ' 清扫 ', place: '楼道', beneficiary: '居民', beneficiaryCount: '', travelMinutes: '10' };

test('a service is reported with its own day and times', () => {
  assert.deepEqual(serviceOf(FORM, { date: '2026-11-22', from: '09:00', to: '11:30' }), {
    content: '清扫',
    place: '楼道',
    beneficiary: '居民',
    beneficiaryCount: undefined,
    startsAt: '2026-11-22T09:00:00+08:00',
    endsAt: '2026-11-22T11:30:00+08:00',
    travelMinutes: 10,
  });
});

test('what ends before it began went on past midnight', () => {
  const service = serviceOf({ ...FORM, travelMinutes: '' }, { date: '2026-12-31', from: '22:00', to: '01:00' });
  assert.equal(service.endsAt, '2027-01-01T01:00:00+08:00');
  assert.equal(service.travelMinutes, 0);
});
