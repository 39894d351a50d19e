import { resolve } from 'node:path';
import { oneLine } from '../jsonl/node/decode/saveLines';
import { fields, nameToWrite } from '../pairs/query/fields';
import { parseQuery } from '../pairs/query/parseQuery';
import { parseSort } from '../pairs/query/parseSort';
import { fieldsOfSort } from '../pairs/query/sortKey';
import { pairKey } from '../jsonl/node/pairKey';
import { pairsToQuery } from '../pairs/query/queriedRow';
import { readingOf } from '../run/reading';
import { flag, number, parseArguments, text, UsageError } from './args';
import { columnsHelp, readingOption } from './columnsOption';
import type { Command } from './command';
import { pairRuleHelp, pairRuleOptions } from './pairRuleOptions';
import { configOption, tokensFor } from './queryTokens';
import { type FoundRow, foundRows, type QueryOptions } from './queryRows';
import { changesFor, editorOnly, ofWholeFile, readable, refuseUnknownFields, suspectsFor } from './queryText';
import { rewardsFor } from './queryRewards';
import { withIgnored } from './ignoredOption';
import { ruleLevelsOf } from './ruleOptions';
import { sorted } from './sortedRows';

const fieldHelp = fields
  .filter(({ name }) => !editorOnly.has(name))
  .map((field) => `  ${nameToWrite(field).padEnd(14)} ${field.help}\n${' '.repeat(17)}${field.example}`)
  .join('\n');

export const query: Command = {
  summary: 'print the rows of a preference file that a filter finds',
  help: `margin query FILE QUERY [--against OTHER] [--rewards RUN [--before RUN]]
             [--config NAME.train.json] [--sort FIELD] [--limit N] [--count] [--json]

Prints the rows that meet QUERY as they are in the file, one JSON line each. The filter of the editor takes the same
queries: words and "quoted words" that a row must contain, /patterns/i, field:value, and comparisons of numbers such as
'len(chosen)>2*len(rejected)'. A space or "and" joins terms that must all be met; "or", "not" or - before a term, and
parentheses work too. .key.key is a column of the row: .score:>3, .meta.lang:de. none finds rows without a value.

${fieldHelp}

suspect and suspected ask the result that margin suspects FILE --save has kept.

  --against OTHER   What changed: compares with, see margin diff: another file, or HEAD for the last commit, as without
                    this option.
  --config FILE     Whose trainer tokens, cut and dropped ask: a *.train.json. It also says how the rows are read.
  --sort FIELD      Sorts by a number: len(chosen), turns, weight, row; by the texts of a field: model, source, lang; by
                    the start of prompt, chosen or rejected; or by a key of the rows: .score, .meta.topic. Begin with -
                    for the highest first. Rows without it come last.
  --rewards RUN     The rewards for margin, reward, logp, rank and group: a run folder, its name in .margin/runs, or a
                    file of rewards. Of a run those of its end, or of the best evaluation if the run ended with its
                    weights.
  --before RUN      The rewards that margin.before, margin.delta, rank.delta and flipped compare with: another run, or a
                    file of rewards such as RUN/rewards/step-000050.jsonl. Without it the start of the run.
  --rule ID=LEVEL   The severity of a rule for problem, problems and severity: off, info, warning or error. Repeat it
                    for several rules. --rule ID: only this rule, and others that --rule names.
  --limit N         Prints the first N rows only.
  --count           Prints only the number of rows.
  --json            Prints one object per row: row and line (from 1), key (the hash of its first pair, as in files of
                    rewards; null without one) and value (the row; its text if it is not JSON). With --count, prints {"rows"}.
${columnsHelp}
${pairRuleHelp}

Exit code: 0 success, even if no row is found; 1 failed; 2 wrong usage.`,

  async run(argv, surroundings) {
    const { output, cwd } = surroundings;
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      count: 'flag',
      against: 'value',
      config: 'value',
      sort: 'value',
      limit: 'value',
      rewards: 'value',
      before: 'value',
      rule: 'texts',
      columns: 'value',
      data_format: 'value',
      ...pairRuleOptions,
    });
    const [given, asked, unexpected] = args.positionals;
    if (given === undefined) throw new UsageError('FILE is missing');
    if (asked === undefined) throw new UsageError('QUERY is missing');
    if (unexpected !== undefined) throw new UsageError(`put the query in quotes; unexpected argument ${unexpected}`);
    const file = resolve(cwd, given);
    const condition = readable(asked, parseQuery);
    const by = text(args, 'sort');
    const sort = by === null ? null : readable(by, parseSort);
    const sorting = sort ? fieldsOfSort(sort.by) : [];
    const [run, before] = [text(args, 'rewards'), text(args, 'before')];
    if (before !== null && run === null) throw new UsageError('--before needs --rewards');
    const config = await configOption(args, file, surroundings);
    refuseUnknownFields(condition, { rewards: run !== null, tokens: config !== null }, sorting);
    const limit = number(args, 'limit', Infinity, { min: 1, integer: true });
    const read = config ? readingOf(config) : await readingOption(args, file, surroundings);
    const known = ofWholeFile(condition, sorting) ? await withIgnored(file, read, surroundings) : read;
    const reading = { ...known, levels: ruleLevelsOf(args) };
    const options: QueryOptions = {
      reading,
      condition,
      changes: await changesFor(condition, file, text(args, 'against'), surroundings, reading),
      suspects: await suspectsFor(condition, file, sorting),
      tokens: await tokensFor(condition, sorting, config),
      sort: sort && sort.by,
      ofWholeFile: ofWholeFile(condition, sorting),
      rewards: run === null ? null : await rewardsFor(condition, sort && sort.by, { run, before, cwd }),
    };
    const [json, count] = [flag(args, 'json'), flag(args, 'count')];
    const rows = sort && !count ? sorted(foundRows(file, options), sort.descending, limit) : foundRows(file, options);
    let found = 0;
    for await (const row of rows) {
      found++;
      if (!count) output.data(`${json ? JSON.stringify(described(row)) : oneLine(row.text)}\n`);
      if (found === limit || output.closed) break;
      await output.drain();
    }
    if (count && json) output.json({ rows: found });
    else if (count) output.line(String(found));
    return 0;
  },
};

function described({ row, line, result, value, text: whole }: FoundRow): unknown {
  const [pair] = pairsToQuery(result);
  return { row: row + 1, line, key: pair ? pairKey(pair) : null, value: value === undefined ? whole : value };
}
