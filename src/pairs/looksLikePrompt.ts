/** A text may end here: the end of a sentence, a colon, or a line. */
const textEnd = /[?!.:;…]["')\]}>]*(?=\s|$)|[。？！：；]|\n/gu;
/** Shorter starts are words that answers share by chance: "I am sorry." */
const leastCharacters = 8;
/** A start this long is no chance, wherever it ends. */
const evidentCharacters = 80;

/** Whether the common start of two texts holds what looks like a prompt: long enough, up to where a text may end. */
export function looksLikePrompt(start: string): boolean {
  const text = start.trim();
  if (text.length >= evidentCharacters) return true;
  // A line feed behind the text is an end of it too.
  const upToSpace = start.trimStart().slice(0, text.length + 1);
  const end = [...upToSpace.matchAll(textEnd)].at(-1);
  return end !== undefined && upToSpace.slice(0, end.index + end[0].length).trim().length >= leastCharacters;
}
