import type { Client } from '../api/client';
import { isPassing, NotSignedIn, Unanswered } from '../api/errors';
import {
  CheckInAtShiftDocument,
  CheckInDocument,
  CheckOutOfShiftDocument,
  ReportServiceHoursDocument,
  SendQueuedDocument,
} from '../api/generated/graphql';
import type { CheckInAtShiftInput, QueuedDeedInput, SendQueuedInput, ServiceInput } from '../api/generated/graphql';
import type { Phone } from '../api/phone';
import type { Session } from '../api/session';
import { newId } from './id';
import { Queue } from './queue';
import type { Answer } from './queue';
import { ofAnswer, ofArrival, ofCheckIn, ofLeaving, ofReport, WAITS } from './told';
import type { Told } from './told';

const INSTALLATION = 'installation';
const NEWS = 'news';
/** In milliseconds: after more than this a code may have run out on its way. */
const SLOW = 3000;

/** What its holder does with the phone, with signal or without. */
export class Deeds {
  private readonly queue: Queue;
  private catchingUp: Promise<void> | undefined;

  constructor(
    private readonly phone: Phone,
    private readonly client: Client,
    private readonly session: Session,
  ) {
    this.queue = new Queue(phone, (input) => this.send(input));
  }

  /** Checks in by the text of the scanned code. */
  checkIn(qr: string): Promise<Told> {
    const checkIn = { qr, deviceId: this.installation() };
    const scannedAt = this.phone.now();
    return this.orQueued(newId(scannedAt), { checkIn }, async () => {
      const { checkIn: answer } = await this.client.run(CheckInDocument, { input: checkIn });
      this.unlessHeldUp(answer, scannedAt);
      return ofCheckIn(answer);
    });
  }

  /** Checks in by the digits, which are worth nothing later: this needs signal. */
  async checkInByDigits(activityId: string, digits: string): Promise<Told> {
    const input = { activityId, digits, deviceId: this.installation() };
    const { checkIn } = await this.client.run(CheckInDocument, { input });
    return ofCheckIn(checkIn);
  }

  /** Comes to a shift, by the text of the code that was scanned there. */
  arrive(qr: string, scannedAt: Date, hasSkills: boolean): Promise<Told> {
    const checkInAtShift = { qr, hasSkills };
    const now = async () => {
      const { checkInAtShift: answer } = await this.client.run(CheckInAtShiftDocument, { input: checkInAtShift });
      this.unlessHeldUp(answer, scannedAt);
      return ofArrival(answer);
    };
    return this.orQueued(newId(this.phone.now()), { checkInAtShift }, now, scannedAt);
  }

  /** Comes to a shift by the digits: this needs signal. */
  async arriveByDigits(input: CheckInAtShiftInput): Promise<Told> {
    const { checkInAtShift } = await this.client.run(CheckInAtShiftDocument, { input });
    return ofArrival(checkInAtShift);
  }

  /** Leaves a shift, by the text of the code that was scanned there. */
  leave(qr: string, scannedAt: Date): Promise<Told> {
    const now = async () => {
      const { checkOutOfShift: answer } = await this.client.run(CheckOutOfShiftDocument, { input: { qr } });
      this.unlessHeldUp(answer, scannedAt);
      return ofLeaving(answer);
    };
    return this.orQueued(newId(this.phone.now()), { checkOutOfShift: { qr } }, now, scannedAt);
  }

  /** Leaves a shift by a tap: this needs signal. */
  async leaveByTap(shiftId: string): Promise<Told> {
    const { checkOutOfShift } = await this.client.run(CheckOutOfShiftDocument, { input: { shiftId } });
    return ofLeaving(checkOutOfShift);
  }

  /** Reports a service to the home unit. */
  reportHours(service: ServiceInput): Promise<Told> {
    const clientMutationId = newId(this.phone.now());
    const reportServiceHours = { clientMutationId, service };
    return this.orQueued(clientMutationId, { reportServiceHours }, async () => {
      const { reportServiceHours: answer } = await this.client.run(ReportServiceHoursDocument, {
        input: reportServiceHours,
      });
      return ofReport(answer);
    });
  }

  /** How many deeds wait for signal. */
  get waiting(): number {
    return this.session.accountId ? this.queue.count(this.session.accountId) : 0;
  }

  /** What became of deeds that had waited, until it was read. */
  get news(): Told[] {
    return this.phone.read(NEWS) ?? [];
  }

  forgetNews(): void {
    this.phone.forget(NEWS);
  }

  /** Sends what waits. Whoever asks meanwhile waits for the same. */
  catchUp(): Promise<void> {
    this.catchingUp ??= this.sendWaiting().finally(() => {
      this.catchingUp = undefined;
    });
    return this.catchingUp;
  }

  private async sendWaiting(): Promise<void> {
    if (this.waiting === 0) return;
    await this.session.token();
    // By now somebody else may be signed in: what waits of others goes on waiting.
    const accountId = this.session.accountId;
    if (!accountId) return;
    const told = (await this.queue.flush(accountId)).flatMap(ofAnswer);
    this.phone.keep(NEWS, [...this.news, ...told]);
  }

  /** What was scanned in time, and held up since, goes again with the time of the scan. */
  private unlessHeldUp(answer: { __typename: string; code?: string }, scannedAt: Date): void {
    const late = answer.code === 'CODE_EXPIRED';
    if (late && this.phone.now().getTime() - scannedAt.getTime() > SLOW) throw new Unanswered('too slow');
  }

  private async orQueued(
    id: string,
    deed: QueuedDeedInput,
    now: () => Promise<Told>,
    doneAt = this.phone.now(),
  ): Promise<Told> {
    const at = doneAt.toISOString();
    try {
      return await now();
    } catch (error) {
      const accountId = this.session.accountId;
      if (!accountId || !(isPassing(error) || error instanceof NotSignedIn)) throw error;
      this.queue.add(accountId, { clientActionId: id, at, deed });
      return WAITS;
    }
  }

  private async send(input: SendQueuedInput): Promise<Answer[]> {
    const { sendQueued } = await this.client.run(SendQueuedDocument, { input });
    if (sendQueued.__typename === 'QueuedRefused') throw new Error(sendQueued.message);
    return sendQueued.answers;
  }

  /** A name for this installation: shows organizers that several people used one phone. */
  private installation(): string {
    const known = this.phone.read<string>(INSTALLATION);
    if (known) return known;
    const made = newId(this.phone.now());
    this.phone.keep(INSTALLATION, made);
    return made;
  }
}
