import type {
  ActivityState,
  AssignmentPriority,
  AssignmentState,
  AttendanceState,
  ShiftState,
  SignUpState,
} from '../api/generated/graphql';

export const ACTIVITY_STATES: Record<ActivityState, string> = {
  DRAFT: '草稿',
  PUBLISHED: '已发布',
  OPEN: '正在签到',
  CLOSED: '已结束',
  ARCHIVED: '已归档',
  CANCELLED: '已取消',
};

export const ATTENDANCE_STATES: Record<AttendanceState, string> = {
  PRESENT: '出席',
  LATE: '迟到',
  ON_LEAVE: '请假',
  ABSENT: '缺席',
};

export const ASSIGNMENT_STATES: Record<AssignmentState, string> = {
  DRAFT: '草稿',
  DISPATCHED: '待接收',
  ACCEPTED: '已接收',
  DECLINED: '已退回下达方',
  IN_PROGRESS: '办理中',
  SUBMITTED: '待核验',
  RETURNED: '退回补办',
  VERIFIED: '已销号',
  CANCELLED: '已撤销',
};

export const PRIORITIES: Record<AssignmentPriority, string> = {
  LOW: '低',
  NORMAL: '普通',
  HIGH: '高',
  URGENT: '紧急',
};

export const SHIFT_STATES: Record<ShiftState, string> = {
  DRAFT: '草稿',
  PUBLISHED: '报名中',
  CANCELLED: '已取消',
};

export const SIGN_UP_STATES: Record<SignUpState, string> = {
  SIGNED_UP: '已报名',
  WAITING: '候补中',
  OFFERED: '待确认',
  WITHDRAWN: '已撤回',
  LAPSED: '逾期未确认',
};

/** The word of a state; of one that only a newer server knows, its code. */
export function word<State extends string>(words: Record<State, string>, state: State): string {
  return words[state] ?? state;
}
