import { extname } from 'node:path';
import { isRecord } from '../../base/pure/isRecord';
import { MarginError } from '../../base/pure/marginError';
import { targets } from '../../pairs/convert/table';
import type { AgentTool } from './agentTool';
import { withinSize } from './shortened';

export interface ConvertInput {
  readonly file: string;
  readonly to: string;
  readonly prompt?: string;
  readonly style?: string;
  readonly out?: string;
  readonly limit?: number;
}

/** Converted lines that are shown if the agent names no number. */
const usualLines = 5;

/**
 * A file in the shape of another tool, as `margin convert` writes it: its first lines and a report, or with `out` the
 * whole file, which a person confirms before.
 */
export const convertTool: AgentTool<ConvertInput> = {
  name: 'margin_convert',
  doing: ({ file, to, out }) => (out === undefined ? `Converting ${file} to ${to}` : `Writing ${out} from ${file}`),
  confirm: ({ file, to, out }) =>
    out === undefined
      ? null
      : {
          title: 'Write a converted file?',
          message: `Margin converts ${file} to ${to} and writes ${out}. A file with that name is replaced.${to === 'llama-factory' ? ' Its entry in dataset_info.json beside it is written too.' : ''}`,
        },
  async invoke(input, work) {
    const { to, prompt, style, limit = usualLines } = input;
    const file = await work.path(input.file);
    const out = input.out === undefined ? null : await work.newPath(dataName(input.out, to));
    const lines: string[] = [];
    const reports: unknown[] = [];
    const asked = [
      ...['convert', ...conversionReading(work.readingOf(file)), `--to=${to}`],
      ...(prompt === undefined ? [] : [`--prompt=${prompt}`]),
      ...(style === undefined ? [] : [`--style=${style}`]),
      ...(out === null ? [] : [`--out=${out}`]),
      ...['--json', '--', file],
    ];
    const said = await work.margin(asked, (line) => {
      if (out !== null) reports.push(JSON.parse(line));
      else if (lines.length < limit) lines.push(line);
    });
    const report = [...reports, ...said].findLast((one) => isRecord(one) && 'read' in one);
    const { shown } = withinSize(lines, work.mostCharacters);
    return out === null
      ? { file: input.file, to, report, shown: shown.length, lines: shown }
      : { file: input.file, to, out: input.out, report };
  },
};

/** `margin convert` calls the format of the rows --from. */
function conversionReading(options: readonly string[]): readonly string[] {
  return options.map((word) => (word === '--data_format' ? '--from' : word));
}

/**
 * The name, if it is one of a data file: an agent that follows a text in the data must not replace settings or scripts.
 *
 * @throws MarginError `not-writable`
 */
function dataName(out: string, to: string): string {
  const ending = targets.find(({ id }) => id === to)?.file;
  if (ending === undefined || extname(out) === `.${ending}`) return out;
  throw new MarginError('not-writable', `The file to write must end in .${ending}, not ${out}.`, { out });
}
