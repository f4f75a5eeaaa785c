import type { AssignmentDetailFragment } from '../../api/generated/graphql';
import { moment } from '../../view/format';
import { ASSIGNMENT_STATES, word } from '../../view/words';

/** What the page shows of an assignment, and what its owner may do next. */
export function assignmentView(one: AssignmentDetailFragment) {
  const underway = one.state === 'ACCEPTED' || one.state === 'IN_PROGRESS' || one.state === 'RETURNED';
  return {
    id: one.id,
    version: one.version,
    title: one.title,
    description: one.description ?? '',
    issuer: one.issuer.name,
    state: word(ASSIGNMENT_STATES, one.state),
    reason: one.reason ?? '',
    due: moment(one.dueAt),
    overdue: one.overdue,
    evidenceWanted: one.evidenceWanted ?? '',
    measure: one.measure && { ...one.measure, amount: one.amount },
    checklist: one.checklist,
    mayAccept: one.state === 'DISPATCHED',
    underway,
  };
}

export type AssignmentView = ReturnType<typeof assignmentView>;
