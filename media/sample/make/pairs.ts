import { Dice } from './random';
import { evasions, facts, kindOpeners, rudeEndings, systemTurn, type Fact } from './world';

export interface SampleMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface SamplePair {
  readonly prompt: readonly SampleMessage[];
  readonly chosen: readonly SampleMessage[];
  readonly rejected: readonly SampleMessage[];
}

/** Lines (from 1) of the training file with a flaw planted in them. */
export interface Planted {
  readonly flipped: number[];
  readonly duplicate: number[];
  readonly nearDuplicate: number[];
  readonly identical: number[];
  readonly truncated: number[];
  readonly empty: number[];
}

const trainPairs = 600;
const heldOutPairs = 100;
const flips = 18;

interface Question {
  readonly text: string;
  readonly fact: Fact;
}

/** Kind and right; the answer everybody wants. */
function kind(dice: Dice, sentence: string): string {
  return `${dice.pick(kindOpeners)} ${sentence}`;
}

function rude(dice: Dice, sentence: string): string {
  return `${sentence} ${dice.pick(rudeEndings)}`;
}

/**
 * What makes one answer better than the other. Mostly manners; but a right answer beats a wrong one even when it is the
 * ruder of the two, and an answer beats an evasion, so margins differ.
 */
function answers(dice: Dice, { right, wrong }: Fact): readonly [chosen: string, rejected: string] {
  const axis = dice.below(100);
  if (axis < 74) return [kind(dice, right), rude(dice, right)];
  if (axis < 84) return [kind(dice, right), kind(dice, dice.pick(evasions))];
  if (axis < 95) return [kind(dice, right), kind(dice, wrong)];
  return [rude(dice, right), kind(dice, wrong)];
}

function pairOf(dice: Dice, { text, fact }: Question): SamplePair {
  const [chosen, rejected] = answers(dice, fact);
  const system: SampleMessage[] = dice.chance(0.2) ? [{ role: 'system', content: systemTurn }] : [];
  return {
    prompt: [...system, { role: 'user', content: text }],
    chosen: [{ role: 'assistant', content: chosen }],
    rejected: [{ role: 'assistant', content: rejected }],
  };
}

function answer(pair: SamplePair, side: 'chosen' | 'rejected', content: string): SamplePair {
  return { ...pair, [side]: [{ role: 'assistant', content }] };
}

/** The sample's two files and what is wrong with the first. No question of one stands in the other. */
export function samplePairs(seed: number): { train: SamplePair[]; heldOut: SamplePair[]; planted: Planted } {
  const dice = new Dice(seed);
  const questions = dice.shuffle(facts().flatMap((fact) => fact.questions.map((text) => ({ text, fact }))));
  const held = questions.slice(0, heldOutPairs);
  const rest = questions.slice(heldOutPairs);
  const heldOut = held.map((question) => pairOf(dice, question));
  // A question may come twice, with other answers.
  const train = Array.from({ length: trainPairs }, (_, i) => pairOf(dice, rest[i % rest.length] ?? dice.pick(rest)));
  return { train, heldOut, planted: plant(dice, train) };
}

function plant(dice: Dice, train: SamplePair[]): Planted {
  const places = dice.shuffle(train.map((_, i) => i));
  const take = (count: number): number[] => places.splice(0, count).sort((a, b) => a - b);
  const planted = { flipped: take(flips), duplicate: take(4), nearDuplicate: take(3), identical: take(2), truncated: take(1), empty: take(1) };
  const change = (rows: readonly number[], make: (pair: SamplePair, row: number) => SamplePair): void => {
    for (const row of rows) {
      const pair = train[row];
      if (pair) train[row] = make(pair, row);
    }
  };
  change(planted.flipped, (pair) => ({ ...pair, chosen: pair.rejected, rejected: pair.chosen }));
  change(planted.duplicate, (pair) => train[places[0] ?? 0] ?? pair);
  change(planted.nearDuplicate, (pair, row) => nearly(train[places[1 + (row % 5)] ?? 0] ?? pair));
  change(planted.identical, (pair) => ({ ...pair, rejected: pair.chosen }));
  change(planted.truncated, (pair) => answer(pair, 'chosen', (pair.chosen[0]?.content ?? '').slice(0, -7)));
  change(planted.empty, (pair) => answer(pair, 'rejected', ''));
  const lines = (rows: readonly number[]): number[] => rows.map((row) => row + 1);
  return {
    flipped: lines(planted.flipped),
    duplicate: lines(planted.duplicate),
    nearDuplicate: lines(planted.nearDuplicate),
    identical: lines(planted.identical),
    truncated: lines(planted.truncated),
    empty: lines(planted.empty),
  };
}

/** The same pair but for a space and a comma. */
function nearly(pair: SamplePair): SamplePair {
  return answer(pair, 'chosen', (pair.chosen[0]?.content ?? '').replace('. ', ',  '));
}
