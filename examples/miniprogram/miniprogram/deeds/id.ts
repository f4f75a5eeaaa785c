/** An id that nothing else of this account has: the time, and chance. */
export function newId(now: Date): string {
  const chance = () => Math.random().toString(36).slice(2, 12);
  return `${now.getTime().toString(36)}-${chance()}${chance()}`;
}
