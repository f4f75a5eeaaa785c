import { SignUpDocument, VolunteerShiftDocument } from '../../api/generated/graphql';
import type { Told } from '../../deeds/told';
import { client, deeds } from '../../program';
import { attempt } from '../../view/attempt';
import { SIGN_UP_STATES, word } from '../../view/words';
import { shiftView } from './view';
import type { ShiftView } from './view';

Page({
  data: {
    busy: false,
    trouble: '',
    told: null as Told | null,
    id: '',
    shift: null as ShiftView | null,
    skilled: false,
  },

  onLoad({ id }: { id?: string }) {
    this.setData({ id: id ?? '' });
  },

  onShow() {
    return attempt(this, () => this.load());
  },

  async load() {
    const { node } = await client.run(VolunteerShiftDocument, { id: this.data.id });
    if (node?.__typename === 'VolunteerShift') this.setData({ shift: shiftView(node, new Date()) });
    else this.setData({ trouble: '班次不存在，或您无权查看。' });
  },

  skill({ detail }: WechatMiniprogram.CheckboxGroupChange) {
    this.setData({ skilled: detail.value.length > 0 });
  },

  signUp() {
    return this.step(async (shiftId: string) => {
      const { signUp } = await client.run(SignUpDocument, { input: { shiftId, hasSkills: this.data.skilled } });
      if (signUp.__typename === 'SignUpRefused') return { tone: 'refused', text: signUp.message };
      return { tone: 'done', text: word(SIGN_UP_STATES, signUp.signUp.state) };
    });
  },

  typed({ detail }: WechatMiniprogram.FormSubmit) {
    const digits = String(detail.value['digits']);
    return this.step((shiftId: string) => deeds.arriveByDigits({ shiftId, digits, hasSkills: this.data.skilled }));
  },

  leave() {
    return this.step((shiftId: string) => deeds.leaveByTap(shiftId));
  },

  /** Takes a step, and shows the shift as it is then. */
  step(take: (shiftId: string) => Promise<Told>) {
    return attempt(this, async () => {
      this.setData({ told: null });
      this.setData({ told: await take(this.data.id) });
      await this.load();
    });
  },
});
