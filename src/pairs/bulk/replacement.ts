import { must } from '../../base/pure/must';

/** A part of a replacement: a text, or the group of a match by its number (0: all of it) or name. */
type Part = string | { readonly group: number | string; readonly written: string };

/** Gives the text that replaces a match. */
export type Replacer = (match: RegExpExecArray) => string;

const special = /\\([nt\\])|\$(?:(\$)|(&)|(\d{1,2})|<([^>]+)>)/g;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\' };

/**
 * Reads a replacement. For a regular expression it may hold `$1` to `$99` and `$<name>` for groups, `$&` or `$0` for
 * the whole match, `$$` for a dollar sign, and `\n`, `\t`, `\\`. A group that the pattern lacks stays as it is written.
 */
export function replacerOf(replacement: string, isRegex: boolean): Replacer {
  if (!isRegex) return () => replacement;
  const parts = partsOf(replacement);
  return (match) => parts.map((part) => (typeof part === 'string' ? part : groupText(part, match))).join('');
}

/** A text with all matches replaced. */
export function replacedText(text: string, pattern: RegExp, replacer: Replacer): string {
  let [next, end] = ['', 0];
  for (const match of text.matchAll(pattern)) {
    next += text.slice(end, match.index) + replacer(match);
    end = match.index + match[0].length;
  }
  return next + text.slice(end);
}

function partsOf(replacement: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of replacement.matchAll(special)) {
    parts.push(replacement.slice(end, found.index));
    const [written, escape, dollar, whole, number, name] = found;
    if (escape !== undefined) parts.push(must(escapes[escape], 'the character of an escape'));
    else if (dollar !== undefined) parts.push(dollar);
    else if (whole !== undefined) parts.push({ group: 0, written });
    else parts.push({ group: name ?? Number(number), written });
    end = found.index + written.length;
  }
  return [...parts, replacement.slice(end)];
}

/** A group that took no part in the match is empty. `$12` of a pattern with one group is `$1` and a 2. */
function groupText({ group, written }: Exclude<Part, string>, match: RegExpExecArray): string {
  if (typeof group === 'string') {
    const { groups } = match;
    return groups && group in groups ? (groups[group] ?? '') : written;
  }
  if (group < match.length) return match[group] ?? '';
  const tens = Math.floor(group / 10);
  return tens > 0 && tens < match.length ? (match[tens] ?? '') + written.slice(-1) : written;
}
