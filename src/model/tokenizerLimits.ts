import { MarginError } from '../base/pure/marginError';
import { isRecord } from '../base/pure/isRecord';
import type { Json } from './fields';
import { addedTokens, stripsSpace } from './tokenizerRewrites';

/*
 * tokenizer.json is written for Hugging Face's Rust library `tokenizers`; Margin encodes with the JavaScript library
 * @huggingface/tokenizers. The lists below name the parts that both compute in the same way:
 *   test/peer/tokenizers.test.ts compares thousands of texts for each tokenizer. Everything else is refused, because it
 *   could silently give other ids.
 */

/** Types of `normalizer` on which both libraries agree. */
const normalizers: readonly unknown[] = ['NFC', 'NFD', 'NFKC', 'NFKD', 'StripAccents', 'Prepend', 'Replace'];
/** Types of `pre_tokenizer` on which both libraries agree. */
const preTokenizers: readonly unknown[] = ['Split', 'ByteLevel', 'Digits', 'Metaspace'];

type Refuse = (what: string) => never;

/**
 * Refuses a tokenizer that the JavaScript library would compute differently from the Rust library.
 *
 * @param definition tokenizer.json
 * @param file its path, for the error
 * @throws MarginError `unsupported-tokenizer` naming the part
 */
export function refuseUnsupported(definition: Json, file: string): void {
  const refuse: Refuse = (what) => {
    throw new MarginError(
      'unsupported-tokenizer',
      `${file}: ${what}. Margin's tokenizer library computes that differently from Hugging Face's, so its token ids would be wrong. Use another model.`,
      { file },
    );
  };
  refuseModel(definition, refuse);
  refuseAdded(definition, refuse);
  for (const step of stepsOf(definition.normalizer)) {
    if (!normalizers.includes(step.type)) refuse(`its normalizer is "${String(step.type)}"`);
    refusePattern(step, refuse);
  }
  for (const step of stepsOf(definition.pre_tokenizer)) {
    if (!preTokenizers.includes(step.type)) refuse(`its pre-tokenizer is "${String(step.type)}"`);
    if (step.type === 'Metaspace' && step.split !== false) refuse('its pre-tokenizer "Metaspace" splits at spaces');
    if (step.type === 'ByteLevel' && step.add_prefix_space === true && step.use_regex !== false)
      refuse('its pre-tokenizer "ByteLevel" adds a space before the text it splits ("add_prefix_space")');
    refusePattern(step, refuse);
    if (step.type === 'Split' && !neverMatches(step, definition)) refuseSplit(step, refuse);
  }
}

function refuseModel(definition: Json, refuse: Refuse): void {
  const type = nested(definition, 'model', 'type');
  if (typeof type === 'string' && type !== 'BPE') refuse(`its model is "${type}"`);
  if (typeof nested(definition, 'model', 'dropout') === 'number') refuse('it drops merges at random ("dropout")');
}

function refuseAdded(definition: Json, refuse: Refuse): void {
  for (const token of addedTokens(definition)) {
    if (token.single_word === true)
      refuse(`its added token ${String(token.content)} matches whole words only ("single_word")`);
    // Such a token matches after the normalizer, which may have replaced the white space.
    const afterNormalizer = isRecord(definition.normalizer) && (token.normalized ?? token.special !== true) === true;
    if (stripsSpace(token) && afterNormalizer)
      refuse(`its added token ${String(token.content)} strips white space after normalization ("lstrip", "rstrip")`);
  }
}

/** Whether a Split never matches: Gemma's splits at spaces, but its normalizer has already replaced them. */
function neverMatches(step: Json, definition: Json): boolean {
  return (
    nested(step, 'pattern', 'String') === ' ' &&
    stepsOf(definition.normalizer).some((one) => one.type === 'Replace' && nested(one, 'pattern', 'String') === ' ')
  );
}

function refuseSplit({ behavior, invert }: Json, refuse: Refuse): void {
  if (behavior !== 'Isolated' && behavior !== 'Removed')
    refuse(`its pre-tokenizer "Split" has the behavior "${String(behavior)}"`);
  if (invert === true && behavior !== 'Removed') refuse('its pre-tokenizer "Split" inverts its pattern ("invert")');
}

function refusePattern(step: Json, refuse: Refuse): void {
  const pattern = nested(step, 'pattern', 'Regex');
  if (typeof pattern !== 'string') return;
  if (/\\G/.test(pattern)) refuse(`its pattern ${pattern} uses \\G`);
  // Possessive quantifiers, outside classes and escapes. In Oniguruma a + after {…} is an ordinary quantifier.
  const bare = pattern.replaceAll(/\\./gs, 'e').replaceAll(/\[[^\]]*\]/g, 'c');
  if (/\(\?>|[?*+]\+/.test(bare)) refuse(`its pattern ${pattern} forbids backtracking`);
}

/** The steps of a normalizer or pre-tokenizer: those of a Sequence, else the part itself. */
export function stepsOf(part: unknown): Json[] {
  if (!isRecord(part)) return [];
  const inner = part.normalizers ?? part.pretokenizers;
  return part.type === 'Sequence' && Array.isArray(inner) ? inner.flatMap(stepsOf) : [part];
}

/** `json[key][inner]`; undefined where either is absent. */
function nested(json: Json, key: string, inner: string): unknown {
  const value = json[key];
  return isRecord(value) ? value[inner] : undefined;
}
