import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/pairs/pair';
import { pairsIn } from '../../../src/pairs/pairsIn';
import type { PairResult } from '../../../src/pairs/readPair';
import { caseFolder, sayAbout } from './caseFiles';

const rowFile = (name: string): string => path.join(caseFolder, 'rows', name);

/** The findings for each file of `cases/rows`. The files hold mistakes that people reported to other tools. */
const rows: Record<string, readonly string[]> = {
  'answers-list-of-strings.jsonl': ['error wrong-type chosen 1', 'error wrong-type rejected 1'],
  'blank-lines.jsonl': ['error missing-field rejected 5'],
  'bom-crlf.jsonl': [],
  'bom.jsonl': [],
  'cr-only.jsonl': ['error not-json 1'],
  'deep-emoji.jsonl': [],
  'developer-role.jsonl': ['warning unknown-role prompt 1'],
  'duplicate-keys.jsonl': [],
  'empty-list-answer.jsonl': ['warning empty-answer rejected 3'],
  'empty.jsonl': ['error no-rows'],
  'extra-spaces.jsonl': ['info white-space chosen 1'],
  'hh-crlf-inside.jsonl': ['info almost-transcript chosen 1'],
  'hh-lowercase.jsonl': ['info almost-transcript chosen 1'],
  'identical.jsonl': ['warning identical-answers rejected 1', 'warning identical-answers rejected 2'],
  'kto-all-bad.jsonl': ['info one-label label'],
  'kto-good.jsonl': [],
  'kto-label-text.jsonl': ['error label-not-boolean label 1', 'error label-not-boolean label 2'],
  'kto-mixed-int.jsonl': ['error label-not-boolean label 1', 'error label-not-boolean label 2'],
  'latin1.jsonl': ['error not-json 1'],
  'lfs-pointer.jsonl': ['file not-json-lines'],
  'lone-surrogate.jsonl': [],
  'long-prompt.jsonl': [],
  'mixed-shapes.jsonl': [],
  'near-duplicate.jsonl': ['warning duplicate 2', 'warning duplicate 3'],
  'nested-object-answer.jsonl': ['error wrong-type chosen 1', 'error wrong-type rejected 1'],
  'no-prompt-chat.jsonl': ['warning empty-prompt prompt 1'],
  'no-prompt.jsonl': ['warning empty-prompt prompt 1', 'warning empty-prompt prompt 2'],
  'null-answer.jsonl': ['error missing-field rejected 2'],
  'null-tool_calls-empty.jsonl': ['warning empty-answer chosen 1'],
  'number-answer.jsonl': ['error wrong-type chosen 1', 'error wrong-type rejected 1'],
  'pretemplated-text.jsonl': [
    'info template-text prompt 1',
    'info template-text chosen 1',
    'info template-text rejected 1',
  ],
  'prompt-repeated-text.jsonl': ['warning repeated-prompt chosen 1', 'warning repeated-prompt rejected 1'],
  'python-nan.jsonl': ['error not-json 1'],
  'question-column-chat.jsonl': [],
  'question-column-lists.jsonl': ['error lost-question question 1,2'],
  'question-column.jsonl': [],
  'rejected-role-user.jsonl': ['warning role-order rejected 1'],
  'same-tokens.jsonl': [],
  'score-as-text.jsonl': [],
  'single-quotes.jsonl': ['error not-json 1'],
  'swap-dash-columns.jsonl': [],
  'tool-args-object.jsonl': [],
  'tool-args-text.jsonl': [],
  'trailing-comma.jsonl': ['error not-json 1', 'error not-json 2'],
  'two-objects-one-line.jsonl': ['error not-json 1'],
  'two-user-turns.jsonl': ['warning role-order prompt 2'],
  'u2028.jsonl': [],
  'uf-prompt-differs.jsonl': ['warning duplicate 2', 'warning prompt-differs prompt 2'],
  'utf16le.jsonl': [],
  'whitespace-prompt.jsonl': [],
};

describe('rows with mistakes that people make', () => {
  it.each(readdirSync(path.join(caseFolder, 'rows')))('%s gets the expected problems', async (name) => {
    const { said } = await sayAbout(rowFile(name));
    expect(said).toEqual(rows[name]);
  });

  it.each([
    ['question-column-lists.jsonl', '"question" is not read'],
    ['kto-label-text.jsonl', 'label is the text "true": write true without quotes'],
    ['kto-mixed-int.jsonl', 'label is the number 1: write true'],
    ['lfs-pointer.jsonl', 'run git lfs pull'],
    ['python-nan.jsonl', 'column 133: NaN is not JSON: write null'],
    ['single-quotes.jsonl', 'write double quotes'],
    ['trailing-comma.jsonl', 'delete it'],
    ['two-objects-one-line.jsonl', 'a second row begins here'],
    ['cr-only.jsonl', 'end lines with LF'],
  ])('%s: %s', async (name, sentence) => {
    expect((await sayAbout(rowFile(name))).messages).toContain(sentence);
  });

  it('rows of UltraFeedback whose prompt differs are read from the lists', async () => {
    const { rows: read } = await sayAbout(rowFile('uf-prompt-differs.jsonl'));
    expect(read.map(({ result }) => result.kind)).toEqual(['pair', 'pair']);
    expect(read.map(({ result }) => textsOf(result).slice(0, 1))).toEqual([[questions[0]], [questions[0]]]);
  });
});

const questions = [
  'Which is bigger, a bee or a horse?',
  'How many legs does a sheep have?',
  'Tell me the colour of butter.',
];
const good = ['A horse is bigger.', 'A sheep has four legs.', 'Butter is yellow.'];
const bad = ['A bee. Stop asking.', 'Nine, I think.', 'Butter is black.'];

/**
 * How each file of `cases/shapes` is read, or its findings. The files hold the same three pairs as different tools
 * write them.
 */
const shapes: Record<string, 'pairs' | 'pairs with system' | 'transcripts' | 'judged' | readonly string[]> = {
  'argilla-v1-export.jsonl': 'pairs',
  'array-oneline.json': 'pairs',
  'array.json': 'pairs',
  'axolotl-chatml-argilla.jsonl': 'pairs with system',
  'axolotl-chatml-intel.jsonl': 'pairs with system',
  'axolotl-chatml-prompt_pairs.jsonl': 'pairs with system',
  'axolotl-chatml-ultra.jsonl': 'pairs with system',
  'axolotl-user_defined.jsonl': ['error unknown-shape 1,2,3'],
  'distilabel-capybara.jsonl': 'pairs',
  'distilabel-format-chat-dpo.jsonl': 'pairs',
  'helpsteer2-preference.jsonl': ['warning tie 3', 'info how-read preference_strength 1,2'],
  'hh-with-prompt.jsonl': 'transcripts',
  'hh.jsonl': 'pairs',
  'json-string-in-chosen.jsonl': 'pairs',
  'kto-chat.jsonl': 'judged',
  'kto-plain.jsonl': 'judged',
  'kto-llamafactory.jsonl': 'judged',
  'lf-sharegpt-ranking.jsonl': 'pairs',
  'single-message-object.jsonl': 'pairs',
  'trl-prompt-chat-full.jsonl': 'pairs',
  'kto-chosen-score.jsonl': [
    'error label-not-boolean label 1',
    'error label-not-boolean label 2',
    'error label-not-boolean label 3',
  ],
  'lf-alpaca-output-list.jsonl': 'pairs',
  'lf-alpaca-ranking.jsonl': 'pairs',
  'ms-swift-query.jsonl': 'pairs',
  'ms-swift-rejected_response.jsonl': 'pairs',
  'nemo-aligner.jsonl': 'pairs',
  'openai-preference.jsonl': 'pairs',
  'openrlhf-input.jsonl': 'pairs',
  'orca_dpo_pairs.jsonl': 'pairs with system',
  'pairs.csv': 'pairs',
  'pairs.jsonl.gz': 'pairs',
  'pretty.jsonl': 'pairs',
  'prompt-text-answers-lists.jsonl': 'pairs',
  'stackexchange.jsonl': 'pairs',
  'torchtune.jsonl': 'pairs',
  'trl-explicit-chat.jsonl': 'pairs',
  'trl-explicit-plain.jsonl': 'pairs',
  'trl-implicit-chat.jsonl': 'pairs',
  'trl-implicit-plain.jsonl': 'pairs',
  'ultrafeedback-binarized.jsonl': 'pairs',
  'ultrafeedback-cleaned.jsonl': 'pairs',
};
/** Shapes whose every row has the same problems, or other questions than the rest. */
const others: Record<string, readonly string[]> = {
  'content-parts-image.jsonl': ['warning unread-key images 1,2,3', 'warning media-part prompt 1,2,3'],
  'tool-calls-no-content.jsonl': [],
  'tool-calls.jsonl': [],
};

const sharedShapes = '../shared/cases/shapes';

describe('the shapes of other tools', () => {
  it.skipIf(!existsSync(sharedShapes))(`are those of ${sharedShapes} (skipped without that folder)`, () => {
    const files = readdirSync(sharedShapes);
    const text = (folder: string, name: string): string => readFileSync(path.join(folder, name)).toString('base64');
    const other = files.filter((name) => text(sharedShapes, name) !== text(path.join(caseFolder, 'shapes'), name));
    expect(other).toEqual([]);
  });

  it.each(readdirSync(path.join(caseFolder, 'shapes')))('%s is read as its three rows, or named', async (name) => {
    const { rows: read, said } = await sayAbout(path.join(caseFolder, 'shapes', name));
    const expected = shapes[name] ?? others[name];
    if (typeof expected === 'object') {
      expect(said).toEqual(expected);
      return;
    }
    expect(said.filter((one) => !/^info (?:unknown-key|pair-rule)/.test(one))).toEqual([]);
    expect(read.map(({ result }) => textsOf(result))).toEqual(
      questions.map((question, i) => textsAs(String(expected), question, i)),
    );
  });
});

/** The texts of a row: question, answers; the start that two plain texts happen to share belongs to the prompt. */
function textsOf(result: PairResult): string[] {
  const join = (turns: readonly Message[]): string => turns.map(({ content }) => content.trim()).join(' ');
  if (result.kind === 'judged')
    return [join(result.answer.prompt), join(result.answer.completion), String(result.answer.label)];
  const [pair] = pairsIn(result);
  if (!pair || !('format' in result)) return ['reason' in result ? result.reason : ''];
  const { prompt, chosen, rejected } = pair;
  if (result.format.id !== 'implicit-plain') return [prompt, chosen, rejected].map(join);
  const question = questions.find((one) => prompt[0]?.content.startsWith(one)) ?? '';
  const start = (prompt[0]?.content ?? '').slice(question.length);
  return [question, (start + (chosen[0]?.content ?? '')).trim(), (start + (rejected[0]?.content ?? '')).trim()];
}

function textsAs(kind: string, question: string, row: number): (string | undefined)[] {
  if (kind === 'judged') return row === 1 ? [question, bad[row], 'false'] : [question, good[row], 'true'];
  if (kind === 'pairs with system') return [`You talk with a child. ${question}`, good[row], bad[row]];
  return [kind === 'transcripts' ? `Human: ${question}\n\nAssistant:` : question, good[row], bad[row]];
}
