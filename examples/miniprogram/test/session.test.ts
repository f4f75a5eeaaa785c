import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Failed, NotSignedIn, Unanswered } from '../miniprogram/api/errors';
import { InboxDocument } from '../miniprogram/api/generated/graphql';
import { program } from './program';
import { NO_SIGNAL, ServerError, signedIn, tokens, type Asked } from './stand-in';

const EMPTY = { inbox: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } } };

/** Answers only those who hold the token that `current` names. */
function only(current: () => string) {
  return ({ header }: Asked) =>
    header['authorization'] === `Bearer ${current()}` ? EMPTY : new ServerError('UNAUTHENTICATED');
}

function renewing() {
  const all = program();
  let good = 'none yet';
  all.wechat.storage.set('refreshToken', 'refresh-0');
  all.wechat.answers['Inbox'] = only(() => good);
  all.wechat.answers['RefreshSession'] = () => {
    const fresh = tokens();
    good = fresh.accessToken;
    return { refreshSession: { __typename: 'RefreshSessionDone', tokens: fresh } };
  };
  const expire = () => {
    good = 'none any more';
  };
  return { ...all, expire, ask: () => all.client.run(InboxDocument, {}) };
}

test('the first request signs in by WeChat, silently, and the token goes with it', async () => {
  const { wechat, client } = program();
  const done = signedIn();
  wechat.answers['SignInByWeChat'] = () => ({ signInByWeChat: done });
  wechat.answers['Inbox'] = only(() => done.tokens.accessToken);
  await client.run(InboxDocument, {});
  assert.deepEqual(wechat.last('SignInByWeChat').input, { code: 'code-1', appId: 'wx0' });
  assert.equal(wechat.last('Inbox').header['accept-language'], 'zh-CN');
  assert.equal(wechat.storage.get('refreshToken'), done.tokens.refreshToken);
  assert.ok(![...wechat.storage.values()].includes(done.tokens.accessToken), 'an access token is never stored');
});

test('a kept session is continued without WeChat', async () => {
  const { wechat, ask } = renewing();
  await ask();
  assert.equal(wechat.last('RefreshSession').input.refreshToken, 'refresh-0');
  assert.equal(wechat.logins, 0);
});

test('however many find the token expired, the session is renewed once', async () => {
  const { wechat, ask, expire } = renewing();
  await ask();
  expire();
  await Promise.all([ask(), ask(), ask(), ask(), ask()]);
  assert.equal(wechat.count('RefreshSession'), 2);
});

test('who hears late that the token was expired takes the one that is there', async () => {
  const { wechat, session, ask, expire } = renewing();
  await ask();
  const stale = await session.token();
  expire();
  await ask();
  assert.notEqual(await session.renewed(stale), stale);
  assert.equal(wechat.count('RefreshSession'), 2);
});

test('a token that is refused again is not tried for ever', async () => {
  const { wechat, ask } = renewing();
  wechat.answers['Inbox'] = () => new ServerError('UNAUTHENTICATED', { inbox: null });
  await assert.rejects(ask(), (error) => error instanceof Failed && error.code === 'UNAUTHENTICATED');
  assert.equal(wechat.count('Inbox'), 2);
});

test('a refresh whose answer was lost is repeated with the same token', async () => {
  const { wechat, ask } = renewing();
  const renew = wechat.answers['RefreshSession'];
  let tries = 0;
  wechat.answers['RefreshSession'] = (asked) => (++tries === 1 ? NO_SIGNAL : renew?.(asked));
  await ask();
  assert.deepEqual(
    wechat.asked.filter(({ operation }) => operation === 'RefreshSession').map(({ input }) => input.refreshToken),
    ['refresh-0', 'refresh-0'],
  );
});

test('without signal the session stays, for the next time', async () => {
  const { wechat, ask } = renewing();
  wechat.answers['RefreshSession'] = () => NO_SIGNAL;
  await assert.rejects(ask(), Unanswered);
  assert.equal(wechat.storage.get('refreshToken'), 'refresh-0');
  assert.equal(wechat.logins, 0);
});

test('a session that was ended is followed by a new one', async () => {
  const { wechat, ask } = renewing();
  wechat.answers['RefreshSession'] = () => ({
    refreshSession: { __typename: 'SessionRefused', code: 'ENDED', message: '本次登录已被终止，请重新登录。' },
  });
  const done = signedIn();
  wechat.answers['SignInByWeChat'] = () => ({ signInByWeChat: done });
  wechat.answers['Inbox'] = only(() => done.tokens.accessToken);
  await ask();
  assert.equal(wechat.storage.get('refreshToken'), done.tokens.refreshToken);
});

test('a token of an ended session is not sent again, though nobody is signed in instead', async () => {
  const { wechat, ask } = renewing();
  wechat.answers['RefreshSession'] = () => ({
    refreshSession: { __typename: 'SessionRefused', code: 'REUSE_DETECTED', message: '请重新登录。' },
  });
  wechat.answers['SignInByWeChat'] = () => ({
    signInByWeChat: { __typename: 'SignInRefused', code: 'LOCKED', message: '已暂时锁定。' },
  });
  for (let n = 0; n < 2; n += 1) await assert.rejects(ask(), NotSignedIn);
  assert.equal(wechat.count('RefreshSession'), 1);
});

test('who is not bound yet gets the ticket to bind by', async () => {
  const { wechat, session } = program();
  const ticket = { bindingTicket: 'ticket', validUntil: '2026-11-22T11:10:00Z' };
  wechat.answers['SignInByWeChat'] = () => ({ signInByWeChat: { __typename: 'WeChatNotBound', ...ticket } });
  await assert.rejects(session.token(), (error) => {
    assert.ok(error instanceof NotSignedIn);
    assert.deepEqual(error.ticket, ticket);
    return true;
  });
  wechat.answers['BindWeChat'] = () => ({ bindWeChat: signedIn('somebody') });
  assert.equal(await session.bind({ bindingTicket: 'ticket', branchCode: 'B1' }), undefined);
  assert.equal(session.accountId, 'somebody');
});

test('a server without WeChat leaves the password', async () => {
  const { wechat, session } = program();
  delete wechat.answers['SignInByWeChat'];
  await assert.rejects(session.token(), NotSignedIn);
  wechat.answers['SignIn'] = ({ input }) => ({
    signIn: input.password === 'right' ? signedIn() : { __typename: 'SignInRefused', code: 'BAD_CREDENTIALS', message: '手机号或密码不正确。' },
  });
  assert.equal((await session.signIn('13800000000', 'wrong'))?.message, '手机号或密码不正确。');
  assert.equal(session.accountId, undefined);
  assert.equal(await session.signIn('13800000000', 'right'), undefined);
  assert.equal(session.accountId, 'me');
});

test('an overloaded server is asked once more, a refusal of rights is not', async () => {
  const { wechat, client } = program();
  for (const [code, times] of [['OVERLOADED', 2], ['UNAVAILABLE', 2], ['FORBIDDEN', 1]] as const) {
    wechat.asked.length = 0;
    wechat.answers['Inbox'] = () => new ServerError(code);
    await assert.rejects(client.run(InboxDocument, {}), (error) => error instanceof Failed && error.code === code);
    assert.equal(wechat.count('Inbox'), times, code);
  }
});

test('the page of a gateway is no answer', async () => {
  const { wechat, client } = program();
  wechat.answers['Inbox'] = () => '<html>502</html>';
  await assert.rejects(client.run(InboxDocument, {}), Unanswered);
});

test('a hidden field leaves the rest of the answer', async () => {
  const { wechat, client } = program();
  wechat.answers['Inbox'] = () => new ServerError('FORBIDDEN', EMPTY);
  assert.deepEqual(await client.run(InboxDocument, {}), EMPTY);
});
