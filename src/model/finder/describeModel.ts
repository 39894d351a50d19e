import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { at } from '../../base/pure/must';
import { errorMessage, MarginError } from '../../base/pure/marginError';
import { openCheckpoint } from '../checkpoint';
import { parseModel } from '../config';
import { previewConversion } from '../gguf/convert';
import { ggufParts } from '../gguf/parts';
import type { ModelPlace } from './look';

/** What a model is, from its headers; weights are not read. */
export interface DescribedModel {
  /** Bytes of its weights as they are stored; null if unknown. */
  readonly bytes: number | null;
  /** Numbers in its weights; null if unknown. */
  readonly parameters: number | null;
  /** `llama`, `qwen2`, …; null if unknown. */
  readonly architecture: string | null;
  /** Why Margin cannot train it; null if it can. */
  readonly why: string | null;
}

const unknown = { bytes: null, parameters: null, architecture: null };

/** Reads the headers of a model, and checks all that its start would check without its weights. */
export async function describeModel({ files, kind, unclear }: ModelPlace): Promise<DescribedModel> {
  if (unclear !== null) return { ...unknown, why: unclear };
  try {
    return await (kind === 'gguf' ? describeGguf(files) : describeFolder(files));
  } catch (error) {
    return { ...unknown, why: errorMessage(error) };
  }
}

async function describeFolder(folder: string): Promise<DescribedModel> {
  const { model, weights } = await openCheckpoint(folder);
  await stat(join(folder, 'tokenizer.json')).catch(() => {
    throw new MarginError('missing-file', `${folder} has no tokenizer.json, which Margin needs.`, { file: folder });
  });
  const tensors = [...weights.values()];
  return {
    bytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    parameters: tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    architecture: model.modelType,
    why: null,
  };
}

async function describeGguf(file: string): Promise<DescribedModel> {
  const parts = await ggufParts(file);
  const sizes = await Promise.all(parts.map(async (part) => (await stat(part)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  try {
    const { config, header } = await previewConversion(parts);
    const { modelType } = parseModel(config, at(parts, 0), new Set());
    const parameters = [...header.tensors.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return { bytes, parameters, architecture: modelType, why: null };
  } catch (error) {
    return { ...unknown, bytes, why: errorMessage(error) };
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);
