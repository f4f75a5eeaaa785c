import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { draw, ROOT, textOf } from './markup';
import { start } from './pages';
import { StandIn } from './stand-in';

const app = JSON.parse(readFileSync(path.join(ROOT, 'app.json'), 'utf8'));
const pages: string[] = app.pages;
const markup = (name: string) => readFileSync(path.join(ROOT, `${name}.wxml`), 'utf8');

for (const name of pages) {
  test(`${name}: its files, and a readable title`, () => {
    for (const end of ['.ts', '.wxml', '.json']) assert.ok(existsSync(path.join(ROOT, name + end)), end);
    const settings = JSON.parse(readFileSync(path.join(ROOT, `${name}.json`), 'utf8'));
    assert.match(settings.navigationBarTitleText, /\p{Script=Han}/u);
  });

  test(`${name}: is drawn before anything has come`, () => {
    const text = textOf(draw(name, start(new StandIn()).written(name)['data']));
    assert.doesNotMatch(text, /undefined|null|NaN|\[object/);
  });

  test(`${name}: what it calls and shows exists`, () => {
    const page = start(new StandIn()).written(name);
    for (const [, handler] of markup(name).matchAll(/ bind[a-z]+="([^"]*)"/g)) {
      assert.equal(typeof page[handler ?? ''], 'function', handler);
    }
    for (const [, expression] of markup(name).matchAll(/\{\{(.*?)\}\}/gs)) {
      const words = (expression ?? '').replace(/'[^']*'/g, '').matchAll(/(?<![.\w])[a-z]\w*/gi);
      for (const [word] of words) {
        assert.ok(['item', 'index', 'true', 'false'].includes(word) || word in page['data'], `${word} in ${expression}`);
      }
    }
  });

  test(`${name}: every link leads to a page, every class has its rules`, () => {
    for (const [, url] of markup(name).matchAll(/ url="\/([^"?]*)/g)) assert.ok(pages.includes(url ?? ''), url);
    const styles = readFileSync(path.join(ROOT, 'app.wxss'), 'utf8');
    for (const [, classes] of markup(name).matchAll(/ class="([^"]*)"/g)) {
      const fixed = (classes ?? '').replace(/\{\{.*?\}\}/g, ' ').split(/\s+/).filter(Boolean);
      const chosen = [...(classes ?? '').matchAll(/\? '(\w*)' : '(\w*)'/g)].flatMap(([, a, b]) => [a, b]).filter(Boolean);
      for (const one of [...fixed, ...chosen]) assert.match(styles, new RegExp(`\\.${one}\\b`), one);
    }
  });
}

test('the colours of the bar stand in the theme, by light and by dark', () => {
  const theme = JSON.parse(readFileSync(path.join(ROOT, app.themeLocation), 'utf8'));
  for (const value of Object.values<string>(app.window)) {
    if (!value.startsWith('@')) continue;
    for (const mode of ['light', 'dark']) assert.ok(theme[mode][value.slice(1)], `${value} by ${mode}`);
  }
});
