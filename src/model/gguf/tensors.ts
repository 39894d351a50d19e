import { at, must } from '../../base/pure/must';
import { pack4, partName } from '../quants';
import { readBytes } from '../readWeights';
import type { WrittenTensor } from '../safetensors';
import type { LayoutChange } from './architectures';
import { dequantize, quantsOf, type Grouping } from './blocks';
import type { GgufTensor } from './header';
import { isRowReorder, reorderRows, toCheckpointLayout, type Heads, type RowReorder } from './layout';

/**
 * The tensors that Margin's cache stores for one tensor of a GGUF file. Precision is kept: matrices in f16 and bf16
 * stay so, quantised matrices become whole numbers and scales (`quants.ts`). Vectors and transposed matrices become
 * f32.
 *
 * @param own its name in the checkpoint
 * @param change how its layout changes
 * @param heads the model's heads, on which some changes depend
 */
export function converted(tensor: GgufTensor, own: string, change: LayoutChange, heads: Heads): WrittenTensor[] {
  const { type, shape } = tensor;
  const { read, name } = type;
  if (shape.length === 2 && isRowReorder(change)) {
    if (name === 'F16' || name === 'BF16')
      return [
        {
          name: own,
          type: name,
          shape,
          read: async () => reorderRows(change, new Uint16Array((await readBytes(tensor)).buffer), at(shape, 0), heads),
        },
      ];
    if (typeof read !== 'function') return quantised(tensor, own, read, change, heads);
  }
  const writtenShape = change === 'transpose' ? shape.toReversed() : shape;
  return [
    {
      name: own,
      type: 'F32',
      shape: writtenShape,
      read: async () => toCheckpointLayout(change, await values(tensor), shape, heads).data,
    },
  ];
}

/** A tensor's values as f32, in the file's own layout. */
export async function values(tensor: GgufTensor): Promise<Float32Array> {
  return dequantize(await readBytes(tensor), tensor.type);
}

function quantised(
  tensor: GgufTensor,
  own: string,
  grouping: Grouping,
  change: RowReorder,
  heads: Heads,
): WrittenTensor[] {
  const { type, shape } = tensor;
  const [rows, columns] = [at(shape, 0), at(shape, 1)];
  // A graph looks up single rows of an embedding, and no kernel of ONNX Runtime gathers 4-bit numbers.
  const isPacked = grouping.bits === 4 && !/^(token|position)_embd\./.test(tensor.name);
  const read = async <Part>(part: (quants: ReturnType<typeof quantsOf>) => Part): Promise<Part> => {
    // Rows are reordered while they are blocks: a row is whole blocks.
    const raw = reorderRows(change, await readBytes(tensor), rows, heads);
    return part(quantsOf(raw, type, grouping));
  };
  const groups = [rows, columns / grouping.size];
  return [
    isPacked
      ? { name: own, type: 'U8', shape: [rows, columns / 2], read: () => read(({ q }) => pack4(q)) }
      : { name: own, type: 'I8', shape, read: () => read(({ q }) => q) },
    { name: partName(own, 'scale'), type: 'F32', shape: groups, read: () => read(({ scale }) => scale) },
    ...(grouping.hasMinimum
      ? [
          {
            name: partName(own, 'minimum'),
            type: 'F32' as const,
            shape: groups,
            read: () => read(({ minimum }) => must(minimum, `the minimums of ${own}`)),
          },
        ]
      : []),
  ];
}
