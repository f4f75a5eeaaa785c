import { Failed, Unanswered } from './errors';
import type { Code } from './errors';
import type { TypedDocumentString } from './generated/graphql';
import type { Phone } from './phone';

/** How one request is sent. */
export interface Sending {
  /** Whose it is; without one it is nobody's. */
  accessToken?: string;
  /** In milliseconds; otherwise that of app.json. */
  timeout?: number;
}

interface Answer<Result> {
  data?: Result | null;
  errors?: { message: string; extensions?: { code?: Code; requestId?: string } }[];
}

/** Sends documents and reads their answers. */
export class Wire {
  constructor(
    private readonly phone: Phone,
    private readonly server: string,
  ) {}

  /**
   * Runs one document. Fields that the caller may not see come as null; an error without any data, or that
   * the token is worth nothing, is thrown.
   */
  async send<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    sending: Sending = {},
  ): Promise<Result> {
    const header: Record<string, string> = { 'content-type': 'application/json', 'accept-language': 'zh-CN' };
    if (sending.accessToken) header['authorization'] = `Bearer ${sending.accessToken}`;
    const body = { query: document.toString(), variables };
    const reply = await this.phone.post(`${this.server}/graphql`, body, header, sending.timeout);
    const answer = reply.data as Answer<Result> | null;
    // Such as the page of a gateway on the way.
    if (typeof answer !== 'object' || answer === null) throw new Unanswered(`status ${reply.status}`);
    const errors = answer.errors ?? [];
    const worst = errors.find((error) => error.extensions?.code === 'UNAUTHENTICATED') ?? errors[0];
    if (worst && (!answer.data || worst.extensions?.code === 'UNAUTHENTICATED')) {
      throw new Failed(worst.extensions?.code ?? 'INTERNAL', worst.message, worst.extensions?.requestId);
    }
    if (!answer.data) throw new Unanswered(`status ${reply.status}`);
    return answer.data;
  }
}
