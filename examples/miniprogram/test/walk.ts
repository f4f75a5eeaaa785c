// The mini-program's pages against a real server: `ZHIBU=…/zhibu npm run walk`; with `WALK_DATABASE_URL` in that empty
// database of PostgreSQL.
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
  server = await demo(binary, process.env['WALK_DATABASE_URL']);
});

after(() => server?.stop());

async function tokenOf({ phone, password }: Account): Promise<string> {
  const document = 'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignInDone { tokens { accessToken } } } }';
  return (await ask(server.url, document, { phone, password })).signIn.tokens.accessToken;
}

/** Two members of the secretary's branch who hold no post, as the first ones of a branch do. */
async function others(): Promise<Account[]> {
  const roster = `{ roster(unitId: "${server.secretary.unitId}", first: 100) { nodes { id } } }`;
  const { nodes } = (await ask(server.url, roster, {}, await tokenOf(server.secretary))).roster;
  const ids = new Set(nodes.map(({ id }: { id: string }) => id));
  const members = server.accounts.filter((one) => one.role === 'MEMBER' && ids.has(one.memberId));
  return members.filter(({ phone }) => phone !== server.member.phone).slice(-2);
}

/** A phone that holds nothing yet, at the page to sign in. */
async function unboundPhone(holder: Account) {
  const phone = new Phone(server.url, holder);
  program = start(phone);
  await program.open('pages/index/index');
  assert.deepEqual(phone.went, ['/pages/sign-in/index']);
  const page = await program.open('pages/sign-in/index');
  assert.match(page.text(), /绑定身份/);
  return { phone, page };
}

/** The holder comes in on a new phone by `wx.login` alone. */
async function comesInAtOnce(holder: Account) {
  const phone = new Phone(server.url, holder);
  const home = await start(phone).open('pages/index/index');
  assert.notEqual(home.data.home, null, home.data.trouble);
  assert.deepEqual(phone.went, []);
  assert.equal(phone.count('SignInByWeChat'), 1);
}

test('who is not bound binds by the number that WeChat vouches for, and comes in by WeChat from then on', async () => {
  const [holder] = await others();
  assert.ok(holder);
  const { phone, page } = await unboundPhone(holder);
  await page['bindByPhone'](phone.phoneCode('19000000000'));
  assert.match(page.data.trouble, /\p{Script=Han}/u, 'nobody has that number');
  assert.equal(phone.went.length, 1);
  await page['bindByPhone'](phone.phoneCode());
  assert.equal(page.data.trouble, '');
  assert.equal(phone.went.at(-1), '/pages/index/index');
  await comesInAtOnce(holder);
});

test('who is not bound binds by the code of the branch, once', async () => {
  const [, holder] = await others();
  assert.ok(holder);
  const issue = `mutation ($input: IssueBindingCodeInput!) { issueBindingCode(input: $input) {
    ... on IssueBindingCodeDone { code } ... on MemberRefused { message } } }`;
  const issued = await ask(server.url, issue, { memberId: holder.memberId }, await tokenOf(server.secretary));
  const { code } = issued.issueBindingCode;
  assert.ok(code, JSON.stringify(issued));
  const { phone, page } = await unboundPhone(holder);
  await page['bindByCode'](submitted({ branchCode: 'AAAAA-AAAAA' }));
  assert.match(page.data.trouble, /\p{Script=Han}/u);
  await page['bindByCode'](submitted({ branchCode: ` ${code.toLowerCase()} ` }));
  assert.equal(page.data.trouble, '');
  assert.equal(phone.went.at(-1), '/pages/index/index');
  await comesInAtOnce(holder);
});

test('a member signs in and sees the Party day', async () => {
  wechat = new Phone(server.url, server.member);
  program = start(wechat);
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

/** The codes of a page, as a phone's camera or WeChat hands them over. */
async function codesOf(id: string, token: string) {
  const { pageCode } = await ask(server.url, `{ pageCode(id: "${id}") { link miniProgramCode { url } } }`, {}, token);
  const picture = new Uint8Array(await (await fetch(pageCode.miniProgramCode.url)).arrayBuffer());
  assert.deepEqual([...picture.slice(0, 3)], [0xff, 0xd8, 0xff]);
  const scene = encodeURIComponent(pageCode.link.split('/').at(-1));
  return { link: pageCode.link as string, queries: [{ scene }, { q: encodeURIComponent(pageCode.link) }] as Record<string, string>[] };
}

test('the codes of an activity lead to its digits', async () => {
  const { link, queries } = await codesOf(server.activity, await tokenOf(server.member));
  for (const query of queries) {
    const page = await program.open('pages/scan/index', query);
    assert.equal(page.data.activities[page.data.chosen].id, server.activity, JSON.stringify(query));
  }
  const page = await program.open('pages/scan/index');
  page.data.chosen = -1;
  wechat.scans = { result: link };
  await page['scan']();
  assert.equal(page.data.activities[page.data.chosen].id, server.activity);
});

test('the codes of a project and of its shift lead to their pages; the code at the shift checks in and out', async () => {
  const token = await tokenOf(server.secretary);
  const create = `mutation ($input: CreateVolunteerProjectInput!) { createVolunteerProject(input: $input) {
    ... on CreateVolunteerProjectDone { project { id } } } }`;
  const made = await ask(server.url, create, { unitId: server.secretary.unitId, name: '清洁家园' }, token);
  const project = made.createVolunteerProject.project.id;
  const startsAt = Date.now() + 4000;
  const plan = `mutation ($input: CreateVolunteerShiftInput!) { createVolunteerShift(input: $input) {
    ... on CreateVolunteerShiftDone { shift { id } } ... on ShiftRefused { message } } }`;
  const time = (at: number) => new Date(at).toISOString();
  const times = { startsAt: time(startsAt), endsAt: time(startsAt + 3_600_000) };
  const planned = await ask(server.url, plan, { projectId: project, place: '曲水亭街', capacity: 5, ...times }, token);
  const shift = planned.createVolunteerShift.shift.id;
  const publish = 'mutation ($input: PublishVolunteerShiftInput!) { publishVolunteerShift(input: $input) { __typename } }';
  assert.equal((await ask(server.url, publish, { id: shift }, token)).publishVolunteerShift.__typename, 'PublishVolunteerShiftDone');

  for (const [kind, id, shown] of [['project', project, /清洁家园.*曲水亭街/s], ['shift', shift, /清洁家园.*曲水亭街.*到岗签到/s]] as const) {
    for (const query of (await codesOf(id, token)).queries) {
      await program.open('pages/scan/index', query);
      assert.equal(wechat.went.at(-1), `/pages/${kind}/index?id=${id}`);
    }
    assert.match((await program.open(`pages/${kind}/index`, { id })).text(), shown);
  }

  const scanned = async () => {
    const { shiftCode } = await ask(server.url, `{ shiftCode(shiftId: "${shift}") { qr } }`, {}, token);
    const page = await program.open('pages/scan/index');
    wechat.scans = { result: shiftCode.qr };
    await page['scan']();
    return page;
  };
  const coming = await scanned();
  await coming['arrive']();
  assert.match(coming.data.told?.text ?? coming.data.trouble, /到岗签到成功/);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, startsAt + 500 - Date.now())));
  const leaving = await scanned();
  await leaving['leave']();
  assert.match(leaving.data.told?.text ?? leaving.data.trouble, /签退成功/);
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
