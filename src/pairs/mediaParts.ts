import { isRecord } from '../base/pure/isRecord';
import type { CheckedRow } from './checkedRow';
import { isMediaPart } from './formats/messages';
import { type Problem, problem } from './problem';

/** Warnings for messages that hold images, sounds, videos or files beside their text. */
export function mediaParts({ keys, value }: CheckedRow): Problem[] {
  const problems: Problem[] = [];
  for (const key of keys) {
    if (typeof value[key] !== 'object') continue;
    const types = [...mediaTypes(value[key])].map((type) => `"${type.slice(0, 40)}"`);
    if (types.length === 0) continue;
    const message = `"${key}" holds parts of type ${types.join(', ')}: Margin trains on text alone, so the model answers without them.`;
    problems.push(problem('warning', 'media-part', key, message));
  }
  return problems;
}

/** The types of all media parts in a value: `image`, `input_audio`. */
export function mediaTypes(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const item of value) mediaTypes(item, found);
  if (!isRecord(value)) return found;
  const { content } = value;
  if (Array.isArray(content)) for (const part of content) if (isMediaPart(part)) found.add(part.type);
  for (const item of Object.values(value)) if (typeof item === 'object' && item !== content) mediaTypes(item, found);
  return found;
}
