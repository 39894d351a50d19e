import type { AnsweredRow } from './readPair';

/** The keys of a row that its format reads. */
export function formatKeys({ format, value }: AnsweredRow): readonly string[] {
  return format.keysIn ? format.keysIn(value) : format.keys;
}
