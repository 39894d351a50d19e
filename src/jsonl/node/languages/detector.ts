import { eld } from 'eld/medium';

/**
 * The bundle `languages.js`: Nito-ELD with its database of 2 MB. Only {@link languageOf} loads it, when it is asked
 * first.
 *
 * @returns the ISO 639-1 code of the language of a prose; null if that is not certain
 */
export function detect(prose: string): string | null {
  const found = eld.detect(prose);
  return found.isReliable() ? found.language : null;
}
