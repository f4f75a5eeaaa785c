import type { ErrorCode } from './generated/graphql';

/** No answer came: it may have been done or not. */
export class Unanswered extends Error {
  constructor(reason: string) {
    super('网络不可用，请稍后再试。');
    this.name = `Unanswered (${reason})`;
  }
}

/** A code of the server; a newer one may know more. */
export type Code = ErrorCode | (string & {});

/** The server's error: everything that isn't an operation's own "no". Its message is for people. */
export class Failed extends Error {
  constructor(
    readonly code: Code,
    message: string,
    readonly requestId?: string,
  ) {
    super(message);
  }
}

/** WeChat's answer that nobody is bound to this phone yet. */
export interface Ticket {
  bindingTicket: string;
  validUntil: string;
}

/** Nobody is signed in, and only the person can change that. */
export class NotSignedIn extends Error {
  constructor(
    message: string,
    readonly ticket?: Ticket,
  ) {
    super(message);
  }
}

const PASSING: Code[] = ['OVERLOADED', 'UNAVAILABLE', 'RATE_LIMITED', 'REQUEST_TIMEOUT'];

/** Whether the same may succeed later. */
export function isPassing(error: unknown): boolean {
  return error instanceof Unanswered || (error instanceof Failed && PASSING.includes(error.code));
}

/** What to show the person. */
export function sentence(error: unknown): string {
  if (error instanceof Failed && error.code === 'INTERNAL' && error.requestId) {
    return `${error.message}（${error.requestId}）`;
  }
  return error instanceof Error ? error.message : '出错了，请稍后再试。';
}
