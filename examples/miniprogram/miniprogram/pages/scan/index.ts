import { ActivitiesToCheckInDocument } from '../../api/generated/graphql';
import { readQuery, readScan } from '../../deeds/scanned';
import type { Scanned } from '../../deeds/scanned';
import type { Told } from '../../deeds/told';
import { client, deeds } from '../../program';
import { attempt } from '../../view/attempt';

interface Opened {
  /** From our own pages. */
  activityId?: string;
  /** Of a mini-program code. */
  scene?: string;
  /** Of a plain link. */
  q?: string;
}

Page({
  data: {
    busy: false,
    trouble: '',
    told: null as Told | null,
    activities: [] as { id: string; title: string }[],
    chosen: 0,
  },

  onLoad(query: Opened) {
    const activityId = query.activityId;
    return this.take(activityId ? { kind: 'activity', activityId } : readQuery(query));
  },

  scan() {
    return attempt(this, async () => {
      // Who closes the camera has scanned nothing.
      const found = await wx.scanCode({ scanType: ['qrCode', 'wxCode'] }).catch(() => undefined);
      if (!found) return;
      this.setData({ told: null });
      const scanned = readScan(found);
      if (scanned.kind === 'unknown') this.setData({ trouble: '这不是活动签到码。' });
      else await this.take(scanned);
    });
  },

  /** Goes on with what was scanned. */
  take(scanned: Scanned) {
    return attempt(this, async () => {
      if (scanned.kind === 'code') this.setData({ told: await deeds.checkIn(scanned.qr) });
      else await this.offer(scanned.kind === 'activity' ? scanned.activityId : undefined);
    });
  },

  /** Offers the activities whose digits may be typed, first `activityId`. */
  async offer(activityId: string | undefined) {
    const { home } = await client.run(ActivitiesToCheckInDocument, {});
    const open = home.nextActivities.filter(({ id, state }) => state === 'OPEN' || id === activityId);
    const known = open.some(({ id }) => id === activityId);
    // Not on its list: the server says so, in its own words, when the digits are there.
    if (activityId && !known) open.unshift({ id: activityId, title: '扫码打开的活动', state: 'OPEN' });
    const chosen = Math.max(0, open.findIndex(({ id }) => id === activityId));
    this.setData({ activities: open, chosen });
  },

  choose({ detail }: WechatMiniprogram.PickerChange) {
    this.setData({ chosen: Number(detail.value) });
  },

  typed({ detail }: WechatMiniprogram.FormSubmit) {
    const activity = this.data.activities[this.data.chosen];
    if (!activity) return undefined;
    const digits = String(detail.value['digits']);
    return attempt(this, async () => {
      this.setData({ told: null });
      this.setData({ told: await deeds.checkInByDigits(activity.id, digits) });
    });
  },
});
