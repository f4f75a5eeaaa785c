import { Unanswered } from './errors';

/** What an HTTP server answered. */
export interface Reply {
  status: number;
  data: unknown;
}

/** What the program needs of the phone. `wx` is reached through this alone, so that tests can stand in. */
export interface Phone {
  /** Fails with `Unanswered` when no answer came, whatever its status. */
  post(url: string, body: object, header: Record<string, string>, timeout?: number): Promise<Reply>;
  /** What was kept under `key`. */
  read<T>(key: string): T | undefined;
  keep(key: string, value: unknown): void;
  forget(key: string): void;
  /** A fresh code of `wx.login`: good once, for five minutes. */
  loginCode(): Promise<string>;
  now(): Date;
  pause(milliseconds: number): Promise<void>;
}

/** The phone, as WeChat shows it. */
export function phoneOf(wx: WechatMiniprogram.Wx): Phone {
  return {
    post: (url, data, header, timeout) =>
      new Promise((resolve, reject) => {
        wx.request({
          url,
          method: 'POST',
          data,
          header,
          timeout,
          success: (reply) => resolve({ status: reply.statusCode, data: reply.data }),
          fail: (failure) => reject(new Unanswered(failure.errMsg)),
        });
      }),
    // An unknown key reads as an empty text.
    read: (key) => wx.getStorageSync(key) || undefined,
    keep: (key, value) => wx.setStorageSync(key, value),
    forget: (key) => wx.removeStorageSync(key),
    loginCode: () =>
      new Promise((resolve, reject) => {
        wx.login({
          success: ({ code }) => resolve(code),
          fail: (failure) => reject(new Unanswered(failure.errMsg)),
        });
      }),
    now: () => new Date(),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}
