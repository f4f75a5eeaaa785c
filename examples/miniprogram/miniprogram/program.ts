import { Client } from './api/client';
import { phoneOf } from './api/phone';
import { Session } from './api/session';
import { Wire } from './api/wire';
import { DISTRICT, SERVERS } from './config';
import { Deeds } from './deeds/deeds';

const { appId, envVersion } = wx.getAccountInfoSync().miniProgram;
const phone = phoneOf(wx);
const wire = new Wire(phone, SERVERS[envVersion]);

/** Who is signed in. */
export const session = new Session(phone, wire, appId, DISTRICT);
/** Asks the server. */
export const client = new Client(phone, wire, session);
/** Does what may have to wait for signal. */
export const deeds = new Deeds(phone, client, session);
