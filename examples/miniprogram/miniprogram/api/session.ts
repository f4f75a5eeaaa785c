import { Failed, NotSignedIn } from './errors';
import type { Ticket } from './errors';
import {
  BindWeChatDocument,
  RefreshSessionDocument,
  SignInByWeChatDocument,
  SignInDocument,
} from './generated/graphql';
import type { BindWeChatInput, SignedInFragment } from './generated/graphql';
import type { Phone } from './phone';
import type { Wire } from './wire';

const REFRESH = 'refreshToken';
const ACCOUNT = 'accountId';

/** Short, because a refresh token whose answer was lost is taken once more within ten seconds only. */
const REFRESH_TIMEOUT = 4000;

/** An operation's own "no", in the server's words. */
export type Refused = { message: string } | undefined;

/** Who is signed in. The access token stays in memory, the refresh token is kept by the phone. */
export class Session {
  private access: string | undefined;
  private renewing: Promise<string> | undefined;

  constructor(
    private readonly phone: Phone,
    private readonly wire: Wire,
    private readonly appId: string,
    private readonly district?: string,
  ) {}

  /** Whose phone this was last, known without signal, too. */
  get accountId(): string | undefined {
    return this.phone.read(ACCOUNT);
  }

  /** An access token. Renews the session where there is none yet. */
  async token(): Promise<string> {
    return this.access ?? this.renewed(undefined);
  }

  /**
   * Another access token than `stale`, which the server didn't take. However many ask, the session is renewed
   * once: a refresh token that is used twice would end it.
   */
  async renewed(stale: string | undefined): Promise<string> {
    if (this.access !== undefined && this.access !== stale) return this.access;
    this.renewing ??= this.renew().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  /** Binds this WeChat account to the person whose phone number, or code of the branch, it is. */
  async bind(input: BindWeChatInput): Promise<Refused> {
    const { bindWeChat: answer } = await this.wire.send(BindWeChatDocument, { input });
    if (answer.__typename === 'SignInRefused') return answer;
    this.enter(answer);
    return undefined;
  }

  /** Signs in by password: where WeChat can't tell who it is. */
  async signIn(phone: string, password: string): Promise<Refused> {
    const input = { phone, password, district: this.district };
    const { signIn: answer } = await this.wire.send(SignInDocument, { input });
    if (answer.__typename === 'SignInRefused') return answer;
    this.enter(answer);
    return undefined;
  }

  private async renew(): Promise<string> {
    this.access = undefined;
    const refreshToken = this.phone.read<string>(REFRESH);
    if (refreshToken) {
      const answer = await this.refresh(refreshToken);
      if (answer.__typename === 'RefreshSessionDone') return this.keep(answer.tokens);
      this.phone.forget(REFRESH);
    }
    return this.enterByWeChat();
  }

  private async refresh(refreshToken: string) {
    const ask = () =>
      this.wire.send(RefreshSessionDocument, { input: { refreshToken } }, { timeout: REFRESH_TIMEOUT });
    // Once more at once: the answer may have been lost.
    const { refreshSession } = await ask().catch(ask);
    return refreshSession;
  }

  private async enterByWeChat(): Promise<string> {
    const code = await this.phone.loginCode();
    const answer = await this.wire
      .send(SignInByWeChatDocument, { input: { code, appId: this.appId } })
      .catch((error: unknown) => {
        // Whatever WeChat or the server has against it, there is another way to sign in.
        throw error instanceof Failed ? new NotSignedIn(error.message) : error;
      });
    const result = answer.signInByWeChat;
    switch (result.__typename) {
      case 'SignInDone':
        return this.enter(result);
      case 'WeChatNotBound':
        throw new NotSignedIn('请先绑定身份。', ticket(result));
      case 'SignInRefused':
        throw new NotSignedIn(result.message);
    }
  }

  private enter(done: SignedInFragment): string {
    this.phone.keep(ACCOUNT, done.account.id);
    return this.keep(done.tokens);
  }

  /** Keeps the new refresh token before anything is done with the access token. */
  private keep(tokens: SignedInFragment['tokens']): string {
    this.phone.keep(REFRESH, tokens.refreshToken);
    this.access = tokens.accessToken;
    return tokens.accessToken;
  }
}

function ticket({ bindingTicket, validUntil }: Ticket): Ticket {
  return { bindingTicket, validUntil };
}
