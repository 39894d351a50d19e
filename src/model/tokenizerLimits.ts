import { GraphError } from '../graph/graphError';
import { isRecord, type Json } from './fields';

/*
 * What @huggingface/tokenizers says (its README, "Regular expressions") it computes otherwise than the Rust crate that the
 * files were written for. A tokenizer that asks for it would give other ids in silence.
 */

const unequalBehaviors: readonly unknown[] = ['MergedWithPrevious', 'MergedWithNext', 'Contiguous'];

/** @throws GraphError `unsupported-tokenizer` naming the part that would not be computed as it should */
export function refuseUnequal(definition: Json, file: string): void {
  const refuse = (what: string): never => {
    throw new GraphError('unsupported-tokenizer', `${file}: ${what}, which this tokenizer library does not do as Hugging Face's own. Its ids would be wrong, so the model cannot be used here.`, { file });
  };
  if (typeof at(definition, 'model', 'dropout') === 'number') refuse('its merges are dropped at random ("dropout")');
  for (const step of [...steps(definition.normalizer), ...steps(definition.pre_tokenizer)]) {
    const pattern = at(step, 'pattern', 'Regex');
    if (typeof pattern === 'string') refusePattern(pattern, refuse);
    // Gemma splits at spaces that its normalizer has already replaced.
    const idle = at(step, 'pattern', 'String') === ' ' && steps(definition.normalizer).some((one) => one.type === 'Replace' && at(one, 'pattern', 'String') === ' ');
    if (step.type === 'Split' && unequalBehaviors.includes(step.behavior) && !idle) refuse(`it splits text by "${String(step.behavior)}"`);
  }
}

function refusePattern(pattern: string, refuse: (what: string) => never): void {
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
