import { HomeDocument } from '../../api/generated/graphql';
import { askConsent, templates } from '../../deeds/consent';
import type { Told } from '../../deeds/told';
import { client, deeds } from '../../program';
import { attempt } from '../../view/attempt';
import { homeView } from './view';
import type { HomeView } from './view';

Page({
  data: {
    busy: false,
    trouble: '',
    home: null as HomeView | null,
    waiting: 0,
    news: [] as Told[],
    /** Read beforehand, as WeChat asks only right after a tap; null until then. */
    templates: null as string[] | null,
  },

  onShow() {
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    await wx.stopPullDownRefresh();
  },

  async load() {
    await attempt(this, async () => {
      this.setData({ waiting: deeds.waiting });
      // What can't be sent yet goes on waiting, and keeps nobody from the rest.
      await deeds.catchUp().catch(() => undefined);
      this.setData({ home: homeView(await client.run(HomeDocument, {})) });
      if (!this.data.templates) this.setData({ templates: await templates(client) });
    });
    this.setData({ waiting: deeds.waiting, news: deeds.news });
  },

  forgetNews() {
    deeds.forgetNews();
    this.setData({ news: [] });
  },

  remindMe() {
    return attempt(this, async () => {
      const accepted = await askConsent(wx, client, this.data.templates ?? []);
      await wx.showToast({ title: accepted ? '已开启一次提醒' : '未开启提醒', icon: 'none' });
    });
  },
});
