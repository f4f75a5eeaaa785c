import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NotSignedIn } from '../miniprogram/api/errors';
import { program } from './program';
import { NO_SIGNAL, ServerError, signedIn, type Asked } from './stand-in';

const PRESENT = {
  __typename: 'CheckInDone',
  repeated: false,
  attendance: { id: 'a', state: 'PRESENT', occurredAt: '2026-11-22T11:00:00Z' },
  claim: null,
};
const REFUSED = { __typename: 'CheckInRefused', code: 'CLOSED', message: '签到已结束。' };
const SERVICE = {
  content: '清扫楼道',
  place: '3号楼',
  beneficiary: '居民',
  startsAt: '2026-11-22T09:00:00+08:00',
  endsAt: '2026-11-22T11:00:00+08:00',
};

/** Answers every action that was sent. */
function answering(answer: (action: any) => object) {
  return ({ input }: Asked) => ({
    sendQueued: {
      __typename: 'SendQueuedDone',
      answers: input.actions.map((action: any) => ({
        clientActionId: action.clientActionId,
        checkIn: null,
        reportServiceHours: null,
        error: null,
        ...answer(action),
      })),
    },
  });
}

/** A phone in the meeting room, without signal from now on. */
async function inTheCellar() {
  const all = program();
  await all.session.token();
  all.wechat.answers['CheckIn'] = () => NO_SIGNAL;
  all.wechat.answers['SendQueued'] = () => NO_SIGNAL;
  return all;
}

const ids = (asked: Asked) => asked.input.actions.map((action: any) => action.clientActionId);

test('with signal a check-in goes at once and nothing waits', async () => {
  const { wechat, deeds } = program();
  wechat.answers['CheckIn'] = () => ({ checkIn: PRESENT });
  const told = await deeds.checkIn('zhb1.x');
  assert.equal(told.tone, 'done');
  assert.match(told.text, /出席，11月22日 周日 19:00/);
  assert.equal(deeds.waiting, 0);
  assert.equal(wechat.last('CheckIn').input.qr, 'zhb1.x');
});

test('a check-in without signal waits, and is sent with the time of the scan and of the sending', async () => {
  const { wechat, time, deeds } = await inTheCellar();
  assert.equal((await deeds.checkIn('zhb1.x')).tone, 'waits');
  assert.equal(deeds.waiting, 1);

  time.now = new Date('2026-11-22T12:30:00Z');
  wechat.answers['SendQueued'] = answering(() => ({ checkIn: PRESENT }));
  await deeds.catchUp();
  const { input } = wechat.last('SendQueued');
  assert.equal(input.sentAt, '2026-11-22T12:30:00.000Z');
  assert.equal(input.actions[0].at, '2026-11-22T11:00:00.000Z');
  assert.equal(input.actions[0].deed.checkIn.qr, 'zhb1.x');
  assert.equal(deeds.waiting, 0);
  assert.match(deeds.news[0]?.text ?? '', /补传签到：签到成功/);
  deeds.forgetNews();
  assert.deepEqual(deeds.news, []);
});

test('a scan that was in time, and late only by the signal, is sent again with its time', async () => {
  const { wechat, time, deeds } = program();
  const expired = { checkIn: { __typename: 'CheckInRefused', code: 'CODE_EXPIRED', message: '签到码已过期。' } };
  wechat.answers['CheckIn'] = () => expired;
  assert.equal((await deeds.checkIn('zhb1.old')).tone, 'refused', 'an old code is an old code');
  assert.equal(deeds.waiting, 0);
  wechat.answers['CheckIn'] = () => {
    time.now = new Date('2026-11-22T11:00:09Z');
    return expired;
  };
  assert.equal((await deeds.checkIn('zhb1.x')).tone, 'waits');
  wechat.answers['SendQueued'] = answering(() => ({ checkIn: PRESENT }));
  await deeds.catchUp();
  assert.equal(wechat.last('SendQueued').input.actions[0].at, '2026-11-22T11:00:00.000Z');
});

test('an answer that was lost leaves the action, which keeps its id', async () => {
  const { wechat, deeds } = await inTheCellar();
  await deeds.checkIn('zhb1.x');
  await assert.rejects(deeds.catchUp());
  const first = ids(wechat.last('SendQueued'));
  wechat.answers['SendQueued'] = answering(() => ({ checkIn: { ...PRESENT, repeated: true } }));
  await deeds.catchUp();
  assert.deepEqual(ids(wechat.last('SendQueued')), first);
  assert.equal(deeds.waiting, 0);
});

test('what the server wants again stays, what it settled goes, in their order', async () => {
  const { wechat, deeds } = await inTheCellar();
  for (const qr of ['zhb1.a', 'zhb1.b', 'zhb1.c']) await deeds.checkIn(qr);
  wechat.answers['SendQueued'] = answering(({ deed }) => {
    if (deed.checkIn.qr === 'zhb1.a') return { checkIn: REFUSED };
    const retry = deed.checkIn.qr === 'zhb1.b';
    return { error: { code: retry ? 'OVERLOADED' : 'BAD_USER_INPUT', message: 'words', retry } };
  });
  await deeds.catchUp();
  assert.deepEqual(wechat.last('SendQueued').input.actions.map((one: any) => one.deed.checkIn.qr), ['zhb1.a', 'zhb1.b', 'zhb1.c']);
  assert.equal(deeds.waiting, 1);
  assert.deepEqual(deeds.news.map((told) => told.text), ['补传签到：签到已结束。', 'words']);
  await deeds.catchUp();
  assert.deepEqual(wechat.last('SendQueued').input.actions.map((one: any) => one.deed.checkIn.qr), ['zhb1.b']);
});

test('two at once send once', async () => {
  const { wechat, deeds } = await inTheCellar();
  await deeds.checkIn('zhb1.x');
  wechat.asked.length = 0;
  wechat.answers['SendQueued'] = answering(() => ({ checkIn: PRESENT }));
  await Promise.all([deeds.catchUp(), deeds.catchUp()]);
  assert.equal(wechat.count('SendQueued'), 1);
  assert.equal(deeds.news.length, 1, 'and are told of once');
});

test('what is added while others are being sent is not lost', async () => {
  const { wechat, deeds } = await inTheCellar();
  await deeds.checkIn('zhb1.a');
  wechat.answers['SendQueued'] = async (asked) => {
    await deeds.checkIn('zhb1.b');
    return answering(() => ({ checkIn: PRESENT }))(asked);
  };
  await deeds.catchUp();
  assert.equal(deeds.waiting, 1);
});

test('a hundred go at a time', async () => {
  const { wechat, deeds } = await inTheCellar();
  for (let n = 0; n < 101; n += 1) await deeds.checkIn(`zhb1.${n}`);
  wechat.answers['SendQueued'] = answering(() => ({ checkIn: PRESENT }));
  await deeds.catchUp();
  assert.equal(ids(wechat.last('SendQueued')).length, 100);
  assert.equal(new Set(ids(wechat.last('SendQueued'))).size, 100);
  assert.equal(deeds.waiting, 1);
});

test('somebody else on the same phone does not check in for the first', async () => {
  const { wechat, session, deeds } = await inTheCellar();
  await deeds.checkIn('zhb1.x');
  wechat.answers['SignIn'] = () => ({ signIn: signedIn('other') });
  await session.signIn('13800000001', 'right');
  wechat.asked.length = 0;
  await deeds.catchUp();
  assert.equal(wechat.count('SendQueued'), 0);
  wechat.answers['SignIn'] = () => ({ signIn: signedIn('me') });
  await session.signIn('13800000000', 'right');
  wechat.answers['SendQueued'] = answering(() => ({ checkIn: PRESENT }));
  await deeds.catchUp();
  assert.equal(wechat.count('SendQueued'), 1);
});

test('a phone that was never anybody’s keeps nothing', async () => {
  const { wechat, deeds } = program();
  wechat.answers['SignInByWeChat'] = () => ({ signInByWeChat: { __typename: 'SignInRefused', code: 'LOCKED', message: '已锁定' } });
  await assert.rejects(deeds.checkIn('zhb1.x'), NotSignedIn);
  assert.equal(wechat.storage.has('queue'), false);
});

test('hours without signal wait under the id with which they were tried', async () => {
  const { wechat, deeds } = await inTheCellar();
  wechat.answers['ReportServiceHours'] = () => NO_SIGNAL;
  await deeds.reportHours(SERVICE);
  const { clientMutationId } = wechat.last('ReportServiceHours').input;
  wechat.answers['SendQueued'] = answering(() => ({
    reportServiceHours: { __typename: 'ReportServiceHoursDone', entry: { id: 'e', minutes: 120, state: 'REPORTED' } },
  }));
  await deeds.catchUp();
  const [action] = wechat.last('SendQueued').input.actions;
  assert.equal(action.deed.reportServiceHours.clientMutationId, clientMutationId);
  assert.equal(action.clientActionId, clientMutationId);
  assert.equal(deeds.news[0]?.text, '补传时长：已申报 2小时，等待核实。');
});

test('digits are worth nothing later and are not kept', async () => {
  const { deeds } = await inTheCellar();
  await assert.rejects(deeds.checkInByDigits('activity', '123456'));
  assert.equal(deeds.waiting, 0);
});

test('what the server will never take is not kept', async () => {
  const { wechat, deeds } = program();
  wechat.answers['CheckIn'] = () => new ServerError('FORBIDDEN');
  await assert.rejects(deeds.checkIn('zhb1.x'));
  assert.equal(deeds.waiting, 0);
});
