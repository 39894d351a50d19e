import { MarginError } from './marginError';

/**
 * A value that must be there: its absence is a fault in Margin, not in a person's file.
 *
 * @param what names the value, as in `the gradient of lora_A`
 * @throws MarginError `missing` for null and undefined
 */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new MarginError('missing', `${what} is missing`);
  return value;
}

/**
 * The item of a list at an index that must be inside it.
 *
 * @throws MarginError `missing` with the index and the length
 */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const value = list[index];
  if (value === undefined) throw new MarginError('missing', `Item ${index} of a list of ${list.length} is missing`);
  return value;
}
