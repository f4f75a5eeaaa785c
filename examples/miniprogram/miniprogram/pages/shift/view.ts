import type { ShiftDetailFragment } from '../../api/generated/graphql';
import { clock, moment } from '../../view/format';
import { SHIFT_STATES, SIGN_UP_STATES, word } from '../../view/words';

/** What is shown of a shift, and what a member may do next. */
export function shiftView(one: ShiftDetailFragment, now: Date) {
  const mine = one.mySignUp;
  const open = one.state === 'PUBLISHED';
  const ahead = now.getTime() < new Date(one.startsAt).getTime();
  const holds = mine?.state === 'SIGNED_UP' || mine?.state === 'WAITING' || mine?.state === 'OFFERED';
  const state = !open || ahead ? word(SHIFT_STATES, one.state) : '已开始';
  return {
    id: one.id,
    project: one.project.name,
    place: one.place,
    when: `${moment(one.startsAt)}–${clock(one.endsAt)}`,
    places: `${one.taken}/${one.capacity} 人`,
    skills: one.skills.join('、'),
    state: mine ? word(SIGN_UP_STATES, mine.state) : state,
    maySignUp: open && ahead && !holds,
    mayArrive: open && !mine?.checkedInAt && now.getTime() < new Date(one.endsAt).getTime(),
    mayLeave: Boolean(mine?.checkedInAt && !mine.checkedOutAt),
  };
}

export type ShiftView = ReturnType<typeof shiftView>;
