import type { ServiceInput } from '../../api/generated/graphql';
import { instant } from '../../view/format';

/** What the pickers hold. */
export interface When {
  date: string;
  from: string;
  to: string;
}

/** What the form holds, as the report says it. */
export function serviceOf(form: Record<string, unknown>, when: When): ServiceInput {
  const text = (name: string) => String(form[name] ?? '').trim();
  const whole = (name: string) => (text(name) === '' ? undefined : Number(text(name)));
  return {
    content: text('content'),
    place: text('place'),
    beneficiary: text('beneficiary'),
    beneficiaryCount: whole('beneficiaryCount'),
    startsAt: instant(when.date, when.from),
    endsAt: instant(nextDay(when), when.to),
    travelMinutes: whole('travelMinutes') ?? 0,
  };
}

/** The day of its end: what ends before it began went on past midnight. */
function nextDay({ date, from, to }: When): string {
  if (to > from) return date;
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}
