import type { CheckInAnswerFragment, ReportAnswerFragment } from '../api/generated/graphql';
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
  if (answer.reportServiceHours) return [prefixed('补传时长', ofReport(answer.reportServiceHours))];
  return [];
}

function prefixed(what: string, told: Told): Told {
  return { tone: told.tone, text: `${what}：${told.text}` };
}
