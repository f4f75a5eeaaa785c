import { createRequire } from 'node:module';
import path from 'node:path';

import { draw, textOf } from './markup';
import type { StandIn } from './stand-in';

const load = createRequire(__filename);
const PROGRAM = path.resolve(__dirname, '../miniprogram');

/** A page as WeChat runs it: its data, the functions that its events call, and what can be read on it. */
export type Shown = Record<string, any> & { data: any; text(): string };

/** Starts the program anew, with `wechat` in WeChat's place; what the phone keeps stays. */
export function start(wechat: StandIn) {
  for (const file of Object.keys(load.cache)) if (file.startsWith(PROGRAM)) delete load.cache[file];
  let page: Record<string, any> = {};
  Object.assign(globalThis, {
    wx: wechat.wx,
    App: (app: { onLaunch(): void }) => app.onLaunch(),
    Page: (options: Record<string, any>) => {
      page = options;
    },
  });
  load(path.join(PROGRAM, 'app.js'));

  /** A page as it is written, not opened. */
  function written(name: string): Record<string, any> {
    const file = path.join(PROGRAM, `${name}.js`);
    delete load.cache[file];
    load(file);
    return page;
  }

  /** Opens a page as WeChat does. */
  async function open(name: string, query: Record<string, string> = {}): Promise<Shown> {
    const options = written(name);
    const shown: Shown = { ...options, data: structuredClone(options['data']), setData, text: () => textOf(draw(name, shown.data)) };
    await shown['onLoad']?.(query);
    await shown['onShow']?.();
    return shown;
  }
  return { written, open };
}

/** Understands the two forms of keys that the pages use: `name` and `rows[0].name`. */
function setData(this: Shown, change: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) throw new Error(`WeChat doesn't set ${key} to undefined`);
    const steps = key.replace(/\[(\d+)\]/g, '.$1').split('.');
    const last = steps.pop() ?? '';
    let at = this.data;
    for (const step of steps) at = at[step];
    at[last] = value;
  }
}

/** The event of a form that was submitted. */
export const submitted = (value: Record<string, unknown>) => ({ detail: { value } });
