const sentenceEnd = /[.!?…。！？][)"'”’»\]]*$/u;
const sentenceInside = /[.!?。！？]\s/u;
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
  if ([...end.matchAll(/^```/gm)].length % 2 === 1) return true;
  const lastLine = end.slice(end.lastIndexOf('\n') + 1);
  return openEnd.test(end) && sentenceInside.test(lastLine) && sentenceEnd.test(other.trimEnd());
}
