import { version } from '../../package.json';
import { errorCode, errorMessage } from '../base/pure/marginError';
import { nearest } from '../base/pure/nearest';
import { UsageError } from './args';
import type { Command, Surroundings } from './command';
import { agreement } from './agreement';
import { check } from './check';
import { cleaning } from './cleaning';
import { compare } from './compare';
import { convert } from './convert';
import { diff } from './diff';
import { draft } from './rounds/draft';
import { judge } from './rounds/judge';
import { round } from './rounds/round';
import { duplicates } from './duplicates';
import { exportCommand } from './export';
import { formats } from './formats';
import { generate } from './generate';
import { marks } from './marks';
import { models } from './models';
import type { Output } from './output';
import { pull } from './hub/pull';
import { push } from './hub/push';
import { query } from './query';
import { queue } from './queue';
import { runs } from './runs';
import { score } from './score';
import { split } from './split';
import { stats } from './stats';
import { suspects } from './suspects';
import { sweep } from './sweep';
import { targets } from './targets';
import { tokens } from './tokens';
import { train } from './train';
import { trash } from './trash';

const commands: Readonly<Record<string, Command>> = {
  train,
  score,
  compare,
  check,
  tokens,
  formats,
  models,
  pull,
  push,
  convert,
  query,
  stats,
  diff,
  duplicates,
  suspects,
  cleaning,
  split,
  agreement,
  marks,
  generate,
  draft,
  judge,
  round,
  runs,
  queue,
  sweep,
  targets,
  trash,
  export: exportCommand,
};

function help(): string {
  const list = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`);
  return `Margin: train language models on preference pairs\n\nmargin COMMAND …\n\n${list.join('\n')}\n\nRun margin COMMAND --help for its options. Exit code: 0 success; 1 problems found or failed; 2 wrong usage.`;
}

/**
 * Runs `margin ARGUMENTS`.
 *
 * @param argv the arguments after `margin`
 * @returns the exit code
 */
export async function runCommandLine(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const [name, ...rest] = argv;
  const { output } = surroundings;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    output.line(help());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    output.line(version);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const near = nearest(name, Object.keys(commands));
  if (!command)
    return complain(
      new UsageError(`unknown command ${name}${near ? `; did you mean ${near}?` : ''}`),
      '',
      rest,
      output,
    );
  if (rest.includes('--help') || rest.includes('-h')) {
    output.line(command.help);
    return 0;
  }
  try {
    return await command.run(rest, surroundings);
  } catch (error) {
    return complain(error, ` ${name}`, rest, output);
  }
}

/** Prints an error to stderr, and to stdout with --json. Returns the exit code. */
export function complain(error: unknown, command: string, argv: readonly string[], output: Output): number {
  const message = errorMessage(error);
  const code = error instanceof UsageError ? 'usage' : (errorCode(error) ?? 'internal');
  output.say(`margin${command}:${message.includes('\n') ? '\n' : ' '}${message}`);
  if (code === 'usage') output.say(`See margin${command} --help`);
  if (code === 'internal' && error instanceof Error && error.stack) output.say(error.stack);
  if (argv.includes('--json')) output.json({ error: { code, message } });
  return code === 'usage' ? 2 : 1;
}
