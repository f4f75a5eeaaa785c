import { Client } from '../miniprogram/api/client';
import { phoneOf, type Phone } from '../miniprogram/api/phone';
import { Session } from '../miniprogram/api/session';
import { Wire } from '../miniprogram/api/wire';
import { Deeds } from '../miniprogram/deeds/deeds';
import { signedIn, StandIn } from './stand-in';

/** The program around a stand-in of WeChat that knows the person, with a clock that stands still. */
export function program() {
  const wechat = new StandIn();
  wechat.answers = { SignInByWeChat: () => ({ signInByWeChat: signedIn() }) };
  const time = { now: new Date('2026-11-22T11:00:00Z') };
  const phone: Phone = { ...phoneOf(wechat.wx), now: () => time.now, pause: async () => undefined };
  const wire = new Wire(phone, 'http://server');
  const session = new Session(phone, wire, 'wx0');
  const client = new Client(phone, wire, session);
  return { wechat, time, session, client, deeds: new Deeds(phone, client, session) };
}
