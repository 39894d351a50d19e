import { isRecord } from '../base/pure/isRecord';
import type { Json } from './fields';

/*
 * What @huggingface/tokenizers computes otherwise than the Rust crate, said in terms of which both make the same. Most
 * of it is white space: in JavaScript \s and trim() have U+FEFF and lack U+0085. The library heeds that in the pattern
 * of a Split alone.
 */

/** GPT-2's rule, as the crate has it in `pre_tokenizers/byte_level.rs`. */
const byteLevelPattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const split = (pattern: string): Json => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});
const sequence = (pretokenizers: readonly unknown[]): Json => ({ type: 'Sequence', pretokenizers });

/** A tokenizer.json that means the same to both libraries, for text that {@link spaceTaker} was at. */
export function rewritten(definition: Json): Json {
  const added = addedTokens(definition).map((token) => ({ ...token, lstrip: false, rstrip: false }));
  return { ...definition, pre_tokenizer: rewrittenStep(definition.pre_tokenizer), added_tokens: added };
}

function rewrittenStep(step: unknown): unknown {
  if (!isRecord(step)) return step;
  if (step.type === 'Sequence' && Array.isArray(step.pretokenizers))
    return sequence(step.pretokenizers.map(rewrittenStep));
  if (step.type === 'ByteLevel' && step.use_regex !== false)
    return sequence([split(byteLevelPattern), { ...step, use_regex: false }]);
  // Digits are what Rust's `char::is_numeric` says, ½ and Ⅻ too.
  if (step.type === 'Digits') return split(step.individual_digits === true ? '\\p{N}' : '\\p{N}+');
  return step;
}

/** Takes from a text the white space that its added tokens take with them (`lstrip`, `rstrip`). */
export function spaceTaker(definition: Json): (text: string) => string {
  const tokens = new Map(
    addedTokens(definition).flatMap((token) =>
      typeof token.content === 'string' && token.content !== '' ? [[token.content, token] as const] : [],
    ),
  );
  if (![...tokens.values()].some(takesSpace)) return (text) => text;
  const separator = separatorOf([...tokens.keys()]);
  return (text) => {
    const parts = text.split(separator);
    for (let i = 1; i < parts.length; i += 2) {
      const token = tokens.get(parts[i] ?? '');
      if (token?.lstrip === true) parts[i - 1] = parts[i - 1]?.replace(/\p{White_Space}+$/u, '') ?? '';
      if (token?.rstrip === true) parts[i + 1] = parts[i + 1]?.replace(/^\p{White_Space}+/u, '') ?? '';
    }
    return parts.join('');
  };
}

export const takesSpace = ({ lstrip, rstrip }: Json): boolean => lstrip === true || rstrip === true;

export const addedTokens = ({ added_tokens: added }: Json): Json[] =>
  Array.isArray(added) ? added.filter(isRecord) : [];

/**
 * Finds texts in a text, each in a group by which `split` keeps it. Of those that begin at the same place, the longest
 * is taken.
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
