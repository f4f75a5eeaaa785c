import {
  InboxDocument,
  MarkAllNotificationsReadDocument,
  MarkNotificationReadDocument,
} from '../../api/generated/graphql';
import type { InboxQuery } from '../../api/generated/graphql';
import { client } from '../../program';
import { attempt } from '../../view/attempt';
import { moment } from '../../view/format';

type Node = InboxQuery['inbox']['nodes'][number];

function row(one: Node) {
  return {
    id: one.id,
    title: one.title,
    body: one.body,
    at: moment(one.createdAt),
    unread: !one.readAt,
    // The page that shows what it is of, where there is one.
    page: one.subject?.__typename === 'Assignment' ? `/pages/assignment/index?id=${one.subject.id}` : '',
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
      const { inbox } = await client.run(InboxDocument, { after });
      this.setData({
        rows: [...(after ? this.data.rows : []), ...inbox.nodes.map(row)],
        after: inbox.pageInfo.hasNextPage ? inbox.pageInfo.endCursor : null,
        loaded: true,
      });
    });
  },

  read({ currentTarget }: WechatMiniprogram.TouchEvent) {
    const index = Number(currentTarget.dataset['index']);
    const chosen = this.data.rows[index];
    if (!chosen) return undefined;
    return attempt(this, async () => {
      if (chosen.unread) await client.run(MarkNotificationReadDocument, { input: { id: chosen.id } });
      this.setData({ [`rows[${index}].unread`]: false });
      if (chosen.page) await wx.navigateTo({ url: chosen.page });
    });
  },

  /** Up to the first that is shown: what has come since stays unread. */
  readAll() {
    return attempt(this, async () => {
      await client.run(MarkAllNotificationsReadDocument, { input: { upTo: this.data.rows[0]?.id } });
      this.setData({ rows: this.data.rows.map((one) => ({ ...one, unread: false })) });
    });
  },
});
