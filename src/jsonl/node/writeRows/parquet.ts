import type { FileHandle } from 'node:fs/promises';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { JsonObject } from '../../../pairs/json';
import { saveFile } from '../save';
import { RowCounter, type WriteRowsOptions } from './rowCounter';
import type { ColumnType, RowColumn } from './rowColumns';
import { checkTableRow, columnsByName } from './tableRow';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

export interface ParquetOptions extends WriteRowsOptions {
  /** Rows of a row group; 1000 if left out, as Hugging Face's `datasets` writes them. */
  readonly groupRows?: number;
}

/** Characters of JSON after which a row group ends before it has all its rows. */
const groupLength = 64 << 20;

/**
 * Writes rows as Parquet, compressed with Snappy, one row group after the other, so that only one is in memory. A list
 * of messages becomes a list of structs, as `datasets` writes it; a `json` column has the logical type JSON. Null and a
 * missing key are both null in Parquet.
 *
 * @param columns every key of the rows with its type, see {@link ColumnTally}; at least one
 * @returns the number of rows
 * @throws MarginError as {@link checkTableRow} and {@link saveFile}; what `rows` throws; the signal's reason
 */
export function writeParquet(
  rows: AsyncIterable<JsonObject> | Iterable<JsonObject>,
  file: string,
  columns: readonly RowColumn[],
  { groupRows = 1000, ...options }: ParquetOptions = {},
): Promise<number> {
  return saveFile(file, async (handle) => {
    const counter = new RowCounter(options);
    const known = columnsByName(columns);
    const writer = new HandleWriter(handle);
    const parquet = new ParquetWriter({ writer, schema: schemaOf(columns), createdBy: 'margin' });
    let group: JsonObject[] = [];
    let length = 0;
    const flush = async (): Promise<void> => {
      await parquet.write({ columnData: columnData(group, columns), rowGroupSize: Math.max(1, group.length) });
      await writer.drain();
      [group, length] = [[], 0];
    };
    for await (const row of rows) {
      counter.next();
      checkTableRow(row, known, counter.rows);
      group.push(row);
      length += JSON.stringify(row).length;
      if (group.length >= groupRows || length >= groupLength) await flush();
    }
    if (group.length > 0) await flush();
    await parquet.finish();
    await writer.drain();
    return counter.rows;
  });
}

/** Collects the bytes of a row group, and writes them to a file. */
class HandleWriter extends ByteWriter {
  constructor(private readonly handle: FileHandle) {
    super();
  }

  async drain(): Promise<void> {
    await this.handle.writeFile(this.getBytes());
    this.index = 0;
  }
}

function columnData(rows: readonly JsonObject[], columns: readonly RowColumn[]): { name: string; data: unknown[] }[] {
  return columns.map(({ name, type }) => ({ name, data: rows.map((row) => valueOf(row[name], type)) }));
}

/** The value that the writer wants: it takes integers of 64 bits as `bigint`. */
function valueOf(value: unknown, type: ColumnType): unknown {
  if (value === undefined || value === null) return undefined;
  return type === 'integer' && typeof value === 'number' ? BigInt(value) : value;
}

function schemaOf(columns: readonly RowColumn[]): SchemaElement[] {
  return [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(elementsOf)];
}

/** A list has three levels (parquet-format, LogicalTypes.md, "Lists"). */
function elementsOf({ name, type }: RowColumn): SchemaElement[] {
  switch (type) {
    case 'text':
      return [textElement(name)];
    case 'integer':
      return [{ name, type: 'INT64', repetition_type: 'OPTIONAL' }];
    case 'number':
      return [{ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }];
    case 'boolean':
      return [{ name, type: 'BOOLEAN', repetition_type: 'OPTIONAL' }];
    case 'json':
      return [{ name, type: 'BYTE_ARRAY', converted_type: 'JSON', repetition_type: 'OPTIONAL' }];
    case 'messages':
      return [
        { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', repetition_type: 'OPTIONAL', num_children: 2 },
        textElement('role'),
        textElement('content'),
      ];
  }
}

function textElement(name: string): SchemaElement {
  return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' };
}
