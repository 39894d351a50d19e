import { lineText, utf8Text, withoutLineEnd } from './lineText';

const lf = 10;

/**
 * The texts of whole lines without their line ends. All of them are converted at once, which is several times as fast
 * as one by one. Each text keeps the text of all of them in memory.
 *
 * @param bytes lines as they are in a file; the last one may lack its line end
 */
export function lineTexts(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return [];
  const all = utf8Text(bytes);
  if (all === null) return eachLine(bytes).map((line) => lineText(withoutLineEnd(line)));
  const texts = all.split('\n');
  if (texts.at(-1) === '') texts.pop();
  // Only the CR before an LF belongs to a line end.
  const ended = bytes.at(-1) === lf ? texts.length : texts.length - 1;
  return all.includes('\r')
    ? texts.map((text, i) => (i < ended && text.endsWith('\r') ? text.slice(0, -1) : text))
    : texts;
}

/** The bytes of each line, with its line end. */
function eachLine(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(lf, start);
    const next = end < 0 ? bytes.length : end + 1;
    lines.push(bytes.subarray(start, next));
    start = next;
  }
  return lines;
}
