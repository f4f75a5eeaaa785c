import type { HomeQuery } from '../../api/generated/graphql';
import { clock, duration, moment } from '../../view/format';
import { ACTIVITY_STATES, ASSIGNMENT_STATES, ATTENDANCE_STATES, word } from '../../view/words';

/** What the first screen shows. */
export function homeView({ home }: HomeQuery) {
  const attended = new Map(home.lastAttendances.map((one) => [one.activity.id, one.state]));
  return {
    name: home.me.name,
    branch: [home.branch?.parentUnit?.name, home.branch?.name].filter(Boolean).join(' · '),
    activities: home.nextActivities.map((activity) => {
      const mine = attended.get(activity.id);
      return {
        id: activity.id,
        title: activity.title,
        when: `${moment(activity.startsAt)}–${clock(activity.endsAt)}`,
        state: mine ? word(ATTENDANCE_STATES, mine) : word(ACTIVITY_STATES, activity.state),
        canCheckIn: activity.state === 'OPEN' && !mine,
      };
    }),
    assignments: home.openAssignments.map((assignment) => ({
      id: assignment.id,
      title: assignment.title,
      state: word(ASSIGNMENT_STATES, assignment.state),
      due: moment(assignment.dueAt),
    })),
    hours: duration(home.minutesThisYear),
    unread: home.unreadCount,
  };
}

export type HomeView = ReturnType<typeof homeView>;
