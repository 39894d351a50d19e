import { isRecord } from '../base/pure/isRecord';
import { at } from '../base/pure/must';
import type { Json } from './fields';

/*
 * Some parts of tokenizer.json have a different meaning in @huggingface/tokenizers than in Hugging Face's Rust library.
 * This file replaces them by parts with the same meaning in both. Most differences come from white space: in JavaScript
 * \s and trim() include U+FEFF and lack U+0085. Only in the pattern of a Split does the library correct for that.
 */

/** The pattern of a ByteLevel pre-tokenizer, from `pre_tokenizers/byte_level.rs` of the Rust library. */
const byteLevelPattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const split = (pattern: string): Json => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});
const sequence = (pretokenizers: readonly unknown[]): Json => ({ type: 'Sequence', pretokenizers });

/** Rewrites tokenizer.json so that both libraries agree. Text must first go through {@link spaceStripper}. */
export function rewriteDefinition(definition: Json): Json {
  const added = addedTokens(definition).map((token) => ({ ...token, lstrip: false, rstrip: false }));
  return { ...definition, pre_tokenizer: rewriteStep(definition.pre_tokenizer), added_tokens: added };
}

function rewriteStep(step: unknown): unknown {
  if (!isRecord(step)) return step;
  if (step.type === 'Sequence' && Array.isArray(step.pretokenizers))
    return sequence(step.pretokenizers.map(rewriteStep));
  if (step.type === 'ByteLevel' && step.use_regex !== false)
    return sequence([split(byteLevelPattern), { ...step, use_regex: false }]);
  // The Rust library uses `char::is_numeric`, which includes ½ and Ⅻ.
  if (step.type === 'Digits') return split(step.individual_digits === true ? '\\p{N}' : '\\p{N}+');
  return step;
}

/**
 * A function that removes the white space which added tokens strip: to their left (`lstrip`) and right (`rstrip`).
 *
 * @example
 *   // with { content: '<m>', lstrip: true }
 *   stripSpace('a <m> b'); // 'a<m> b'
 */
export function spaceStripper(definition: Json): (text: string) => string {
  const tokens = new Map(
    addedTokens(definition).flatMap((token) =>
      typeof token.content === 'string' && token.content !== '' ? [[token.content, token] as const] : [],
    ),
  );
  if (![...tokens.values()].some(stripsSpace)) return (text) => text;
  const separator = separatorOf([...tokens.keys()]);
  return (text) => {
    // Text and tokens alternate: parts 1, 3, 5, … are tokens.
    const parts = text.split(separator);
    for (let i = 1; i < parts.length; i += 2) {
      const token = tokens.get(at(parts, i));
      if (token?.lstrip === true) parts[i - 1] = at(parts, i - 1).replace(/\p{White_Space}+$/u, '');
      if (token?.rstrip === true) parts[i + 1] = at(parts, i + 1).replace(/^\p{White_Space}+/u, '');
    }
    return parts.join('');
  };
}

/** Whether an added token strips the white space next to it. */
export const stripsSpace = ({ lstrip, rstrip }: Json): boolean => lstrip === true || rstrip === true;

/** The entries of `added_tokens` in tokenizer.json. */
export const addedTokens = ({ added_tokens: added }: Json): Json[] =>
  Array.isArray(added) ? added.filter(isRecord) : [];

/**
 * A pattern that matches any of these strings, the longest first where several match. It has a group, so `split` keeps
 * the matches.
 */
export function separatorOf(contents: readonly string[]): RegExp {
  return new RegExp(
    `(${contents
      .toSorted((a, b) => b.length - a.length)
      .map(escaped)
      .join('|')})`,
    'u',
  );
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
