import { MyAssignmentsDocument } from '../../api/generated/graphql';
import type { MyAssignmentsQuery } from '../../api/generated/graphql';
import { client } from '../../program';
import { attempt } from '../../view/attempt';
import { moment } from '../../view/format';
import { ASSIGNMENT_STATES, PRIORITIES, word } from '../../view/words';

type Node = MyAssignmentsQuery['myAssignments']['nodes'][number];

function row(one: Node) {
  return {
    id: one.id,
    title: one.title,
    issuer: one.issuer.name,
    state: word(ASSIGNMENT_STATES, one.state),
    due: moment(one.dueAt),
    overdue: one.overdue,
    priority: one.priority === 'NORMAL' ? '' : word(PRIORITIES, one.priority),
  };
}

Page({
  data: {
    busy: false,
    trouble: '',
    rows: [] as ReturnType<typeof row>[],
    after: null as string | null,
    loaded: false,
  },

  onShow() {
    return this.load(null);
  },

  onReachBottom() {
    return this.data.after && !this.data.busy ? this.load(this.data.after) : undefined;
  },

  load(after: string | null) {
    return attempt(this, async () => {
      const { myAssignments } = await client.run(MyAssignmentsDocument, { after });
      const { nodes, pageInfo } = myAssignments;
      this.setData({
        rows: [...(after ? this.data.rows : []), ...nodes.map(row)],
        after: pageInfo.hasNextPage ? pageInfo.endCursor : null,
        loaded: true,
      });
    });
  },
});
