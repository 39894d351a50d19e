/** Milliseconds of the first wait if a server names none. Each further one is twice as long. */
const firstMs = 1000;

/**
 * How long a server asks to wait, in milliseconds: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3).
 *
 * @param header null: it names no time
 * @param attempt from 0
 * @param now milliseconds since 1970
 */
export function waitMs(header: string | null, attempt: number, now: number): number {
  const given = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(given)) return Number(given) * 1000;
  const date = given === '' ? Number.NaN : Date.parse(given);
  return Number.isNaN(date) ? firstMs * 2 ** attempt : Math.max(0, date - now);
}
