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
    /** The code of a shift, and when it was scanned: what for is asked then. */
    shiftCode: null as { qr: string; at: number } | null,
    skilled: false,
    activities: [] as { id: string; title: string }[],
    chosen: 0,
  },

  onLoad({ activityId, scene, q }: Opened) {
    if (scene || q) return this.take(readQuery({ scene, q }));
    return attempt(this, () => this.offer(activityId));
  },

  scan() {
    return attempt(this, async () => {
      // Who closes the camera has scanned nothing.
      const found = await wx.scanCode({ scanType: ['qrCode', 'wxCode'] }).catch(() => undefined);
      if (!found) return;
      this.setData({ told: null, shiftCode: null });
      await this.take(readScan(found));
    });
  },

  /** Goes on with what was scanned. */
  take(scanned: Scanned) {
    return attempt(this, async () => {
      switch (scanned.kind) {
        case 'code':
          return this.setData({ told: await deeds.checkIn(scanned.qr) });
        case 'shiftCode':
          return this.setData({ shiftCode: { qr: scanned.qr, at: Date.now() }, skilled: false });
        case 'activity':
          return this.offer(scanned.id);
        case 'project':
        case 'shift':
          return void (await wx.redirectTo({ url: `/pages/${scanned.kind}/index?id=${scanned.id}` }));
        case 'unknown':
          return this.setData({ trouble: '这不是活动或志愿服务的码。' });
      }
    });
  },

  skill({ detail }: WechatMiniprogram.CheckboxGroupChange) {
    this.setData({ skilled: detail.value.length > 0 });
  },

  arrive() {
    return this.atShift((qr: string, at: Date) => deeds.arrive(qr, at, this.data.skilled));
  },

  leave() {
    return this.atShift((qr: string, at: Date) => deeds.leave(qr, at));
  },

  /** Does what the code of a shift was scanned for. Of who is refused it can be tried again. */
  atShift(deed: (qr: string, at: Date) => Promise<Told>) {
    const code = this.data.shiftCode;
    if (!code) return undefined;
    return attempt(this, async () => {
      this.setData({ told: null });
      const told = await deed(code.qr, new Date(code.at));
      this.setData({ told, shiftCode: told.tone === 'refused' ? code : null });
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
