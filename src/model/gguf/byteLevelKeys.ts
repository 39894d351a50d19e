import { isRecord } from '../../base/pure/isRecord';
import type { Json } from '../fields';
import { byteLevelSplit, splitRules } from './splitRules';
import { unsupportedGguf } from './unsupported';
import { stepsOf } from '../tokenizerLimits';

/**
 * The name of the rule by which a byte-level tokenizer splits text (`tokenizer.ggml.pre`). The converter of llama.cpp
 * knows a tokenizer by the ids that it gives to a test text. Margin compares normalizer and pre-tokenizer, so that a
 * model with a vocabulary of its own has a name too.
 *
 * @param definition tokenizer.json
 * @throws MarginError `unsupported-gguf` if no known rule is the same
 */
export function splitRuleName(definition: Json, file: string): string {
  const model = isRecord(definition.model) ? definition.model : {};
  const own = describe(definition.normalizer, definition.pre_tokenizer, model.ignore_merges === true);
  for (const [name, { normalizer, pre, ignoresMerges }] of Object.entries(splitRules))
    if (describe(normalizer, pre, ignoresMerges) === own) return name;
  throw unsupportedGguf(
    file,
    `its normalizer and pre-tokenizer are none that Margin knows by a name of llama.cpp (${Object.keys(splitRules).join(', ')})`,
  );
}

/** A text that is the same for two tokenizers that split in the same way. */
function describe(normalizer: unknown, pre: unknown, ignoresMerges: boolean): string {
  const kinds = stepsOf(normalizer).map(({ type, pattern, content }) => [type, pattern, content]);
  return JSON.stringify([kinds, stepsOf(pre).flatMap(splitSteps), ignoresMerges]);
}

/** A step without what does not change the ids: offsets, and a ByteLevel step's own pattern as a step before it. */
function splitSteps(step: Json): unknown[] {
  const { type, use_regex: splits, add_prefix_space: space, individual_digits: digits } = step;
  if (type === 'Split') return [[type, step.pattern, step.behavior, step.invert === true]];
  if (type === 'Digits') return [[type, digits === true]];
  if (type !== 'ByteLevel') return [step];
  const bytes = [type, space === true];
  return splits === false ? [bytes] : [...splitSteps(byteLevelSplit), bytes];
}

/**
 * The merges of tokenizer.json: "a b" in older files, ["a", "b"] in newer ones.
 *
 * @throws MarginError `unsupported-gguf` if they are neither
 */
export function mergesOfFile({ model }: Json, file: string): (readonly [string, string])[] {
  const merges = isRecord(model) ? model.merges : null;
  if (!Array.isArray(merges)) throw unsupportedGguf(file, 'it has no merges');
  return merges.map((merge: unknown) => {
    const [left, right, ...rest] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
    if (typeof left === 'string' && typeof right === 'string' && rest.length === 0) return [left, right];
    throw unsupportedGguf(file, `its merge ${JSON.stringify(merge)} is not a pair`);
  });
}
