import type { Told } from '../../deeds/told';
import { deeds } from '../../program';
import { attempt } from '../../view/attempt';
import { day } from '../../view/format';
import { serviceOf } from './service';

Page({
  data: {
    busy: false,
    trouble: '',
    told: null as Told | null,
    today: '',
    date: '',
    from: '09:00',
    to: '11:00',
  },

  onLoad() {
    const today = day(new Date());
    this.setData({ today, date: today });
  },

  choose({ detail, currentTarget }: WechatMiniprogram.PickerChange) {
    this.setData({ [String(currentTarget.dataset['name'])]: String(detail.value) });
  },

  report({ detail }: WechatMiniprogram.FormSubmit) {
    return attempt(this, async () => {
      this.setData({ told: null });
      this.setData({ told: await deeds.reportHours(serviceOf(detail.value, this.data)) });
    });
  },
});
