import { NotSignedIn } from '../../api/errors';
import type { Ticket } from '../../api/errors';
import type { BindWeChatInput } from '../../api/generated/graphql';
import type { Refused } from '../../api/session';
import { session } from '../../program';
import { attempt } from '../../view/attempt';

Page({
  data: {
    busy: false,
    trouble: '',
    ticket: null as Ticket | null,
  },

  onShow() {
    return this.begin();
  },

  /** Asks WeChat who it is; where nobody is bound yet, its answer is the ticket to bind by. */
  begin() {
    return attempt(this, async () => {
      try {
        await session.token();
      } catch (error) {
        if (!(error instanceof NotSignedIn)) throw error;
        this.setData({ ticket: error.ticket ?? null, trouble: error.ticket ? '' : error.message });
        return;
      }
      await home();
    });
  },

  bindByPhone({ detail }: WechatMiniprogram.ButtonGetPhoneNumber) {
    // Without a code the person has said no, or WeChat can't tell the number.
    if (!detail.code) return this.setData({ trouble: '未取得手机号，可改用支部发放的绑定码。' });
    return this.bind({ phoneCode: detail.code });
  },

  bindByCode({ detail }: WechatMiniprogram.FormSubmit) {
    return this.bind({ branchCode: String(detail.value['branchCode']).trim() });
  },

  signIn({ detail }: WechatMiniprogram.FormSubmit) {
    const { phone, password } = detail.value;
    return this.enter(() => session.signIn(String(phone), String(password)));
  },

  bind(proof: Pick<BindWeChatInput, 'phoneCode' | 'branchCode'>) {
    const bindingTicket = this.data.ticket?.bindingTicket ?? '';
    return this.enter(() => session.bind({ bindingTicket, ...proof }));
  },

  enter(way: () => Promise<Refused>) {
    return attempt(this, async () => {
      const refused = await way();
      if (!refused) return home();
      // A ticket comes to its end: another try begins with a new one.
      await this.begin();
      this.setData({ trouble: refused.message });
    });
  },
});

async function home(): Promise<void> {
  await wx.reLaunch({ url: '/pages/index/index' });
}
