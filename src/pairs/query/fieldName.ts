/**
 * The names of fields, as parts of a pattern with the flags `iuy`. A dot belongs to a name only in a family, such as
 * `margin.delta`: `example.com:80` and `a.b>3` are words, and `.meta.score` is a column.
 */
const families = '(?:(?:margin|rank|logp|gap)\\.(?=\\p{L}))?';
const simple = '[\\p{L}_][\\p{L}\\p{N}_]*';

/** A name of a field that may stand here, whatever follows it. */
export const fieldName = `${families}${simple}`;

/** A name where the given pattern follows. */
export function nameBefore(following: string): RegExp {
  return new RegExp(`${fieldName}(?=${following})`, 'iuy');
}
