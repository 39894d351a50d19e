import { MarginError } from '../base/pure/marginError';
import { isRecord } from '../base/pure/isRecord';
import type { Json } from './fields';
import { addedTokens, takesSpace } from './tokenizerRewrites';

/*
 * What @huggingface/tokenizers was seen to compute as the Rust crate that the files were written for
 * (test/peer/tokenizers.test.ts: thousands of texts each). A tokenizer that asks for more could give other ids in
 * silence.
 */

const equalNormalizers: readonly unknown[] = ['NFC', 'NFD', 'NFKC', 'NFKD', 'StripAccents', 'Prepend', 'Replace'];
const equalPreTokenizers: readonly unknown[] = ['Split', 'ByteLevel', 'Digits', 'Metaspace'];

type Refuse = (what: string) => never;

/** @throws MarginError `unsupported-tokenizer` naming the part that would not be computed as it should */
export function refuseUnequal(definition: Json, file: string): void {
  const refuse: Refuse = (what) => {
    throw new MarginError(
      'unsupported-tokenizer',
      `${file}: ${what}, which this tokenizer library does not do as Hugging Face's own. Its ids would be wrong, so the model cannot be used here.`,
      { file },
    );
  };
  refuseModel(definition, refuse);
  refuseAdded(definition, refuse);
  for (const step of steps(definition.normalizer)) {
    if (!equalNormalizers.includes(step.type)) refuse(`its normalizer is "${String(step.type)}"`);
    refusePattern(step, refuse);
  }
  for (const step of steps(definition.pre_tokenizer)) {
    if (!equalPreTokenizers.includes(step.type)) refuse(`its text is cut by "${String(step.type)}"`);
    if (step.type === 'Metaspace' && step.split !== false) refuse('it splits text at spaces by "Metaspace"');
    if (step.type === 'ByteLevel' && step.add_prefix_space === true && step.use_regex !== false)
      refuse('it puts a space before the text that "ByteLevel" cuts ("add_prefix_space")');
    refusePattern(step, refuse);
    if (step.type === 'Split' && !isIdle(step, definition)) refuseSplit(step, refuse);
  }
}

function refuseModel(definition: Json, refuse: Refuse): void {
  const type = at(definition, 'model', 'type');
  if (typeof type === 'string' && type !== 'BPE') refuse(`its model is "${type}"`);
  if (typeof at(definition, 'model', 'dropout') === 'number') refuse('its merges are dropped at random ("dropout")');
}

function refuseAdded(definition: Json, refuse: Refuse): void {
  for (const token of addedTokens(definition)) {
    if (token.single_word === true)
      refuse(`its token ${String(token.content)} is one as a word of its own only ("single_word")`);
    // What it takes is no longer space when the normalizer was there.
    const late = isRecord(definition.normalizer) && (token.normalized ?? token.special !== true) === true;
    if (takesSpace(token) && late)
      refuse(`its token ${String(token.content)} takes the space beside it after normalization`);
  }
}

/** Gemma splits at spaces that its normalizer has already replaced. */
function isIdle(step: Json, definition: Json): boolean {
  return (
    at(step, 'pattern', 'String') === ' ' &&
    steps(definition.normalizer).some((one) => one.type === 'Replace' && at(one, 'pattern', 'String') === ' ')
  );
}

function refuseSplit({ behavior, invert }: Json, refuse: Refuse): void {
  if (behavior !== 'Isolated' && behavior !== 'Removed') refuse(`it splits text by "${String(behavior)}"`);
  if (invert === true && behavior !== 'Removed') refuse('it splits text by what its pattern leaves ("invert")');
}

function refusePattern(step: Json, refuse: Refuse): void {
  const pattern = at(step, 'pattern', 'Regex');
  if (typeof pattern !== 'string') return;
  if (/\\G/.test(pattern)) refuse(`its pattern ${pattern} uses \\G`);
  // Quantifiers of quantifiers outside classes and escapes; after {…} a + is no possessive one in Oniguruma.
  const bare = pattern.replaceAll(/\\./gs, 'e').replaceAll(/\[[^\]]*\]/g, 'c');
  if (/\(\?>|[?*+]\+/.test(bare)) refuse(`its pattern ${pattern} forbids backtracking`);
}

/** A normalizer or pre-tokenizer as the list of its steps. */
function steps(part: unknown): Json[] {
  if (!isRecord(part)) return [];
  const inner = part.normalizers ?? part.pretokenizers;
  return part.type === 'Sequence' && Array.isArray(inner) ? inner.flatMap(steps) : [part];
}

function at(json: Json, key: string, inner: string): unknown {
  const value = json[key];
  return isRecord(value) ? value[inner] : undefined;
}
