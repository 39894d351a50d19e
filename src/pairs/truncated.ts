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
