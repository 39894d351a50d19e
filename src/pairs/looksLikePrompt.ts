/** Where a prompt may end: after a sentence, a colon, or a line. */
const textEnd = /[?!.:;…]["')\]}>]*(?=\s|$)|[。？！：；]|\n/gu;
/** Two answers may share a shorter start by accident, such as "I am sorry." */
const leastCharacters = 8;
/** Two answers do not share a start of this length by accident, wherever it ends. */
const evidentCharacters = 80;

/**
 * Whether the shared start of two texts contains a prompt: at least 8 characters up to a place where a prompt may end,
 * or at least 80 characters.
 *
 * @param start the text that both answers begin with
 */
export function looksLikePrompt(start: string): boolean {
  const text = start.trim();
  if (text.length >= evidentCharacters) return true;
  // A line feed after the text ends it too.
  const upToSpace = start.trimStart().slice(0, text.length + 1);
  const end = [...upToSpace.matchAll(textEnd)].at(-1);
  return end !== undefined && upToSpace.slice(0, end.index + end[0].length).trim().length >= leastCharacters;
}
