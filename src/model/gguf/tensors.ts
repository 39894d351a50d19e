import { pack4, partName } from '../quants';
import { readBytes } from '../readWeights';
import type { WrittenTensor } from '../safetensors';
import type { LayoutChange } from './architectures';
import { dequantize, quantsOf, type Grouping } from './blocks';
import type { GgufTensor } from './header';
import { isRowReorder, reorderRows, toCheckpointLayout, type Heads, type RowReorder } from './layout';

/**
 * A tensor as Margin's cache has it, in the precision that it came in: 16 bits as they are, quantised matrices as whole
 * numbers and scales (`quants.ts`). What is no matrix, or is laid out by columns, becomes f32.
 *
 * @param own its name in the checkpoint
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
          read: async () =>
            reorderRows(change, new Uint16Array((await readBytes(tensor)).buffer), shape[0] ?? 0, heads),
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

/** The tensor's values as f32, as the file has them. */
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
  const [rows = 0, columns = 0] = shape;
  // Rows of an embedding are looked up one by one, and no kernel gathers halves of bytes.
  const isPacked = grouping.bits === 4 && !/^(token|position)_embd\./.test(tensor.name);
  const read = async <Part>(part: (quants: ReturnType<typeof quantsOf>) => Part): Promise<Part> => {
    // Rows of blocks go to their places whole, before they are taken apart.
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
            read: () => read(({ minimum }) => minimum ?? new Float32Array()),
          },
        ]
      : []),
  ];
}
