import { HomeDocument } from '../../api/generated/graphql';
import { askConsent, templates } from '../../deeds/consent';
import type { Told } from '../../deeds/told';
import { client, deeds } from '../../program';
import { attempt } from '../../view/attempt';
import { homeView, type HomeView } from './view';

Page({
  data: {
    busy: false,
    trouble: '',
    home: undefined as HomeView | undefined,
    waiting: 0,
    news: [] as Told[],
    templates: [] as string[],
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
    });
    this.setData({ waiting: deeds.waiting, news: deeds.news });
  },

  forgetNews() {
    deeds.forgetNews();
    this.setData({ news: [] });
  },

  /** WeChat asks only right after a tap: the templates are read beforehand. */
  async onReady() {
    this.setData({ templates: await templates(client).catch(() => []) });
  },

  remindMe() {
    return attempt(this, async () => {
      const accepted = await askConsent(wx, client, this.data.templates);
      await wx.showToast({ title: accepted ? '已开启一次提醒' : '未开启提醒', icon: 'none' });
    });
  },
});
