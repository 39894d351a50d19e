import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { must } from '../../../src/base/pure/must';
import { canonicalText } from '../../../src/pairs/canonical';
import { convertRow } from '../../../src/pairs/convert/convertRow';
import { datasetInfo } from '../../../src/pairs/convert/llamaFactory';
import { listRows } from './listRows';
import { ReportCount, reportLines, summaryOf } from '../../../src/pairs/convert/report';
import { rowText } from '../../../src/pairs/convert/convertedText';
import { targets } from '../../../src/pairs/convert/table';
import type { ConvertOptions, TargetId, Written } from '../../../src/pairs/convert/target';
import type { JsonObject } from '../../../src/pairs/json';
import { detectAll, withColumns } from '../../../src/pairs/reading';
import { pairOf, readPair } from '../../../src/pairs/readPair';
import { assistant, user } from './formatRows';
import { integer, pick } from './random';

const asTheyAre: ConvertOptions = { prompt: 'explicit', style: null };
const tool = { type: 'function', function: { name: 'clock' } };
const call = { role: 'assistant', tool_calls: [tool] };

function convert(row: object, to: TargetId, options: Partial<ConvertOptions> = {}): Written {
  const target = must(
    targets.find(({ id }) => id === to),
    to,
  );
  return convertRow(pairOf(row, detectAll), target, { ...asTheyAre, ...options });
}

/** The losses as "kind detail". */
const lost = (written: Written): string[] => written.losses.map(({ kind, detail }) => `${kind} ${detail}`.trim());

const chat = {
  prompt: [{ role: 'system', content: 'S' }, user('Q')],
  chosen: [assistant('a')],
  rejected: [assistant('b')],
};

it.each<[TargetId, Partial<ConvertOptions>, object[]]>([
  ['trl', {}, [chat]],
  [
    'trl',
    { prompt: 'implicit' },
    [{ chosen: [...chat.prompt, assistant('a')], rejected: [...chat.prompt, assistant('b')] }],
  ],
  [
    'kto',
    {},
    [
      { prompt: chat.prompt, completion: chat.chosen, label: true },
      { prompt: chat.prompt, completion: chat.rejected, label: false },
    ],
  ],
  [
    'openai',
    {},
    [{ input: { messages: chat.prompt }, preferred_output: chat.chosen, non_preferred_output: chat.rejected }],
  ],
  [
    'llama-factory',
    {},
    [
      {
        conversations: [
          { from: 'system', value: 'S' },
          { from: 'human', value: 'Q' },
        ],
        chosen: { from: 'gpt', value: 'a' },
        rejected: { from: 'gpt', value: 'b' },
      },
    ],
  ],
  ['axolotl', {}, [{ messages: chat.prompt, chosen: assistant('a'), rejected: assistant('b') }]],
  ['ms-swift', {}, [{ messages: [...chat.prompt, assistant('a')], rejected_response: 'b' }]],
])('a chat converts to %s as its documentation shows it', (to, options, rows) => {
  expect(convert(chat, to, options)).toEqual({ rows, losses: [] });
});

it('every target writes rows that Margin reads in the formats that it names', () => {
  for (const target of targets) {
    for (const style of ['chat', 'plain'] as const) {
      const single = { prompt: [user('Q?')], chosen: [assistant('a')], rejected: [assistant('b')] };
      for (const row of convertRow(pairOf(single, detectAll), target, { prompt: 'explicit', style }).rows) {
        const result = pairOf(row, detectAll);
        expect(target.reads).toContain(result.kind === 'not-a-pair' ? result.reason : result.format.id);
      }
    }
  }
});

it('texts stay texts and a transcript stays a transcript, unless a style is asked for', () => {
  const plain = { prompt: 'Q', chosen: ' a', rejected: ' b' };
  const transcript = { chosen: '\n\nHuman: Q\n\nAssistant: a', rejected: '\n\nHuman: Q\n\nAssistant: b' };
  expect(convert(plain, 'trl').rows).toEqual([plain]);
  expect(convert(plain, 'trl', { style: 'chat' }).rows).toEqual([
    { prompt: [user('Q')], chosen: [assistant(' a')], rejected: [assistant(' b')] },
  ]);
  expect(convert(transcript, 'trl', { prompt: 'implicit' }).rows).toEqual([transcript]);
  expect(convert(transcript, 'trl').rows).toEqual([
    { prompt: '\n\nHuman: Q\n\nAssistant:', chosen: ' a', rejected: ' b' },
  ]);
  expect(lost(convert(transcript, 'openai'))).toEqual(['transcript-to-chat']);
  expect(lost(convert(plain, 'axolotl'))).toEqual(['plain-to-chat']);
});

it('a chat of one question and one turn per answer becomes plain text; other chats are left out with the reason', () => {
  const one = { prompt: [user('Q')], chosen: [assistant('a')], rejected: [assistant('b')] };
  const plain = (row: object): Written => convert(row, 'trl', { style: 'plain' });
  expect(plain(one).rows).toEqual([{ prompt: 'Q', chosen: 'a', rejected: 'b' }]);
  expect(plain(chat)).toEqual({ rows: [], losses: [{ kind: 'system', detail: '' }] });
  expect(lost(plain({ ...one, prompt: [user('P'), assistant('x'), user('Q')] }))).toEqual(['history']);
  expect(lost(plain({ ...one, chosen: [assistant('a'), user('?'), assistant('c')] }))).toEqual([
    'answer-turns an answer of 3 turns',
  ]);
});

it('an implicit prompt is named if reading it again would give more words', () => {
  expect(lost(convert({ prompt: 'Q?', chosen: ' The a', rejected: ' The b' }, 'trl', { prompt: 'implicit' }))).toEqual([
    'split',
  ]);
});

it('a judged answer stays one for kto, and is left out of pairs', () => {
  const judged = { prompt: 'Q', completion: 'a', label: false, id: 1 };
  expect(convert(judged, 'kto')).toEqual({ rows: [judged], losses: [] });
  for (const { id } of targets.filter((target) => target.id !== 'kto')) {
    expect(convert(judged, id)).toEqual({ rows: [], losses: [{ kind: 'judged', detail: '' }] });
  }
});

it('tools and tool calls are written if the target holds them, else they are named', () => {
  const row = { prompt: [user('Q')], chosen: [call], rejected: [assistant('b')], tools: [tool] };
  expect(convert(row, 'trl').rows).toEqual([row]);
  expect(convert(row, 'openai').rows[0]).toMatchObject({ input: { tools: [tool] }, preferred_output: [call] });
  for (const to of ['llama-factory', 'axolotl', 'ms-swift'] as const)
    expect(lost(convert(row, to))).toEqual(['tool-calls']);
  const noCall = { ...row, chosen: [assistant('a')] };
  expect(lost(convert(noCall, 'axolotl'))).toEqual(['tools']);
  expect(convert(noCall, 'llama-factory').rows[0]).toHaveProperty('tools', JSON.stringify([tool]));
  expect(lost(convert({ ...noCall, prompt: [{ ...user('Q'), name: 'Ann' }] }, 'ms-swift'))).toEqual(['field name']);
});

it('LLaMA-Factory gets no row that it would skip', () => {
  const row = { ...chat, prompt: [user('P'), user('Q')] };
  expect(lost(convert(row, 'llama-factory'))).toEqual(['order a turn of the role user is at an unexpected place']);
  expect(lost(convert({ ...chat, prompt: [user('Q'), assistant('x')] }, 'llama-factory'))).toEqual([
    'order the prompt does not end with a question',
  ]);
});

it('other columns are carried, each side with its own answer; what collides or is not allowed is named', () => {
  const row = { prompt: 'Q', chosen: 'a', rejected: 'b', id: 7, score_chosen: 8, score_rejected: 2, messages: 'x' };
  expect(convert(row, 'kto').rows).toEqual([
    { prompt: 'Q', completion: 'a', label: true, id: 7, score_chosen: 8, messages: 'x' },
    { prompt: 'Q', completion: 'b', label: false, id: 7, score_rejected: 2, messages: 'x' },
  ]);
  expect(lost(convert(row, 'ms-swift'))).toEqual(['plain-to-chat', 'column messages']);
  expect(lost(convert({ ...chat, id: 7 }, 'openai'))).toEqual(['column id']);
});

it('a column that would make the new row another shape is not carried', () => {
  const row = { prompt: 'Q?', chosen: ' a', rejected: ' b', instruction: 'Do it.' };
  expect(convert(row, 'trl', { prompt: 'implicit' })).toEqual({
    rows: [{ chosen: 'Q? a', rejected: 'Q? b' }],
    losses: [{ kind: 'column', detail: 'instruction' }],
  });
});

it('a value under a key of the format that is not part of the pair is named', () => {
  const strength = { prompt: 'Q', response_1: 'a', response_2: 'b', preference_strength: -2 };
  expect(convert(strength, 'trl').rows).toEqual([
    { prompt: [user('Q')], chosen: [assistant('a')], rejected: [assistant('b')], weight: 1 },
  ]);
  expect(lost(convert(strength, 'trl'))).toEqual(['strength']);
  expect(lost(convert(strength, 'openai'))).toEqual(['weight']);
  const votes = { prompt: 'Q', 'response-1': 'a', 'response-2': 'b', preference: [{ user_id: 'u', value: 1 }] };
  expect(lost(convert(votes, 'trl'))).toEqual(['column preference.user_id', 'column preference.value']);
  const own = { prompt: 'meta.q', chosen: 'good', rejected: 'bad', weight: 'meta.w' };
  const nested = pairOf({ meta: { q: 'Q', w: 2, by: 'Ann' }, good: 'a', bad: 'b', n: 1 }, withColumns(own));
  const written = convertRow(nested, must(targets[0], 'trl'), asTheyAre);
  expect(written.rows[0]).toMatchObject({ weight: 2, n: 1 });
  expect(lost(written)).toEqual(['column meta.by']);
  const image = { role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'Q' }] };
  expect(lost(convert({ ...chat, prompt: [image] }, 'trl'))).toEqual(['media image']);
  const input = { messages: [user('Q')], parallel_tool_calls: true };
  const openai = { input, preferred_output: [assistant('a')], non_preferred_output: [assistant('b')] };
  expect(convert(openai, 'openai')).toEqual({ rows: [openai], losses: [] });
  expect(lost(convert(openai, 'trl'))).toEqual(['column input.parallel_tool_calls']);
  const other = {
    prompt: 'Another question',
    chosen: [user('Q'), assistant('a')],
    rejected: [user('Q'), assistant('b')],
  };
  expect(lost(convert(other, 'trl'))).toEqual(['column prompt']);
});

it('the report counts rows, and losses by kind with their first places', () => {
  const count = new ReportCount();
  const lines = ['{"prompt": "Q", "completion": "a", "label": true}', '', '{', '{"prompt": "Q", "chosen": "a"}'];
  const pair = '{"prompt": "Q", "chosen": "a", "rejected": "b"}';
  [...lines, pair, pair].forEach((line, i) => {
    const result = readPair(line, detectAll);
    count.add(`f.jsonl:${i + 1}`, result, convertRow(result, must(targets[3], 'llama-factory'), asTheyAre));
  });
  expect(count.report).toMatchObject({ read: 5, written: 2, leftOut: 3, notCarried: 0, changed: 2, blank: 1 });
  expect(summaryOf(count.report, 'x.jsonl')).toBe(
    '2 rows written to x.jsonl; 3 rows left out; 2 rows written in another way.',
  );
  expect(reportLines(count.report)).toEqual([
    '5 rows read, 2 written, 3 left out, 1 blank',
    'left out: 1 row: A judged answer is not a pair. Convert it with --to kto. (f.jsonl:1)',
    expect.stringMatching(/^left out: 1 row: The row holds no pair: Not JSON .*\(f\.jsonl:3\)$/),
    expect.stringMatching(/^left out: 1 row: The row holds no pair: .*rejected.*\(f\.jsonl:4\)$/),
    'changed: 2 rows: Plain text became messages, which the chat template renders. (f.jsonl:5, 6)',
  ]);
});

it('the report names the pair rule that made pairs from lists', () => {
  const count = new ReportCount();
  const line = JSON.stringify(must(listRows['nectar'], 'the row of nectar'));
  const result = readPair(line, { ...detectAll, rule: { name: 'neighbours', gap: 1, ties: 'drop' } });
  count.add('f.jsonl:1', result, convertRow(result, must(targets[0], 'trl'), asTheyAre));
  expect(reportLines(count.report)).toContain('1 list of answers, pair rule: neighbours, ties dropped');
});

it('columns of the old row keep their text: floats stay floats, and long ids keep their digits', () => {
  const line = '{"prompt": "Q", "chosen": "a", "rejected": "b", "score": 8.0, "id": 12345678901234567890}';
  const result = readPair(line, detectAll);
  const [row] = convertRow(result, must(targets[0], 'trl'), asTheyAre).rows;
  const text = rowText(must(row, 'the row'), line, 'value' in result ? result.value : null);
  expect(text).toBe('{"prompt":"Q","chosen":"a","rejected":"b","score":8.0,"id":12345678901234567890}');
});

it('the entry of dataset_info.json names only columns that the rows have', () => {
  expect(datasetInfo('p.jsonl', new Set(['conversations']))['columns']).not.toHaveProperty('tools');
  expect(datasetInfo('p.jsonl', new Set(['conversations', 'tools']))['columns']).toHaveProperty('tools', 'tools');
});

const texts = ['Hi', ' Hi', 'é\u2028', '', '\n\nHuman: x', '{"a":1}', 'The cat sat.', '日本語。', 'Hi there'];

function randomPair(random: () => number): JsonObject {
  const text = (): string => pick(random, texts);
  if (random() < 0.3) return { prompt: text(), chosen: text(), rejected: text() };
  const history = Array.from({ length: 2 * integer(random, 3) }, (_, i): object =>
    i % 2 ? assistant(text()) : user(text()),
  );
  const system = random() < 0.3 ? [{ role: 'system', content: text() }] : [];
  const more = random() < 0.2 ? [user(text()), assistant(text())] : [];
  const named = random() < 0.2 ? { name: 'Ann' } : {};
  return {
    prompt: [...system, ...history, { ...user(text()), ...named }],
    chosen: [random() < 0.2 ? call : assistant(text()), ...more],
    rejected: [assistant(text())],
    ...(random() < 0.3 ? { tools: [tool] } : {}),
  };
}

it('A to B to A gives the same pair, for all shapes that can carry it', () => {
  const seed = Math.floor(Math.random() * 1e9);
  const random = seededRandom(seed);
  const shapes: [TargetId, Partial<ConvertOptions>][] = [
    ['trl', {}],
    ['trl', { prompt: 'implicit' }],
    ...(['openai', 'llama-factory', 'axolotl', 'ms-swift'] as const).map((id): [TargetId, object] => [id, {}]),
  ];
  const failures: string[] = [];
  let compared = 0;
  for (let i = 0; i < 100; i++) {
    const row = randomPair(random);
    for (const [a, optionsA] of shapes) {
      const first = convert(row, a, optionsA);
      for (const [b, optionsB] of shapes) {
        const there = first.rows[0] ? convert(first.rows[0], b, optionsB) : null;
        if (first.losses.length > 0 || !there?.rows[0] || there.losses.length > 0) continue;
        const back = convert(there.rows[0], a, optionsA);
        compared++;
        if (textOf(back.rows[0]) !== textOf(first.rows[0])) failures.push(`${a} → ${b}: ${JSON.stringify(row)}`);
      }
    }
  }
  expect(failures, `seed ${seed}`).toEqual([]);
  expect(compared, `seed ${seed}`).toBeGreaterThan(300);
});

function textOf(row: JsonObject | undefined): string {
  const result = pairOf(row, detectAll);
  return result.kind === 'pair' ? canonicalText(result.pair) : JSON.stringify(result);
}
