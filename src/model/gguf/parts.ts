import { access } from 'node:fs/promises';
import { MarginError } from '../../base/pure/marginError';
import { splitGguf } from '../../base/pure/splitGguf';
import { Metadata } from './config';
import { readGgufHeader, type GgufHeader, type GgufTensor } from './header';

/**
 * The files of a model, whichever of its parts was named; one that is not split is its only part.
 *
 * @throws MarginError `missing-file` naming the first part that is not there | `bad-gguf`
 */
export async function ggufParts(file: string): Promise<readonly string[]> {
  const split = splitGguf(file);
  if (split === null) return [file];
  const { number, count, parts } = split;
  if (number < 1 || number > count)
    throw new MarginError(
      'bad-gguf',
      `${file} is named as part ${number} of ${count}; rename it as its maker had it.`,
      { file },
    );
  for (const part of parts) {
    const isThere = await access(part).then(
      () => true,
      () => false,
    );
    if (!isThere)
      throw new MarginError(
        'missing-file',
        `${part} is missing: the model is split into ${count} files, and all must lie beside ${file}. Download it.`,
        { file: part },
      );
  }
  return parts;
}

/**
 * The heads of all parts as one: metadata is the first part's, tensors are where each part has them.
 *
 * @throws MarginError `bad-gguf` where a part is another's, or was given another name; and those of each header
 */
export async function readParts(files: readonly string[]): Promise<GgufHeader> {
  const tensors = new Map<string, GgufTensor>();
  let first: GgufHeader | null = null;
  for (const [i, file] of files.entries()) {
    const header = await readGgufHeader(file);
    checkPlace(new Metadata(header, file), i, files.length);
    for (const [name, tensor] of header.tensors) {
      if (tensors.has(name))
        throw new MarginError(
          'bad-gguf',
          `${file}: the tensor ${name} is in another part as well. Download the parts again.`,
          { file },
        );
      tensors.set(name, tensor);
    }
    first ??= header;
  }
  const [file = ''] = files;
  const metadata = first?.metadata ?? new Map();
  const total = new Metadata({ metadata, tensors }, file).number('split.tensors.count') ?? tensors.size;
  if (total !== tensors.size)
    throw new MarginError(
      'bad-gguf',
      `${file}: its parts hold ${tensors.size} tensors, and the model has ${total}: a part belongs to another model. Download the parts again.`,
      { file },
    );
  return { metadata, tensors };
}

/** A part says which of how many it is, counted from 0. */
function checkPlace(metadata: Metadata, index: number, count: number): void {
  const [own, all] = [metadata.number('split.no') ?? 0, metadata.number('split.count') ?? 1];
  // A split of one file is a whole model.
  if (own === index && Math.max(all, 1) === count) return;
  const { file } = metadata;
  throw new MarginError(
    'bad-gguf',
    `${file} is part ${own + 1} of ${all} of a split model. Parts are read by the names they came with: NAME-00001-of-${String(all).padStart(5, '0')}.gguf and so on.`,
    { file },
  );
}
