const sentenceEnd = /[.!?…。！？][)"'”’»\]]*$/u;
const sentenceInside = /[.!?。！？]\s/u;
const openEnd = /[\p{L},]$/u;

/**
 * Whether an answer seems to be cut off: a code block that is not closed, or prose of whole sentences that ends inside
 * one while the other answer does end a sentence. A guess, for hints only.
 */
export function looksTruncated(text: string, other: string): boolean {
  const end = text.trimEnd();
  if ((end.match(/^```/gm)?.length ?? 0) % 2 === 1) return true;
  const lastLine = end.slice(end.lastIndexOf('\n') + 1);
  return openEnd.test(end) && sentenceInside.test(lastLine) && sentenceEnd.test(other.trimEnd());
}
