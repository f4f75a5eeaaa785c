import { base64 } from './base64';

/** What a scan has shown. */
export type Scanned =
  /** The code in the room, of this moment. */
  | { kind: 'code'; qr: string }
  /** The way to one activity, without proof of being there. */
  | { kind: 'activity'; activityId: string }
  | { kind: 'unknown' };

const CODE = /(?:^|[/?&=#])(zhb1\.[A-Za-z0-9_-]+)(?=$|[/?&#])/;
const SCENE = /^a\.([A-Za-z0-9_-]{22})$/;

/** Reads what `wx.scanCode` found: a QR code's text, or the path of a mini-program code. */
export function readScan(found: { result?: string; path?: string }): Scanned {
  const scene = /[?&]scene=([^&]*)/.exec(found.path ?? '')?.[1];
  return scene === undefined ? readText(found.result ?? '') : readScene(scene);
}

/** Reads how the page was opened: by a mini-program code, or by a plain link that WeChat knows as ours. */
export function readQuery(query: { scene?: string; q?: string }): Scanned {
  if (query.scene) return readScene(query.scene);
  return readText(decoded(query.q ?? ''));
}

/** Reads a QR code's text: the code itself, or a link that holds it. */
function readText(text: string): Scanned {
  const qr = CODE.exec(text.trim())?.[1];
  return qr === undefined ? { kind: 'unknown' } : { kind: 'code', qr };
}

/** `a.` and the activity's UUID in base64url: the whole id doesn't fit into WeChat's 32 characters. */
function readScene(scene: string): Scanned {
  const short = SCENE.exec(decoded(scene))?.[1];
  if (short === undefined) return { kind: 'unknown' };
  const uuid = base64.read(short).map((byte) => byte.toString(16).padStart(2, '0'));
  const text = `Activity:${uuid.join('')}`;
  return { kind: 'activity', activityId: base64.write([...text].map((letter) => letter.charCodeAt(0))) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
