/** China has one civil time, whatever the phone is set to. */
const OFFSET = '+08:00';
const OFFSET_MINUTES = 8 * 60;
const DAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'];

const two = (number: number) => String(number).padStart(2, '0');

/** A moment whose UTC fields are the civil ones. */
function civil(moment: Date | string): Date {
  return new Date(new Date(moment).getTime() + OFFSET_MINUTES * 60_000);
}

/** Such as 19:00. */
export function clock(time: Date | string): string {
  const at = civil(time);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** Such as 11月22日 周日 19:00. */
export function moment(time: Date | string): string {
  const at = civil(time);
  return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${DAYS[at.getUTCDay()]} ${clock(time)}`;
}

/** Such as 2026-11-22, as a date picker wants it. */
export function day(time: Date | string): string {
  const at = civil(time);
  return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
}

/** What two pickers have chosen, as the server reads it. */
export function instant(date: string, time: string): string {
  return `${date}T${time}:00${OFFSET}`;
}

/** Such as 3小时20分. */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest}分钟`;
  return rest === 0 ? `${hours}小时` : `${hours}小时${rest}分`;
}
