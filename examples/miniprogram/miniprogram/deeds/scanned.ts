import { base64 } from './base64';

/** What a scan has shown. */
export type Scanned =
  /** The code in the room, of this moment. */
  | { kind: 'code'; qr: string }
  /** The code at a shift of volunteers, of this moment: for who comes, and for who leaves. */
  | { kind: 'shiftCode'; qr: string }
  /** The way to one thing's page, without proof of being there. */
  | { kind: 'activity' | 'project' | 'shift'; id: string }
  | { kind: 'unknown' };

const CODE = /(?:^|[/?&=#])(zh([bs])1\.[A-Za-z0-9_-]+)(?=$|[/?&#])/;
const LINK = /\/open\/([aps]\.[A-Za-z0-9_-]{22})(?=$|[/?&#])/;
const SCENE = /^([aps])\.([A-Za-z0-9_-]{22})$/;

/** Whose page a scene's letter opens, and what the server calls that. */
const PAGES: Record<string, ['activity' | 'project' | 'shift', string]> = {
  a: ['activity', 'Activity'],
  p: ['project', 'VolunteerProject'],
  s: ['shift', 'VolunteerShift'],
};

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

/** Reads a QR code's text: the code of the moment, a link that holds it, or the link to a page. */
function readText(text: string): Scanned {
  const [, qr, room] = CODE.exec(text.trim()) ?? [];
  if (qr !== undefined) return { kind: room === 's' ? 'shiftCode' : 'code', qr };
  const scene = LINK.exec(text.trim())?.[1];
  return scene === undefined ? { kind: 'unknown' } : readScene(scene);
}

/** A letter and the thing's UUID in base64url: the whole id doesn't fit into WeChat's 32 characters. */
function readScene(scene: string): Scanned {
  const [, letter = '', short = ''] = SCENE.exec(decoded(scene)) ?? [];
  const page = PAGES[letter];
  if (page === undefined) return { kind: 'unknown' };
  const [kind, name] = page;
  const uuid = base64.read(short).map((byte) => byte.toString(16).padStart(2, '0'));
  const text = `${name}:${uuid.join('')}`;
  return { kind, id: base64.write([...text].map((letter) => letter.charCodeAt(0))) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
