import type {
  ArrivalAnswerFragment,
  CheckInAnswerFragment,
  LeavingAnswerFragment,
  ReportAnswerFragment,
} from '../api/generated/graphql';
import { duration, moment } from '../view/format';
import { ATTENDANCE_STATES, word } from '../view/words';
import type { Answer } from './queue';

/** What to tell of a deed. */
export interface Told {
  tone: 'done' | 'waits' | 'refused';
  text: string;
  /** The field of the form that is at fault. */
  field?: string;
}

/** It is kept until there is signal. */
export const WAITS: Told = { tone: 'waits', text: '信号不好，已保存在手机上。联网后会自动补传，无需重做。' };

export function ofCheckIn(answer: CheckInAnswerFragment): Told {
  if (answer.__typename === 'CheckInRefused') return { tone: 'refused', text: answer.message };
  if (!answer.attendance) return { tone: 'waits', text: '已提交，由组织者核定。' };
  const { state, occurredAt } = answer.attendance;
  const before = answer.repeated ? '此前已签到' : '签到成功';
  return { tone: 'done', text: `${before}：${word(ATTENDANCE_STATES, state)}，${moment(occurredAt)}` };
}

/** Of who came to a shift. */
export function ofArrival(answer: ArrivalAnswerFragment): Told {
  if (answer.__typename === 'ShiftCheckInRefused') return { tone: 'refused', text: answer.message };
  return at(answer.repeated ? '此前已到岗签到' : '到岗签到成功', answer.signUp.checkedInAt);
}

/** Of who left a shift. */
export function ofLeaving(answer: LeavingAnswerFragment): Told {
  if (answer.__typename === 'ShiftCheckInRefused') return { tone: 'refused', text: answer.message };
  return at(answer.repeated ? '此前已签退' : '签退成功', answer.signUp.checkedOutAt);
}

function at(done: string, time: string | null): Told {
  return { tone: 'done', text: time ? `${done}：${moment(time)}` : done };
}

export function ofReport(answer: ReportAnswerFragment): Told {
  if (answer.__typename === 'HourReportRefused') {
    return { tone: 'refused', text: answer.message, field: answer.field?.join('.').split('.').pop() };
  }
  return { tone: 'done', text: `已申报 ${duration(answer.entry.minutes)}，等待核实。` };
}

/** Of an action that was queued. */
export function ofAnswer(answer: Answer): Told[] {
  if (answer.error) return [{ tone: 'refused', text: answer.error.message }];
  if (answer.checkIn) return [prefixed('补传签到', ofCheckIn(answer.checkIn))];
  if (answer.checkInAtShift) return [prefixed('补传到岗', ofArrival(answer.checkInAtShift))];
  if (answer.checkOutOfShift) return [prefixed('补传签退', ofLeaving(answer.checkOutOfShift))];
  if (answer.reportServiceHours) return [prefixed('补传时长', ofReport(answer.reportServiceHours))];
  return [];
}

function prefixed(what: string, told: Told): Told {
  return { tone: told.tone, text: `${what}：${told.text}` };
}
