import type { FormKey } from '../../src/run/formTypes';

/** Whether a key has all words of a search in its name, values or help. Case, spaces and underscores do not matter. */
export function fitsSearch({ name, text, type }: FormKey, search: string): boolean {
  const words = 'of' in type ? type.of.join(' ') : '';
  const place = plain(`${name} ${name.replaceAll('_', '')} ${words} ${text}`);
  return plain(search)
    .split(' ')
    .every((word) => place.includes(word));
}

const plain = (text: string): string => text.toLowerCase().replaceAll('_', ' ').trim();
