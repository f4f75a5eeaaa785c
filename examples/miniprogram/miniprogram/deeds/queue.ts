import type { QueuedActionInput, SendQueuedInput, SendQueuedMutation } from '../api/generated/graphql';
import type { Phone } from '../api/phone';

const QUEUE = 'queue';
/** As many as the server takes at once; what is left goes with the next. */
const AT_ONCE = 100;

type Done = Extract<SendQueuedMutation['sendQueued'], { __typename: 'SendQueuedDone' }>;

/** What became of one action. */
export type Answer = Done['answers'][number];

interface Waiting {
  accountId: string;
  action: QueuedActionInput;
}

/**
 * What was done without signal, in its order. Each action stands here until the server has said what became of
 * it, so that nothing is lost; and it keeps its id, so that nothing is done twice.
 */
export class Queue {
  constructor(
    private readonly phone: Phone,
    private readonly send: (input: SendQueuedInput) => Promise<Answer[]>,
  ) {}

  add(accountId: string, action: QueuedActionInput): void {
    this.phone.keep(QUEUE, [...this.all(), { accountId, action }]);
  }

  /** How many actions of this account wait. */
  count(accountId: string): number {
    return this.of(accountId).length;
  }

  /** Sends what waits of this account, and tells what became of it. Never two at a time. */
  async flush(accountId: string): Promise<Answer[]> {
    const actions = this.of(accountId).slice(0, AT_ONCE);
    if (actions.length === 0) return [];
    // The phone's clock as it is now: the server reckons by it how wrong it was at the deed.
    const answers = await this.send({ sentAt: this.phone.now().toISOString(), actions });
    const settled = answers.filter((answer) => !answer.error?.retry);
    const ids = new Set(settled.map((answer) => answer.clientActionId));
    const left = this.all().filter(({ action }) => !ids.has(action.clientActionId));
    this.phone.keep(QUEUE, left);
    return settled;
  }

  private of(accountId: string): QueuedActionInput[] {
    return this.all().flatMap((one) => (one.accountId === accountId ? [one.action] : []));
  }

  private all(): Waiting[] {
    return this.phone.read(QUEUE) ?? [];
  }
}
