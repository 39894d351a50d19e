/** What tools write for a good answer, with what they write for a bad one. */
const words = [
  ['true', 'false'],
  ['yes', 'no'],
  ['good', 'bad'],
  ['desirable', 'undesirable'],
  ['chosen', 'rejected'],
  ['like', 'dislike'],
  ['up', 'down'],
  ['1', '0'],
] as const;

/** Whether a label says that an answer is good; null if it is not a known label. Numbers are 1 and 0. */
export function labelOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string' && value !== 1 && value !== 0) return null;
  const text = String(value).trim().toLowerCase();
  if (words.some(([good]) => good === text)) return true;
  return words.some(([, bad]) => bad === text) ? false : null;
}

/** A label in the way in which `before` is written. */
export function labelLike(before: unknown, label: boolean): unknown {
  if (labelOf(before) === label) return before;
  if (typeof before === 'number') return label ? 1 : 0;
  if (typeof before !== 'string') return label;
  const text = before.trim().toLowerCase();
  const pair = words.find((one) => one.some((word) => word === text));
  const word = pair === undefined ? String(label) : pair[label ? 0 : 1];
  return /^[A-Z]/.test(before.trim()) ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
