import { parquetSchema, type SchemaTree } from 'hyparquet';
import { openRegular } from '../../../base/node/smallFile';
import { readFooter } from './parquetFooter';

/** The content of a Parquet file's footer. */
export interface ParquetOutline {
  readonly rows: number;
  readonly columns: readonly string[];
  /** A made-up row as JSON, with the types of the columns. */
  readonly example: string;
}

/**
 * Reads only the footer of a Parquet file. The extension host reads nothing else of the file: damaged bytes in a page
 * can make a reader fill the memory, so only a separate process may read pages.
 *
 * @throws MarginError `damaged`, `missing`, `not-a-file`, `not-readable`
 */
export async function parquetOutline(file: string): Promise<ParquetOutline> {
  const handle = await openRegular(file);
  try {
    const { metadata } = await readFooter(handle, file);
    const { children } = parquetSchema(metadata);
    const columns = children.map(({ element }) => element.name);
    return { rows: Number(metadata.num_rows), columns, example: JSON.stringify(objectOf(children, 'user')) };
  } finally {
    await handle.close();
  }
}

function objectOf(children: readonly SchemaTree[], role: string): Record<string, unknown> {
  return Object.fromEntries(children.map((child) => [child.element.name, valueOf(child, role)]));
}

/** A value of a column. A list has two elements, so that a conversation has a user and an assistant. */
function valueOf({ element, children }: SchemaTree, role: string): unknown {
  if (element.converted_type === 'LIST' || element.logical_type?.type === 'LIST') {
    const [item] = children[0]?.children ?? [];
    return item ? [valueOf(item, 'user'), valueOf(item, 'assistant')] : [];
  }
  if (children.length > 0) return objectOf(children, role);
  if (element.type === 'BOOLEAN') return true;
  if (element.type === 'BYTE_ARRAY' || element.type === 'FIXED_LEN_BYTE_ARRAY') return textOf(element.name, role);
  return 1;
}

function textOf(name: string, role: string): string {
  if (name === 'role') return role;
  if (name === 'from') return role === 'user' ? 'human' : 'gpt';
  return 'text';
}
