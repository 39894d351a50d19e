/** Hexadecimal digits of a key that are kept: 52 bits fit into a number exactly. */
const keyDigits = 13;

/** The first 52 bits of a pair's key (hexadecimal) as a number, to find it in tables of a million rows. */
export function keyNumber(key: string): number {
  return Number.parseInt(key.slice(0, keyDigits), 16);
}
