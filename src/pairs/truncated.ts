const sentenceEnd = /[.!?…。！？][)"'”’»\]]*$/u;
const sentenceInside = /[.!?。！？]\s/u;
/** Characters that hold the end of a sentence, with any brackets and quotes after it. */
const tail = 100;
/** The end of most answers, which {@link openEnd} does not match. A pattern without classes of Unicode is quicker. */
const asciiEnd = /[.!?)"'`:;*\]}>0-9]/;
const openEnd = /[\p{L},]$/u;

/**
 * Whether an answer seems to be cut off: its last code block is not closed, or its last line has complete sentences but
 * ends inside one, while the other answer ends with a sentence. This is a guess, for hints only.
 *
 * @param text the answer
 * @param other the other answer
 */
export function looksTruncated(text: string, other: string): boolean {
  const end = text.trimEnd();
  if (end.includes('```') && [...end.matchAll(/^```/gm)].length % 2 === 1) return true;
  // The patterns match only at the end, and searching the whole text would be slow.
  if (asciiEnd.test(end.slice(-1)) || !openEnd.test(end.slice(-2))) return false;
  const lastLine = end.slice(end.lastIndexOf('\n') + 1);
  return sentenceInside.test(lastLine) && sentenceEnd.test(other.trimEnd().slice(-tail));
}

/** Whether the last UTF-16 unit of a text, without white space, may be the end of a text that was cut off. */
export function endsOpen(unit: number): boolean {
  if (unit < 0x80) return openUnits.has(unit);
  return (unit >= 0xd800 && unit < 0xe000) || openEnd.test(String.fromCharCode(unit));
}

/** Whether a unit may be the last one of a sentence. */
export function mayEndSentence(unit: number): boolean {
  return sentenceUnits.has(unit);
}

const openUnits = new Set(
  Array.from({ length: 0x80 }, (_, unit) => unit).filter((unit) => openEnd.test(String.fromCharCode(unit))),
);
const sentenceUnits = new Set(Array.from('.!?…。！？)"\'”’»]*', (char) => char.charCodeAt(0)));
