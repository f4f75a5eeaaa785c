/** Where the server is, for each of the mini-program's versions; WeChat says which of them runs. */
export const SERVERS = {
  /** In the devtools: `zhibu demo` on the same machine. */
  develop: 'http://127.0.0.1:8080',
  trial: 'https://zhibu-trial.example.cn',
  release: 'https://zhibu.example.cn',
};

/** The code of the district whose mini-program this is; only a server with several districts asks for it. */
export const DISTRICT: string | undefined = undefined;
