// The mini-program's pages against a real server: `ZHIBU=…/zhibu npm run walk`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask, demo, Phone, type Account, type Demo } from './demo';
import { start, submitted } from './pages';

let server: Demo;
let wechat: Phone;
let program: ReturnType<typeof start>;

before(async () => {
  const binary = process.env['ZHIBU'];
  assert.ok(binary, 'set ZHIBU to the program');
  server = await demo(binary);
  wechat = new Phone(server.url);
  program = start(wechat);
});

after(() => server?.stop());

async function tokenOf({ phone, password }: Account): Promise<string> {
  const document = 'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignInDone { tokens { accessToken } } } }';
  return (await ask(server.url, document, { phone, password })).signIn.tokens.accessToken;
}

test('a member signs in and sees the Party day', async () => {
  await program.open('pages/index/index');
  assert.equal(wechat.went.at(-1), '/pages/sign-in/index');
  const page = await program.open('pages/sign-in/index');
  await page['signIn'](submitted({ phone: server.member.phone, password: 'wrong' }));
  assert.match(page.data.trouble, /\p{Script=Han}/u, 'the server’s words');
  await page['signIn'](submitted({ phone: server.member.phone, password: server.member.password }));
  assert.equal(wechat.went.at(-1), '/pages/index/index');
  const home = await program.open('pages/index/index');
  assert.equal(home.data.trouble, '');
  const activity = home.data.home.activities.find((one: any) => one.id === server.activity);
  assert.equal(activity.canCheckIn, true);
});

test('wrong digits are refused in the server’s words', async () => {
  const page = await program.open('pages/scan/index', { activityId: server.activity });
  await page['typed'](submitted({ digits: '12' }));
  assert.equal(page.data.told.tone, 'refused');
  assert.match(page.data.told.text, /\p{Script=Han}/u);
});

test('the code in the room checks in, and once more after the signal was lost', async () => {
  const token = await tokenOf(server.secretary);
  const code = await ask(server.url, `{ checkInCode(activityId: "${server.activity}") { qr digits } }`, {}, token);
  const page = await program.open('pages/scan/index', { activityId: server.activity });
  wechat.scans = { result: code.checkInCode.qr };
  await page['scan']();
  assert.equal(page.data.told?.tone, 'done', JSON.stringify(page.data));

  wechat.signal = false;
  await page['scan']();
  assert.equal(page.data.told.tone, 'waits');
  wechat.signal = true;
  const home = await program.open('pages/index/index');
  assert.equal(home.data.waiting, 0);
  assert.match(home.data.news[0].text, /补传签到：此前已签到/);
  const activity = home.data.home.activities.find((one: any) => one.id === server.activity);
  assert.equal(activity.canCheckIn, false);
});

test('hours are reported, once', async () => {
  const page = await program.open('pages/hours/index');
  const yesterday = new Date(Date.now() - 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
  for (const [name, value] of [['date', yesterday], ['from', '03:00'], ['to', '03:40']]) {
    page['choose']({ detail: { value }, currentTarget: { dataset: { name } } });
  }
  const form = submitted({ content: '清扫楼道', place: '3号楼', beneficiary: '居民', beneficiaryCount: '', travelMinutes: '' });
  await page['report'](form);
  assert.deepEqual(page.data.told, { tone: 'done', text: '已申报 40分钟，等待核实。' });
  await page['report'](form);
  assert.equal(page.data.told.tone, 'refused', JSON.stringify(page.data));
  await page['report'](submitted({ ...form.detail.value, place: '' }));
  assert.equal(page.data.told.field, 'place');
});

test('an assignment is taken, worked on and handed in', async () => {
  const token = await tokenOf(server.secretary);
  const create = `mutation ($input: CreateAssignmentInput!) { createAssignment(input: $input) {
    ... on CreateAssignmentDone { assignment { id } } ... on AssignmentRefused { code message } } }`;
  const made = await ask(server.url, create, {
    issuerUnitId: server.secretary.unitId,
    kind: 'TASK',
    title: '走访老党员',
    dueAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
    measure: { text: '走访户数', target: 2, unit: '户' },
    checklist: ['列名单'],
    to: { memberId: server.member.memberId },
  }, token);
  const { id } = made.createAssignment.assignment;
  const dispatch = 'mutation ($input: AssignmentStepInput!) { dispatchAssignment(input: $input) { __typename } }';
  assert.equal((await ask(server.url, dispatch, { id }, token)).dispatchAssignment.__typename, 'DispatchAssignmentDone');

  const list = await program.open('pages/assignments/index');
  assert.equal(list.data.rows.find((row: any) => row.id === id).state, '待接收');
  const page = await program.open('pages/assignment/index', { id });
  await page['accept']();
  await page['submit'](submitted({ text: '已走访' }));
  assert.notEqual(page.data.trouble, '', 'its list is open');
  await page['report'](submitted({ note: '已列名单', amount: '2', doneItems: ['1'] }));
  assert.equal(page.data.trouble, '');
  await page['submit'](submitted({ text: '已走访' }));
  assert.equal(page.data.trouble, '');
  assert.equal(page.data.assignment.state, '待核验');
});

test('the message of the assignment comes, and is read', async () => {
  let message: any;
  for (let tries = 0; !message && tries < 50; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const page = await program.open('pages/inbox/index');
    message = page.data.rows.find((row: any) => row.page.startsWith('/pages/assignment/') && row.unread);
    if (message) await page['readAll']();
  }
  assert.ok(message);
  assert.equal((await program.open('pages/index/index')).data.home.unread, 0);
});

test('after a restart the session goes on, renewed once for all who ask', async () => {
  program = start(wechat);
  wechat.asked.length = 0;
  const { logins } = wechat;
  await Promise.all([program.open('pages/index/index'), program.open('pages/inbox/index'), program.open('pages/assignments/index')]);
  assert.equal(wechat.count('RefreshSession'), 1);
  assert.equal(wechat.logins, logins);
});
