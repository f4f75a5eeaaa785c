import type { Client } from '../api/client';
import { Failed } from '../api/errors';
import { ReportSubscribeConsentDocument, SubscribeTemplatesDocument } from '../api/generated/graphql';

/** As many as WeChat asks for at once. */
const AT_ONCE = 5;

/** The templates to ask consent for; none of a server that sends no messages through WeChat. */
export async function templates(client: Client): Promise<string[]> {
  try {
    const { subscribeTemplates } = await client.run(SubscribeTemplatesDocument, {});
    return subscribeTemplates.slice(0, AT_ONCE).map((template) => template.id);
  } catch (error) {
    if (error instanceof Failed) return [];
    throw error;
  }
}

/**
 * Asks whether WeChat may bring messages, and tells the server: each consent is good for one. Only from a tap,
 * and at once: WeChat doesn't ask otherwise.
 */
export async function askConsent(wx: WechatMiniprogram.Wx, client: Client, tmplIds: string[]): Promise<boolean> {
  const answer: Record<string, unknown> = await wx.requestSubscribeMessage({ tmplIds }).catch(() => ({}));
  const results = tmplIds
    .filter((templateId) => typeof answer[templateId] === 'string')
    // Also `acceptWithAudio` and the like.
    .map((templateId) => ({ templateId, accepted: String(answer[templateId]).startsWith('accept') }));
  if (results.length > 0) await client.run(ReportSubscribeConsentDocument, { input: { results } });
  return results.some((result) => result.accepted);
}
