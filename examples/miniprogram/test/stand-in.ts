/** What one request asked. */
export interface Asked {
  operation: string;
  input: any;
  variables: any;
  header: Record<string, string>;
}

/** An answer by an error of the server. */
export class ServerError {
  constructor(
    readonly code: string,
    readonly data: unknown = null,
  ) {}
}

/** No answer at all. */
export const NO_SIGNAL = Symbol('no signal');

export type Answering = (asked: Asked) => unknown;

/** Stands in for `wx`: keeps what is stored, and answers requests by the name of their operation. */
export class StandIn {
  readonly storage = new Map<string, unknown>();
  readonly asked: Asked[] = [];
  /** Where the program went. */
  readonly went: string[] = [];
  answers: Record<string, Answering> = {};
  /** What the camera sees. */
  scans: { result?: string; path?: string } | undefined;
  /** What the person says to subscribe messages. */
  consents: Record<string, string> = {};
  /** Which mini-program it is. */
  appId = 'wx0';
  logins = 0;
  private onNetwork: (now: { isConnected: boolean }) => void = () => undefined;

  readonly wx = {
    request: (option: any) => void this.request(option),
    getStorageSync: (key: string) => structuredClone(this.storage.get(key)) ?? '',
    setStorageSync: (key: string, value: unknown) => void this.storage.set(key, structuredClone(value)),
    removeStorageSync: (key: string) => void this.storage.delete(key),
    login: (option: any) => option.success({ code: this.loginCode() }),
    getAccountInfoSync: () => ({ miniProgram: { appId: this.appId, envVersion: 'develop' } }),
    scanCode: async () => {
      if (!this.scans) throw new Error('scanCode:fail cancel');
      return this.scans;
    },
    requestSubscribeMessage: async () => ({ errMsg: 'requestSubscribeMessage:ok', ...this.consents }),
    reLaunch: async ({ url }: { url: string }) => void this.went.push(url),
    redirectTo: async ({ url }: { url: string }) => void this.went.push(url),
    navigateTo: async ({ url }: { url: string }) => void this.went.push(url),
    showToast: async () => undefined,
    stopPullDownRefresh: async () => undefined,
    onNetworkStatusChange: (listener: (now: { isConnected: boolean }) => void) => {
      this.onNetwork = listener;
    },
  } as unknown as WechatMiniprogram.Wx;

  /** The phone has signal again. */
  connected(): void {
    this.onNetwork({ isConnected: true });
  }

  /** What `wx.login` answers: another each time. */
  protected loginCode(): string {
    return `code-${++this.logins}`;
  }

  /** How often an operation was asked for. */
  count(operation: string): number {
    return this.asked.filter((asked) => asked.operation === operation).length;
  }

  last(operation: string): Asked {
    const asked = this.asked.filter((one) => one.operation === operation).at(-1);
    if (!asked) throw new Error(`${operation} was never asked for`);
    return asked;
  }

  /** Sends one request; the walk has another that goes to a server. */
  protected async respond(option: any): Promise<unknown> {
    const operation = /(?:query|mutation) (\w+)/.exec(option.data.query)?.[1] ?? '';
    const { variables } = option.data;
    const asked = { operation, variables, input: variables.input, header: option.header };
    this.asked.push(asked);
    // Never within the call, as the network.
    await new Promise((resolve) => setImmediate(resolve));
    const answering = this.answers[operation];
    if (!answering) return { errors: [{ message: `no ${operation}`, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] };
    const answer = await answering(asked);
    if (answer instanceof ServerError) {
      return { data: answer.data, errors: [{ message: `words of ${answer.code}`, extensions: { code: answer.code } }] };
    }
    return answer === NO_SIGNAL || typeof answer === 'string' ? answer : { data: answer };
  }

  private async request(option: any): Promise<void> {
    const data = await this.respond(option);
    if (data === NO_SIGNAL) option.fail({ errMsg: 'request:fail ' });
    else option.success({ statusCode: 200, data });
  }
}

let made = 0;

/** Tokens that differ each time. */
export function tokens() {
  made += 1;
  return { accessToken: `access-${made}`, refreshToken: `refresh-${made}` };
}

/** What signing in answers. */
export function signedIn(accountId = 'me') {
  return { __typename: 'SignInDone', account: { id: accountId }, tokens: tokens() };
}
