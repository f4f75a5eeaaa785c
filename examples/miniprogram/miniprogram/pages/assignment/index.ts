import {
  AcceptAssignmentDocument,
  AssignmentDocument,
  DeclineAssignmentDocument,
  ReportProgressDocument,
  SubmitAssignmentDocument,
} from '../../api/generated/graphql';
import type { AssignmentDetailFragment } from '../../api/generated/graphql';
import { client } from '../../program';
import { attempt } from '../../view/attempt';
import { assignmentView } from './view';
import type { AssignmentView } from './view';

/** Which assignment, as it was read. */
type Which = { id: string; version: number };
/** What each step answers. */
type Step = { assignment: AssignmentDetailFragment } | { message: string };

Page({
  data: {
    busy: false,
    trouble: '',
    id: '',
    assignment: null as AssignmentView | null,
    declining: false,
  },

  onLoad({ id }: { id?: string }) {
    this.setData({ id: id ?? '' });
    return this.load();
  },

  load() {
    return attempt(this, async () => {
      const { node } = await client.run(AssignmentDocument, { id: this.data.id });
      if (node?.__typename === 'Assignment') this.setData({ assignment: assignmentView(node) });
      else this.setData({ trouble: '任务不存在，或您无权查看。' });
    });
  },

  accept() {
    return this.step(async (which: Which) => {
      const { acceptAssignment } = await client.run(AcceptAssignmentDocument, { input: which });
      return acceptAssignment;
    });
  },

  askWhy() {
    this.setData({ declining: !this.data.declining });
  },

  decline({ detail }: WechatMiniprogram.FormSubmit) {
    const reason = String(detail.value['reason']).trim();
    return this.step(async (which: Which) => {
      const { declineAssignment } = await client.run(DeclineAssignmentDocument, { input: { ...which, reason } });
      return declineAssignment;
    });
  },

  report({ detail }: WechatMiniprogram.FormSubmit) {
    const { note, amount, doneItems } = detail.value;
    const told = {
      note: String(note).trim() || undefined,
      amount: amount ? Number(amount) : undefined,
      doneItems: Array.isArray(doneItems) ? doneItems.map(Number) : undefined,
    };
    return this.step(async (which: Which) => {
      const { reportProgress } = await client.run(ReportProgressDocument, { input: { ...which, ...told } });
      return reportProgress;
    });
  },

  submit({ detail }: WechatMiniprogram.FormSubmit) {
    const text = String(detail.value['text']).trim() || undefined;
    return this.step(async (which: Which) => {
      const { submitAssignment } = await client.run(SubmitAssignmentDocument, { input: { ...which, text } });
      return submitAssignment;
    });
  },

  /** Takes a step with the version that was read: sent twice, it is taken once. */
  step(take: (which: Which) => Promise<Step>) {
    const assignment = this.data.assignment;
    if (!assignment) return undefined;
    return attempt(this, async () => {
      const answer = await take({ id: assignment.id, version: assignment.version });
      if ('assignment' in answer) {
        this.setData({ assignment: assignmentView(answer.assignment), declining: false });
        return;
      }
      await this.load();
      this.setData({ trouble: answer.message });
    });
  },
});
