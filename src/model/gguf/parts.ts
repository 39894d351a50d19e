import { access } from 'node:fs/promises';
import { MarginError } from '../../base/pure/marginError';
import { at, must } from '../../base/pure/must';
import { splitGguf } from '../../base/pure/splitGguf';
import { Metadata } from './config';
import { readGgufHeader, type GgufHeader, type GgufTensor } from './header';

/**
 * All files of a model, in order, from the path of any of its parts (`model-00002-of-00003.gguf`). A file that is not
 * split is the only part.
 *
 * @throws MarginError `missing-file` naming the first part that does not exist | `bad-gguf` for a number beyond the
 *   count
 */
export async function ggufParts(file: string): Promise<readonly string[]> {
  const split = splitGguf(file);
  if (split === null) return [file];
  const { number, count, parts } = split;
  if (number < 1 || number > count)
    throw new MarginError('bad-gguf', `${file} is named part ${number} of ${count}; give it its original name again.`, {
      file,
    });
  for (const part of parts) {
    const isThere = await access(part).then(
      () => true,
      () => false,
    );
    if (!isThere)
      throw new MarginError(
        'missing-file',
        `${part} is missing: the model is split into ${count} files, which must all be in one folder. Download it.`,
        { file: part },
      );
  }
  return parts;
}

/**
 * Reads the headers of all parts as one header: the metadata of the first part and the tensors of all parts.
 *
 * @param files at least one, in order
 * @throws MarginError `bad-gguf` where a part belongs to another model or has a wrong name; and those of
 *   {@link readGgufHeader}
 */
export async function readParts(files: readonly string[]): Promise<GgufHeader> {
  const tensors = new Map<string, GgufTensor>();
  let first: GgufHeader | null = null;
  for (const [i, file] of files.entries()) {
    const header = await readGgufHeader(file);
    checkPartNumber(new Metadata(header, file), i, files.length);
    for (const [name, tensor] of header.tensors) {
      if (tensors.has(name))
        throw new MarginError(
          'bad-gguf',
          `${file}: the tensor ${name} is also in another part. Download the parts again.`,
          { file },
        );
      tensors.set(name, tensor);
    }
    first ??= header;
  }
  const file = at(files, 0);
  const { metadata } = must(first, 'the first part of a GGUF model');
  const total = new Metadata({ metadata, tensors }, file).number('split.tensors.count') ?? tensors.size;
  if (total !== tensors.size)
    throw new MarginError(
      'bad-gguf',
      `${file}: its parts hold ${tensors.size} tensors, but the model has ${total}. A part belongs to another model. Download the parts again.`,
      { file },
    );
  return { metadata, tensors };
}

/** Compares the number of a part (`split.no`, from 0) and the count (`split.count`) with its name. */
function checkPartNumber(metadata: Metadata, index: number, count: number): void {
  // A file that is not split has neither key, and is part 0 of 1.
  const [own, all] = [metadata.number('split.no') ?? 0, metadata.number('split.count') ?? 1];
  // A count of 0 or 1 also means a whole model.
  if (own === index && Math.max(all, 1) === count) return;
  const { file } = metadata;
  throw new MarginError(
    'bad-gguf',
    `${file} is part ${own + 1} of ${all} of a split model, but its name says otherwise. Give the parts their original names: NAME-00001-of-${String(all).padStart(5, '0')}.gguf and so on.`,
    { file },
  );
}
