import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { start, submitted } from './pages';
import { NO_SIGNAL, signedIn, StandIn } from './stand-in';

const HOME = {
  home: {
    me: { id: 'me', name: '李梅' },
    branch: { id: 'b', name: '第一党支部', parentUnit: { id: 's', name: '云湖街道' } },
    nextActivities: [
      { id: 'now', title: '主题党日', state: 'OPEN', startsAt: '2026-11-22T11:00:00Z', endsAt: '2026-11-22T13:00:00Z' },
      { id: 'then', title: '党课', state: 'PUBLISHED', startsAt: '2026-11-29T11:00:00Z', endsAt: '2026-11-29T12:00:00Z' },
    ],
    lastAttendances: [] as object[],
    openAssignments: [{ id: 'task', title: '走访', state: 'DISPATCHED', dueAt: '2026-11-30T10:00:00Z' }],
    minutesThisYear: 200,
    unreadCount: 2,
  },
};
const PRESENT = { id: 'a', state: 'PRESENT', occurredAt: '2026-11-22T11:02:00Z' };
const DETAIL = {
  __typename: 'Assignment',
  id: 'task',
  version: 3,
  title: '走访',
  description: null,
  state: 'DISPATCHED',
  dueAt: '2026-11-30T10:00:00Z',
  overdue: false,
  reason: null,
  amount: 0,
  evidenceWanted: null,
  measure: { text: '走访户数', target: 10, unit: '户' },
  checklist: [{ position: 1, title: '列名单', done: false }],
  issuer: { id: 's', name: '云湖街道' },
};

let wechat: StandIn;

beforeEach(() => {
  wechat = new StandIn();
  wechat.answers = {
    SignInByWeChat: () => ({ signInByWeChat: signedIn() }),
    Home: () => HOME,
    SubscribeTemplates: () => ({ subscribeTemplates: ['t1', 't2', 't3', 't4', 't5', 't6'].map((id) => ({ id })) }),
    Assignment: () => ({ node: DETAIL }),
  };
});

test('the first screen takes one request', async () => {
  const home = await start(wechat).open('pages/index/index');
  assert.equal(home.data.home.branch, '云湖街道 · 第一党支部');
  assert.equal(home.data.home.hours, '3小时20分');
  assert.deepEqual(home.data.home.activities[0], {
    id: 'now',
    title: '主题党日',
    when: '11月22日 周日 19:00–21:00',
    state: '正在签到',
    canCheckIn: true,
  });
  assert.equal(home.data.home.activities[1].canCheckIn, false);
  assert.match(home.text(), /李梅，您好 .*主题党日 .*正在签到 去签到 .*走访 .*今年志愿服务 3小时20分.*（2 条未读）/s);
  // The templates come once, for the button that WeChat wants tapped.
  assert.deepEqual(wechat.asked.map((asked) => asked.operation), ['SignInByWeChat', 'Home', 'SubscribeTemplates']);
});

test('who has checked in is not asked to again', async () => {
  const attended = { id: 'a', state: 'LATE', occurredAt: '2026-11-22T11:20:00Z', activity: { id: 'now', title: '', startsAt: '' } };
  wechat.answers['Home'] = () => ({ home: { ...HOME.home, lastAttendances: [attended] } });
  const { data, text } = await start(wechat).open('pages/index/index');
  assert.equal(data.home.activities[0].state, '迟到');
  assert.equal(data.home.activities[0].canCheckIn, false);
  assert.doesNotMatch(text(), /去签到/);
});

test('who is not bound binds with the phone number, and comes home', async () => {
  wechat.answers['SignInByWeChat'] = () => ({
    signInByWeChat: { __typename: 'WeChatNotBound', bindingTicket: 'ticket', validUntil: '2026-11-22T11:10:00Z' },
  });
  wechat.answers['BindWeChat'] = () => ({ bindWeChat: signedIn() });
  const program = start(wechat);
  await program.open('pages/index/index');
  assert.deepEqual(wechat.went, ['/pages/sign-in/index']);

  const page = await program.open('pages/sign-in/index');
  assert.match(page.text(), /用微信手机号绑定/);
  page['bindByPhone']({ detail: { errMsg: 'getPhoneNumber:fail user deny' } });
  assert.match(page.data.trouble, /绑定码/);
  assert.equal(wechat.count('BindWeChat'), 0);
  await page['bindByPhone']({ detail: { code: 'phone-code' } });
  assert.deepEqual(wechat.last('BindWeChat').input, { bindingTicket: 'ticket', phoneCode: 'phone-code' });
  assert.equal(wechat.went.at(-1), '/pages/index/index');
});

test('a code of the branch that is refused is told in the server’s words, with a new ticket', async () => {
  let tickets = 0;
  wechat.answers['SignInByWeChat'] = () => ({
    signInByWeChat: { __typename: 'WeChatNotBound', bindingTicket: `ticket-${++tickets}`, validUntil: '' },
  });
  wechat.answers['BindWeChat'] = () => ({ bindWeChat: { __typename: 'SignInRefused', code: 'CODE_WRONG', message: '验证码不正确。' } });
  const page = await start(wechat).open('pages/sign-in/index');
  await page['bindByCode'](submitted({ branchCode: ' 1234 ' }));
  assert.deepEqual(wechat.last('BindWeChat').input, { bindingTicket: 'ticket-1', branchCode: '1234' });
  assert.equal(page.data.trouble, '验证码不正确。');
  assert.equal(page.data.ticket.bindingTicket, 'ticket-2');
  assert.equal(page.data.busy, false);
});

test('a scanned code checks in', async () => {
  wechat.answers['ActivitiesToCheckIn'] = () => ({ home: { nextActivities: HOME.home.nextActivities } });
  wechat.answers['CheckIn'] = () => ({ checkIn: { __typename: 'CheckInDone', repeated: false, attendance: PRESENT, claim: null } });
  const page = await start(wechat).open('pages/scan/index');
  assert.deepEqual(page.data.activities.map((one: any) => one.id), ['now'], 'digits are for what is open');
  await page['scan']();
  assert.equal(wechat.count('CheckIn'), 0, 'a closed camera is no scan');
  wechat.scans = { result: 'https://example.com' };
  await page['scan']();
  assert.equal(page.data.trouble, '这不是活动或志愿服务的码。');
  wechat.scans = { result: 'zhb1.abc' };
  await page['scan']();
  assert.equal(wechat.last('CheckIn').input.qr, 'zhb1.abc');
  assert.deepEqual(page.data.told, { tone: 'done', text: '签到成功：出席，11月22日 周日 19:02' });
});

test('a plain link checks in when it opens the program', async () => {
  wechat.answers['CheckIn'] = () => ({ checkIn: { __typename: 'CheckInDone', repeated: false, attendance: null, claim: { id: 'c', reason: 'ARRIVED_LATE' } } });
  const page = await start(wechat).open('pages/scan/index', { q: encodeURIComponent('https://z.example.cn/c/zhb1.abc') });
  assert.equal(page.data.told.text, '已提交，由组织者核定。');
});

test('a mini-program code leads to the digits of its activity', async () => {
  const uuid = '0190f3b2a6c47d1e8f2a5b6c7d8e9f01';
  const activityId = Buffer.from(`Activity:${uuid}`).toString('base64url');
  wechat.answers['ActivitiesToCheckIn'] = () => ({ home: { nextActivities: HOME.home.nextActivities } });
  wechat.answers['CheckIn'] = () => ({ checkIn: { __typename: 'CheckInRefused', code: 'NOT_EXPECTED', message: '您不在名单中。' } });
  const scene = `a.${Buffer.from(uuid, 'hex').toString('base64url')}`;
  const page = await start(wechat).open('pages/scan/index', { scene });
  await page['typed'](submitted({ digits: '123456' }));
  const { deviceId, ...input } = wechat.last('CheckIn').input;
  assert.deepEqual(input, { activityId, digits: '123456' });
  assert.ok(deviceId);
  assert.match(page.text(), /您不在名单中。.*扫码打开的活动/s);
});

const ARRIVED = { __typename: 'CheckInAtShiftDone', repeated: false, signUp: { id: 'u', checkedInAt: '2026-11-22T01:00:00Z' } };
const SHIFT = {
  __typename: 'VolunteerShift',
  id: 'shift',
  state: 'PUBLISHED',
  startsAt: '2999-11-22T01:00:00Z',
  endsAt: '2999-11-22T03:00:00Z',
  place: '曲水亭街',
  capacity: 5,
  taken: 2,
  skills: ['急救'],
  project: { id: 'project', name: '清洁家园' },
  mySignUp: null as object | null,
};

test('the code at a shift is for who comes, and for who leaves', async () => {
  wechat.answers['ActivitiesToCheckIn'] = () => ({ home: { nextActivities: [] } });
  const SKILLS = { __typename: 'ShiftCheckInRefused', code: 'SKILLS_NEEDED', message: '该班次有技能要求，请确认具备。' };
  wechat.answers['CheckInAtShift'] = ({ input }) => ({ checkInAtShift: input.hasSkills ? ARRIVED : SKILLS });
  wechat.answers['CheckOutOfShift'] = () => ({
    checkOutOfShift: { __typename: 'CheckOutOfShiftDone', repeated: false, signUp: { id: 'u', checkedOutAt: '2026-11-22T03:00:00Z' } },
  });
  wechat.scans = { result: 'zhs1.abc' };
  const page = await start(wechat).open('pages/scan/index');
  await page['scan']();
  assert.match(page.text(), /到岗签到 离岗签退/);
  await page['arrive']();
  assert.match(page.text(), /请确认具备。.*到岗签到/s);
  page['skill']({ detail: { value: ['skilled'] } });
  await page['arrive']();
  assert.deepEqual(wechat.last('CheckInAtShift').input, { qr: 'zhs1.abc', hasSkills: true });
  assert.deepEqual(page.data.told, { tone: 'done', text: '到岗签到成功：11月22日 周日 09:00' });
  assert.doesNotMatch(page.text(), /离岗签退/);
  await page['scan']();
  await page['leave']();
  assert.deepEqual(wechat.last('CheckOutOfShift').input, { qr: 'zhs1.abc' });
  assert.deepEqual(page.data.told, { tone: 'done', text: '签退成功：11月22日 周日 11:00' });
});

test('who leaves a shift without signal is sent later, as of the scan', async () => {
  wechat.answers['ActivitiesToCheckIn'] = () => ({ home: { nextActivities: [] } });
  wechat.answers['CheckOutOfShift'] = () => NO_SIGNAL;
  wechat.scans = { result: 'zhs1.abc' };
  const program = start(wechat);
  const page = await program.open('pages/scan/index');
  await page['scan']();
  const scannedAt = new Date(page.data.shiftCode.at).toISOString();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await page['leave']();
  assert.equal(page.data.told.tone, 'waits');
  wechat.answers['SendQueued'] = ({ input }) => ({
    sendQueued: {
      __typename: 'SendQueuedDone',
      answers: input.actions.map(({ clientActionId }: any) => ({
        clientActionId,
        checkOutOfShift: { __typename: 'CheckOutOfShiftDone', repeated: false, signUp: { id: 'u', checkedOutAt: '2026-11-22T03:00:00Z' } },
        error: null,
      })),
    },
  });
  const home = await program.open('pages/index/index');
  const [{ at, deed }] = wechat.last('SendQueued').input.actions;
  assert.deepEqual({ at, deed }, { at: scannedAt, deed: { checkOutOfShift: { qr: 'zhs1.abc' } } });
  assert.deepEqual(home.data.news.map((told: any) => told.text), ['补传签退：签退成功：11月22日 周日 11:00']);
});

test('a code of a project or of a shift leads to its page, and nothing is checked in by it', async () => {
  const uuid = '0190f3b2a6c47d1e8f2a5b6c7d8e9f01';
  const short = Buffer.from(uuid, 'hex').toString('base64url');
  const program = start(wechat);
  for (const [letter, name, page] of [['p', 'VolunteerProject', 'project'], ['s', 'VolunteerShift', 'shift']]) {
    const where = `/pages/${page}/index?id=${Buffer.from(`${name}:${uuid}`).toString('base64url')}`;
    const queries: Record<string, string>[] = [{ scene: `${letter}.${short}` }, { q: encodeURIComponent(`https://z.example.cn/open/${letter}.${short}`) }];
    for (const query of queries) {
      wechat.went.length = 0;
      await program.open('pages/scan/index', query);
      assert.deepEqual(wechat.went, [where]);
    }
  }
  assert.deepEqual(wechat.asked, []);
  const page = await program.open('pages/scan/index', { q: encodeURIComponent('https://example.com/') });
  assert.match(page.text(), /这不是活动或志愿服务的码。/);
});

test('the page of a project lists its shifts, and that of a shift signs up for it', async () => {
  const project = { __typename: 'VolunteerProject', id: 'project', name: '清洁家园', description: null, endedAt: null, unit: { id: 'b', name: '第一党支部' } };
  const other = { ...SHIFT, id: 'other', place: '别处', project: { id: 'another', name: '敬老' } };
  wechat.answers['VolunteerProject'] = () => ({ node: project });
  wechat.answers['ComingShifts'] = () => ({ volunteerShifts: { nodes: [SHIFT, other] } });
  const program = start(wechat);
  const list = await program.open('pages/project/index', { id: 'project' });
  assert.match(list.text(), /清洁家园 .*第一党支部 .*曲水亭街 · 报名中 · 2\/5 人/s);
  assert.doesNotMatch(list.text(), /别处/);

  let mySignUp: object | null = null;
  wechat.answers['VolunteerShift'] = () => ({ node: { ...SHIFT, mySignUp } });
  wechat.answers['SignUp'] = () => {
    mySignUp = { id: 'u', state: 'WAITING', checkedInAt: null, checkedOutAt: null };
    return { signUp: { __typename: 'SignUpDone', signUp: mySignUp } };
  };
  const page = await program.open('pages/shift/index', { id: 'shift' });
  page['skill']({ detail: { value: ['skilled'] } });
  await page['signUp']();
  assert.deepEqual(wechat.last('SignUp').input, { shiftId: 'shift', hasSkills: true });
  assert.deepEqual(page.data.told, { tone: 'done', text: '候补中' });
  assert.equal(page.data.shift.maySignUp, false);

  wechat.answers['CheckInAtShift'] = () => ({ checkInAtShift: ARRIVED });
  await page['typed'](submitted({ digits: '123456' }));
  assert.deepEqual(wechat.last('CheckInAtShift').input, { shiftId: 'shift', digits: '123456', hasSkills: true });
});

test('a scan in the cellar is kept over a restart, sent with the signal, and told of at home', async () => {
  wechat.answers['CheckIn'] = () => NO_SIGNAL;
  const first = start(wechat);
  await first.open('pages/index/index');
  wechat.scans = { result: 'zhb1.abc' };
  const page = await first.open('pages/scan/index');
  await page['scan']();
  assert.equal(page.data.told.tone, 'waits');

  const again = start(wechat);
  wechat.answers['RefreshSession'] = () => ({ refreshSession: { __typename: 'RefreshSessionDone', tokens: signedIn().tokens } });
  const waiting = await again.open('pages/index/index');
  assert.match(waiting.text(), /1 项操作已保存在手机上/);
  wechat.answers['SendQueued'] = ({ input }) => ({
    sendQueued: {
      __typename: 'SendQueuedDone',
      answers: input.actions.map(({ clientActionId }: any) => ({
        clientActionId,
        checkIn: { __typename: 'CheckInDone', repeated: false, attendance: PRESENT, claim: null },
        reportServiceHours: null,
        error: null,
      })),
    },
  });
  wechat.connected();
  const home = await again.open('pages/index/index');
  assert.equal(home.data.waiting, 0);
  assert.deepEqual(home.data.news.map((told: any) => told.text), ['补传签到：签到成功：出席，11月22日 周日 19:02']);
  assert.match(home.text(), /补传签到.*知道了/s);
  home['forgetNews']();
  assert.deepEqual((await again.open('pages/index/index')).data.news, []);
});

test('reported hours that are refused are told in the server’s words, at their field', async () => {
  wechat.answers['ReportServiceHours'] = () => ({
    reportServiceHours: { __typename: 'HourReportRefused', code: 'BAD_PLACE', message: '请填写地点。', field: ['service.place'] },
  });
  const page = await start(wechat).open('pages/hours/index');
  page['choose']({ detail: { value: '2026-11-20' }, currentTarget: { dataset: { name: 'date' } } });
  await page['report'](submitted({ content: '清扫', place: '', beneficiary: '居民', beneficiaryCount: '12', travelMinutes: '' }));
  assert.deepEqual(page.data.told, { tone: 'refused', text: '请填写地点。', field: 'place' });
  assert.equal(wechat.last('ReportServiceHours').input.service.startsAt, '2026-11-20T09:00:00+08:00');
});

test('an assignment is accepted, worked on and handed in, each with the version that was read', async () => {
  const steps = (name: string, state: string, version: number) => ({
    [`${name}Assignment`]: { __typename: 'Done', assignment: { ...DETAIL, state, version } },
  });
  wechat.answers['AcceptAssignment'] = () => steps('accept', 'ACCEPTED', 4);
  wechat.answers['ReportProgress'] = () => ({ reportProgress: { __typename: 'ReportProgressDone', assignment: { ...DETAIL, state: 'IN_PROGRESS', version: 5 } } });
  wechat.answers['SubmitAssignment'] = () => steps('submit', 'SUBMITTED', 6);
  const page = await start(wechat).open('pages/assignment/index', { id: 'task' });
  assert.match(page.text(), /接收任务 .*不能接收/s);
  await page['accept']();
  assert.deepEqual(wechat.last('AcceptAssignment').input, { id: 'task', version: 3 });
  assert.match(page.text(), /列名单\s.*报告进展 .*提交核验/s);
  assert.doesNotMatch(page.text(), /接收任务/);
  await page['report'](submitted({ note: ' 已走访 ', amount: '4', doneItems: ['1'] }));
  assert.deepEqual(wechat.last('ReportProgress').input, { id: 'task', version: 4, note: '已走访', amount: 4, doneItems: [1] });
  await page['submit'](submitted({ text: '' }));
  assert.deepEqual(wechat.last('SubmitAssignment').input, { id: 'task', version: 5, text: undefined });
  assert.equal(page.data.assignment.state, '待核验');
  assert.doesNotMatch(page.text(), /报告进展/);
});

test('a step that is refused shows why, and the assignment as it is now', async () => {
  wechat.answers['DeclineAssignment'] = () => ({ declineAssignment: { __typename: 'AssignmentRefused', code: 'STALE', message: '内容已变更。' } });
  const page = await start(wechat).open('pages/assignment/index', { id: 'task' });
  wechat.answers['Assignment'] = () => ({ node: { ...DETAIL, version: 9 } });
  await page['decline'](submitted({ reason: '出差' }));
  assert.deepEqual(wechat.last('DeclineAssignment').input, { id: 'task', version: 3, reason: '出差' });
  assert.match(page.text(), /^\s*内容已变更。/);
  assert.equal(page.data.assignment.version, 9);
});

test('lists go on where they ended', async () => {
  const pages = [
    { nodes: [1, 2].map((n) => ({ ...DETAIL, id: `${n}`, priority: 'URGENT' })), pageInfo: { hasNextPage: true, endCursor: 'c2' } },
    { nodes: [{ ...DETAIL, id: '3', priority: 'NORMAL' }], pageInfo: { hasNextPage: false, endCursor: 'c3' } },
  ];
  wechat.answers['MyAssignments'] = ({ variables }) => ({ myAssignments: variables.after === 'c2' ? pages[1] : pages[0] });
  const page = await start(wechat).open('pages/assignments/index');
  await page['onReachBottom']();
  assert.deepEqual(page.data.rows.map((row: any) => [row.id, row.priority]), [['1', '紧急'], ['2', '紧急'], ['3', '']]);
  wechat.asked.length = 0;
  await page['onReachBottom']();
  assert.equal(wechat.asked.length, 0);
});

test('a message is marked as read and leads to what it is of', async () => {
  const nodes = [
    { id: 'm1', title: '新任务', body: '走访', createdAt: '2026-11-22T11:00:00Z', readAt: null, subject: { __typename: 'Assignment', id: 'task' } },
    { id: 'm2', title: '活动', body: '党日', createdAt: '2026-11-21T11:00:00Z', readAt: null, subject: null },
  ];
  wechat.answers['Inbox'] = () => ({ inbox: { nodes, pageInfo: { hasNextPage: false, endCursor: null } } });
  wechat.answers['MarkNotificationRead'] = () => ({ markNotificationRead: { __typename: 'MarkNotificationReadDone' } });
  wechat.answers['MarkAllNotificationsRead'] = () => ({ markAllNotificationsRead: { __typename: 'MarkAllNotificationsReadDone' } });
  const page = await start(wechat).open('pages/inbox/index');
  await page['read']({ currentTarget: { dataset: { index: 0 } } });
  assert.deepEqual(wechat.last('MarkNotificationRead').input, { id: 'm1' });
  assert.deepEqual(page.data.rows.map((row: any) => row.unread), [false, true]);
  assert.deepEqual(wechat.went, ['/pages/assignment/index?id=task']);
  await page['readAll']();
  assert.deepEqual(wechat.last('MarkAllNotificationsRead').input, { upTo: 'm1' });
  assert.ok(page.data.rows.every((row: any) => !row.unread));
});

test('each consent to a message is reported, of five templates at most', async () => {
  wechat.consents = { t1: 'accept', t2: 'reject', t3: 'acceptWithAudio', t4: 'ban' };
  wechat.answers['ReportSubscribeConsent'] = () => ({ reportSubscribeConsent: { __typename: 'ReportSubscribeConsentDone' } });
  const page = await start(wechat).open('pages/index/index');
  assert.equal(page.data.templates.length, 5);
  await page['remindMe']();
  assert.deepEqual(wechat.last('ReportSubscribeConsent').input.results, [
    { templateId: 't1', accepted: true },
    { templateId: 't2', accepted: false },
    { templateId: 't3', accepted: true },
    { templateId: 't4', accepted: false },
  ]);
});

test('a server without messages through WeChat shows no button for them', async () => {
  delete wechat.answers['SubscribeTemplates'];
  const page = await start(wechat).open('pages/index/index');
  assert.deepEqual(page.data.templates, []);
  assert.equal(page.data.trouble, '');
});
