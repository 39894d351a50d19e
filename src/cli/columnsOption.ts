import { readColumns } from '../jsonl/node/columnsFile';
import { MarginError } from '../base/pure/marginError';
import { nearest } from '../base/pure/nearest';
import { formats, judgedFormats, listFormats } from '../pairs/formats/table';
import { detectAll, type Reading, withColumns } from '../pairs/reading';
import { type Arguments, text, UsageError } from './args';
import type { Surroundings } from './command';
import { pairRuleOf } from './pairRuleOptions';

/** The help of `--columns` and `--data_format`. */
export const columnsHelp = `  --columns MAP     Which key of the rows holds what, if Margin does not detect their format:
                    prompt=question,chosen=good.text,rejected=bad.text, the same as JSON, or a file of another tool
                    with the name of the entry: dataset_info.json:NAME (LLaMA-Factory), axolotl.yml:PATH.
                    Columns: prompt, query, system, history, chosen, rejected or completion, label; tools, weight.
  --data_format ID  The format of all rows, if the detected one is wrong; margin formats --json lists the ids.`;

/**
 * How the rows are read: with the columns of `--columns`, in the format of `--data_format`, or each in its own; lists
 * by `--pair_rule`. Prints which parts of another tool's file are not used.
 *
 * @param dataFile the file that the columns are for; null: there are several
 * @throws UsageError if the columns or the pair rule are wrong
 */
export async function readingOption(
  args: Arguments,
  dataFile: string | null,
  { cwd, output }: Surroundings,
): Promise<Reading> {
  const rule = pairRuleOf(args);
  const [given, format] = [text(args, 'columns'), text(args, 'data_format')];
  if (given !== null && format !== null) throw new UsageError('--columns and --data_format exclude each other');
  if (given === null) return { ...detectAll, rule, format: format === null ? null : knownFormat(format) };
  try {
    const { columns, notes } = await readColumns(given, cwd, dataFile);
    for (const note of notes) output.say(note);
    return { ...withColumns(columns), rule };
  } catch (error) {
    if (error instanceof MarginError && error.code === 'bad-columns')
      throw new UsageError(`--columns: ${error.message}`);
    throw error;
  }
}

function knownFormat(id: string): string {
  const ids = [...judgedFormats, ...formats, ...listFormats].map((format) => format.id);
  if (ids.includes(id)) return id;
  const near = nearest(id, ids);
  const hint = near === null ? 'margin formats --json lists the ids' : `did you mean ${near}?`;
  throw new UsageError(`--data_format ${id} is no format; ${hint}`);
}
