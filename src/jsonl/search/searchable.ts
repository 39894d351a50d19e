import { must } from '../../base/pure/must';

/**
 * The form of a row's text in which words are searched: in lower case, with the common escapes of JSON decoded, because
 * words in other scripts are often written as \u escapes. Line breaks and tabs count as spaces.
 *
 * @example searchable('{"a": "Gr\\u00fcn\\nund"}') → '{"a": "grün und"}'
 */
export function searchable(text: string): string {
  if (!text.includes('\\')) return text.toLowerCase();
  const read = text.replaceAll(
    /\\u([0-9a-fA-F]{4})|\\([nrt"\\/])/g,
    (_, hex: string | undefined, one: string | undefined) =>
      hex !== undefined
        ? String.fromCharCode(Number.parseInt(hex, 16))
        : one === 'n' || one === 'r' || one === 't'
          ? ' '
          : must(one, 'the character of an escape'),
  );
  return read.toLowerCase();
}
