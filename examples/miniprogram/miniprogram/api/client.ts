import { Failed } from './errors';
import type { TypedDocumentString } from './generated/graphql';
import type { Phone } from './phone';
import type { Session } from './session';
import type { Wire } from './wire';

/** Runs documents in the name of who is signed in. */
export class Client {
  constructor(
    private readonly phone: Phone,
    private readonly wire: Wire,
    private readonly session: Session,
  ) {}

  /**
   * Tries twice where the token has come to its end or the server has too much to do. All that this program
   * sends may be sent twice: it is a question, says which version it changes, or has an id of its own.
   */
  async run<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const accessToken = await this.session.token();
    const send = (token: string) => this.wire.send(document, variables, { accessToken: token });
    try {
      return await send(accessToken);
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      switch (error.code) {
        case 'UNAUTHENTICATED':
          return send(await this.session.renewed(accessToken));
        case 'OVERLOADED':
        case 'UNAVAILABLE':
          // At random, so that a whole room doesn't come back at the same moment.
          await this.phone.pause(300 + Math.random() * 1200);
          return send(accessToken);
        default:
          throw error;
      }
    }
  }
}
