import { deeds } from './program';

App({
  onLaunch() {
    // What waits is sent as soon as there is signal; the first screen shows what became of it.
    wx.onNetworkStatusChange(({ isConnected }) => {
      if (isConnected) deeds.catchUp().catch((error) => console.warn('not sent yet', error));
    });
  },
});
