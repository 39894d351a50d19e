import { at, must } from '../../src/base/pure/must';
import { seededRandom } from '../../src/base/pure/seededRandom';

/** How a planted row differs from the row it was made from. */
export type Planting = 'copy' | 'case' | 'punctuation' | 'spaces' | 'swap' | 'insert' | 'delete' | 'move';

export interface TextPair {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

/** A row that was made from an earlier one by edits. */
export interface Planted {
  /** Index of the row, from 0. */
  readonly row: number;
  /** Index of the row it was made from. */
  readonly from: number;
  readonly planting: Planting;
  /** The Jaccard similarity of both rows' word pairs, computed from their texts. */
  readonly similarity: number;
}

const plantings: readonly Planting[] = ['copy', 'case', 'punctuation', 'spaces', 'swap', 'insert', 'delete', 'move'];
const sides = ['prompt', 'chosen', 'rejected'] as const;
const words = 20_000;

/** Makes rows of random words, whose frequencies follow Zipf's law, and plants near duplicates of some among them. */
class Planter {
  private readonly random: () => number;
  private readonly vocabulary: readonly string[];
  private readonly sums: Float64Array;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.vocabulary = Array.from({ length: words }, (_, i) => this.newWord(i));
    this.sums = new Float64Array(words);
    let sum = 0;
    for (let i = 0; i < words; i++) this.sums[i] = sum += 1 / (i + 2);
  }

  /** A row of some 80 words. */
  row(): TextPair {
    return { prompt: `${this.text(8, 16)}?`, chosen: `${this.text(20, 45)}.`, rejected: `${this.text(20, 45)}.` };
  }

  /** A variant of a row. A planting that changes words changes a share of them, at random between 0 and 30 %. */
  variant(row: TextPair): { readonly row: TextPair; readonly planting: Planting } {
    const planting = at(plantings, Math.floor(this.random() * plantings.length));
    const share = 0.3 * this.random();
    const [prompt, chosen, rejected] = sides.map((side) => this.edited(row[side], planting, share));
    return {
      row: { prompt: must(prompt, 'prompt'), chosen: must(chosen, 'chosen'), rejected: must(rejected, 'rejected') },
      planting,
    };
  }

  /** Whether something that happens with a probability happens now. */
  happens(probability: number): boolean {
    return this.random() < probability;
  }

  below(count: number): number {
    return Math.floor(this.random() * count);
  }

  private text(least: number, most: number): string {
    const count = least + this.below(most - least + 1);
    const text = Array.from({ length: count }, () => this.word()).join(' ');
    return at(text, 0).toUpperCase() + text.slice(1);
  }

  /** Draws a word: words with smaller numbers are more probable. */
  private word(): string {
    const place = this.random() * at(this.sums, words - 1);
    let [low, high] = [0, words - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(this.sums, middle) < place) low = middle + 1;
      else high = middle;
    }
    return at(this.vocabulary, low);
  }

  private newWord(index: number): string {
    let word = '';
    for (let rest = index + 7; rest > 0; rest = Math.floor(rest / 80))
      word += at('bdfghjklmnprstvz', rest % 16) + at('aeiou', Math.floor((rest % 80) / 16));
    return word;
  }

  private edited(text: string, planting: Planting, share: number): string {
    switch (planting) {
      case 'copy':
        return text;
      case 'case':
        return this.happens(0.5) ? text.toUpperCase() : text.toLowerCase();
      case 'punctuation':
        return `${text.replaceAll(/ (?=\w)/g, () => (this.happens(0.2) ? ', ' : ' '))}!`;
      case 'spaces':
        return text.replaceAll(' ', () => (this.happens(0.3) ? '  \n' : ' '));
      case 'swap':
        return text.replaceAll(/\w+/g, (word) => (this.happens(share) ? this.word() : word));
      case 'insert':
        return text.replaceAll(/\w+/g, (word) => (this.happens(share) ? `${word} ${this.word()}` : word));
      case 'delete':
        return text.replaceAll(/ \w+/g, (word) => (this.happens(share) ? '' : word));
      case 'move':
        return text.replaceAll(/(\w+) (\w+)/g, (both, one, other) => (this.happens(share) ? `${other} ${one}` : both));
    }
  }
}

/** A row, and what it was made from; null for a row of its own. */
export interface PlantedRow {
  readonly row: TextPair;
  readonly planted: Planted | null;
}

/** Makes rows. About one in ten is a variant of one of the 100 rows before it that are not variants themselves. */
export function* plantedRows(count: number, seed: number): Generator<PlantedRow> {
  const planter = new Planter(seed);
  const last: { readonly index: number; readonly row: TextPair }[] = [];
  for (let index = 0; index < count; index++) {
    if (last.length > 0 && planter.happens(0.1)) {
      const from = at(last, planter.below(last.length));
      const { row, planting } = planter.variant(from.row);
      const similarity = similarityOf(from.row, row);
      yield { row, planted: { row: index, from: from.index, planting, similarity } };
      continue;
    }
    const row = planter.row();
    last.push({ index, row });
    if (last.length > 100) last.shift();
    yield { row, planted: null };
  }
}

/** The Jaccard similarity of the word pairs of two rows, each side by itself: written without Margin's code. */
export function similarityOf(one: TextPair, other: TextPair): number {
  const [a, b] = [wordPairs(one), wordPairs(other)];
  const both = [...a].filter((pair) => b.has(pair)).length;
  return both / (a.size + b.size - both);
}

function wordPairs(row: TextPair): Set<string> {
  const pairs = sides.flatMap((side) => {
    const found = row[side].toLowerCase().match(/[a-z0-9]+/g) ?? [];
    return found.length === 1
      ? [`${side} ${found[0]}`]
      : found.slice(1).map((word, i) => `${side} ${found[i]} ${word}`);
  });
  return new Set(pairs);
}
