const sentenceEnd = /[.!?…。！？][)"'”’»\]]*$/u;
const sentenceInside = /[.!?。！？]\s/u;
/** Characters that hold the end of a sentence, with any brackets and quotes after it. */
const tail = 100;
/**
 * The end of most answers. It never matches together with {@link openEnd}, but is quicker, because it has no classes of
 * Unicode.
 */
const asciiEnd = /[.!?)"'`:;*\]}>0-9]/;
const openEnd = /[\p{L},]$/u;

/** The number or bullet of an item of a list. Its full stop ends no sentence. */
const listMark = /^\s*(?:\(?(?:\d{1,3}|[ivxIVX]{1,5})[.)]{1,2}|[-*•])\s+/;
const address = /:\/\/\S*$/;
/** Letters of scripts whose words are not in {@link openWords}. */
const otherLetter = /[^\p{Script=Latin},]$/u;
/** A pronoun after these words ends most sentences that it ends. */
const closed = /\b(?:for|to|with|of|about|on|than) (?:you|it|that)$/iu;
const lastWord = /[\p{L}’']+$/u;

/** Words of English that end no sentence, or hardly one: articles, prepositions, conjunctions, auxiliaries. */
const openWords: ReadonlySet<string> = new Set(
  (
    'a an the of to in on at for with from by into onto upon about between among against during through toward towards ' +
    'under over without within via per like than and or but nor if because although unless until while when ' +
    'where whether since so as who whom whose which what how why that is are was were am be been being has have had ' +
    'having does did do will would can could shall should may might must cannot my your his her its our their ' +
    'these those some any every each another such very more most less too also just even only not no i we they he she ' +
    'it you someone something maybe perhaps let seem seems seemed try trying going want wants need needs'
  ).split(' '),
);
/** "It’s", "you’d", "we’re", "I’ve" and "I’ll" need another word; so do "don’t" and the like, most often. */
const openContraction = /^(?:\p{L}+[’'](?:s|d|re|ve|ll|m)|\p{L}+n[’']t)$/u;

/**
 * Whether an answer seems to be cut off: its last code block is not closed, or its last line has complete sentences but
 * ends inside one, while the other answer ends with a sentence. A last sentence without a full stop is not enough,
 * because many people write none: it must end in a comma, in a word that ends no sentence, inside a quotation or
 * parentheses, or inside a word of the other answer. This is a guess, for hints only.
 *
 * @param text the answer
 * @param other the other answer
 */
export function looksTruncated(text: string, other: string): boolean {
  const end = text.trimEnd();
  if (end.includes('```') && isFenceOpen(end)) return true;
  // The patterns match only at the end, and searching the whole text would be slow.
  if (asciiEnd.test(end.slice(-1)) || !openEnd.test(end.slice(-2))) return false;
  const lastLine = end.slice(end.lastIndexOf('\n') + 1).replace(listMark, '');
  if (!sentenceInside.test(lastLine) || !sentenceEnd.test(other.trimEnd().slice(-tail))) return false;
  return endsInside(lastLine, other);
}

/** Some write a fence at the end of a line: then the number of lines that begin with one says nothing. */
function isFenceOpen(text: string): boolean {
  return [...text.matchAll(/^[ \t]*```/gm)].length % 2 === 1 && text.split('```').length % 2 === 0;
}

/** Whether a line without a full stop at its end ends inside a sentence. */
function endsInside(line: string, other: string): boolean {
  if (address.test(line)) return false;
  if (line.endsWith(',') || otherLetter.test(line) || isOpen(line, '“', '”') || isOpen(line, '(', ')')) return true;
  if (closed.test(line)) return false;
  const word = lastWord.exec(line)?.[0].toLowerCase() ?? '';
  return openWords.has(word) || openContraction.test(word) || beginsWord(word, other.toLowerCase());
}

function isOpen(line: string, opening: string, closing: string): boolean {
  return line.lastIndexOf(opening) > line.lastIndexOf(closing);
}

/** Whether a word begins a longer word of a text, and is none of its words. */
function beginsWord(word: string, text: string): boolean {
  if (word.length < 3) return false;
  const words: readonly string[] = text.match(/[\p{L}’']+/gu) ?? [];
  return !words.includes(word) && words.some((one) => one.length > word.length + 1 && one.startsWith(word));
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
