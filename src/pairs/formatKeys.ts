import type { Format } from './formats/format';
import type { AnsweredRow } from './readPair';

/** The keys of a row that its format reads. */
export function formatKeys({ format, value }: Pick<AnsweredRow, 'format' | 'value'>): readonly string[] {
  return format.keysIn ? format.keysIn(value) : format.keys;
}

/** The keys that lead to the tools of its rows; null if a format has no place for them. */
export function toolsPath({ keys, toolsAt }: Pick<Format, 'keys' | 'toolsAt'>): readonly string[] | null {
  return toolsAt ?? (keys.includes('tools') ? ['tools'] : null);
}
