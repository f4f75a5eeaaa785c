import { NotSignedIn, sentence } from '../api/errors';

interface Shown {
  setData(data: { busy?: boolean; trouble?: string }): void;
}

/** Does `work` while the page says so, and shows what went wrong. Who isn't signed in is asked to. */
export async function attempt(page: Shown, work: () => Promise<void>): Promise<void> {
  page.setData({ busy: true, trouble: '' });
  try {
    await work();
  } catch (error) {
    if (error instanceof NotSignedIn) await wx.reLaunch({ url: '/pages/sign-in/index' });
    else page.setData({ trouble: sentence(error) });
  } finally {
    page.setData({ busy: false });
  }
}
