import path from 'node:path';

/** Where the pages are written. */
export const ROOT = path.resolve(__dirname, '../../miniprogram');

/** What WeChat draws. */
export type Drawn = string | { tag: string; attr: Record<string, unknown>; children: Drawn[] };

// WeChat's own compiler of WXML, which refuses what isn't well-formed. Its outcome is a function's body.
const { wxmlToJs } = require('miniprogram-compiler') as { wxmlToJs(root: string): string };
const compiled = new Function('window', '__wxAppCode__', wxmlToJs(ROOT))({}) as (
  file: string,
) => (data: object) => Drawn;

/** Draws a page's WXML with its data. */
export function draw(name: string, data: object): Drawn {
  return compiled(`${name}.wxml`)(data);
}

/** What can be read of it. */
export function textOf(drawn: Drawn): string {
  return typeof drawn === 'string' ? drawn : drawn.children.map(textOf).join(' ');
}
