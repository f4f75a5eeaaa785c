import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { NO_SIGNAL, StandIn } from './stand-in';

export interface Account {
  phone: string;
  password: string;
  role: string;
  unitId: string;
  memberId: string;
}

/** A running `zhibu demo`. */
export interface Demo {
  url: string;
  member: Account;
  secretary: Account;
  /** Everybody who can sign in. */
  accounts: Account[];
  /** The Party day that is open now. */
  activity: string;
  stop(): Promise<void>;
}

/** Which mini-program the demo's stand-in for WeChat knows. */
const APP_ID = 'touristappid';

/** A port that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Starts the program at `binary` with a demo of its own: in a file, or in the empty PostgreSQL database at `url`. */
export async function demo(binary: string, url: string | undefined): Promise<Demo> {
  const dir = mkdtempSync(path.join(tmpdir(), 'zhibu-walk-'));
  // Its links name the port.
  const there = ['--dir', dir, '--listen', `127.0.0.1:${await freePort()}`, '--wechat-appid', APP_ID];
  const elsewhere = url === undefined ? [] : ['--database-url', url];
  const server = spawn(binary, ['demo', ...there, ...elsewhere], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => server.kill());
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const said: Record<string, string> = {};
  for await (const line of createInterface({ input: server.stdout })) {
    const [, word, rest] = /^\s+(GraphiQL|member|secretary)\s+(\S+)/.exec(line) ?? /^(A Party day is open now): (\S+)/.exec(line) ?? [];
    if (word && rest) said[word] = rest;
    if (word?.startsWith('A Party day')) break;
  }
  const accounts: Account[] = JSON.parse(readFileSync(path.join(dir, 'accounts.json'), 'utf8'));
  const of = (role: string): Account => {
    const account = accounts.find(({ phone }) => phone === said[role]);
    if (!account) throw new Error(`the demo has no ${role}: ${JSON.stringify(said)}`);
    return account;
  };
  return {
    url: said['GraphiQL'] ?? '',
    member: of('member'),
    secretary: of('secretary'),
    accounts,
    activity: said['A Party day is open now'] ?? '',
    stop: async () => {
      server.stdout.resume();
      server.kill();
      await ended;
      rmSync(dir, { recursive: true });
    },
  };
}

/** Sends a document as another app would, and answers its data. */
export async function ask(url: string, query: string, input: object, token?: string): Promise<any> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token) headers['authorization'] = `Bearer ${token}`;
  const body = JSON.stringify({ query, variables: { input } });
  const answer = await (await fetch(url, { method: 'POST', headers, body })).json() as any;
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

/** WeChat around the program, on somebody's phone, whose requests go to a server. */
export class Phone extends StandIn {
  override appId = APP_ID;
  signal = true;

  constructor(
    private readonly url: string,
    private readonly holder: Account,
  ) {
    super();
  }

  /** A code that the demo takes as the holder's. */
  protected override loginCode(): string {
    return `${this.holder.phone}-${++this.logins}`;
  }

  /** What `getPhoneNumber` answers, to be taken as of this number. */
  phoneCode(number = this.holder.phone): { detail: { code: string } } {
    return { detail: { code: `${number}-phone-${++this.logins}` } };
  }

  protected override async respond(option: any): Promise<unknown> {
    const operation = /(?:query|mutation) (\w+)/.exec(option.data.query)?.[1] ?? '';
    this.asked.push({ operation, variables: option.data.variables, input: option.data.variables.input, header: option.header });
    if (!this.signal) return NO_SIGNAL;
    const reply = await fetch(this.url, { method: 'POST', headers: option.header, body: JSON.stringify(option.data) });
    return reply.json();
  }
}
