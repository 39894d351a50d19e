import { isRecord } from '../base/pure/isRecord';
import type { AnswerList } from './answerList';
import type { JudgedAnswer } from './judged';
import type { Message, Pair, PairStyle } from './pair';

/** 64 bits as two unsigned 32-bit numbers. The odds that two of a million rows collide are 1 in 37 million. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

/**
 * The hash of a row's content, and the hash that a contradicting row would have: the same prompt with the answers
 * exchanged, or with the opposite label.
 */
export interface RowHashes {
  readonly own: Hash;
  readonly opposite: Hash;
}

/**
 * The hashes of a pair's content. A run of white space counts as one space, and white space at the ends of a text does
 * not count, so rows that differ only in spacing are duplicates.
 */
export function pairHashes({ style, prompt, chosen, rejected, tools }: Pair): RowHashes {
  const start = new Hasher()
    .values([style, tools ?? null])
    .turns(prompt)
    .hash();
  const a = new Hasher().turns(chosen).gap(style, prompt, chosen).hash();
  const b = new Hasher().turns(rejected).gap(style, prompt, rejected).hash();
  return { own: joined(start, a, b), opposite: joined(start, b, a) };
}

/** The hashes of a judged answer's content; white space counts as in {@link pairHashes}. */
export function judgedHashes({ style, prompt, completion, label, tools }: JudgedAnswer): RowHashes {
  const start = new Hasher()
    .values([style, tools ?? null])
    .turns(prompt)
    .hash();
  const answer = new Hasher().turns(completion).gap(style, prompt, completion).hash();
  const judged = (good: boolean): Hash => joined(start, answer, new Hasher().values(['judged', good]).hash());
  return { own: judged(label), opposite: judged(!label) };
}

/**
 * The hashes of a list's content; the order of the answers in the row does not count. The opposite list has the same
 * answers with the order of preference reversed.
 */
export function listHashes(list: AnswerList): RowHashes {
  const { style, prompt, answers, best, tools } = list;
  const start = new Hasher()
    .values([style, tools ?? null])
    .turns(prompt)
    .hash();
  const ranks = [...new Set(answers.flatMap(({ value }) => (value === null ? [] : [value])))].sort((a, b) => a - b);
  const fromBest = best === 'lowest' ? ranks : ranks.toReversed();
  const inOrder = (order: readonly number[]): Hash => {
    const each = answers.map(({ turns, value }) =>
      new Hasher()
        .values([value === null ? null : order.indexOf(value)])
        .turns(turns)
        .hash(),
    );
    return joined(start, ...each.sort((a, b) => a.high - b.high || a.low - b.low));
  };
  return { own: inOrder(fromBest), opposite: inOrder(fromBest.toReversed()) };
}

function joined(...parts: readonly Hash[]): Hash {
  const hasher = new Hasher();
  for (const { high, low } of parts) {
    hasher.unit(high);
    hasher.unit(low);
  }
  return hasher.hash();
}

/** Two independent multiplicative hashes of 32 bits, finished with the mix of MurmurHash3 (`fmix32`). */
class Hasher {
  private one = 0x9e3779b9;
  private two = 0x85ebca6b;

  unit(code: number): void {
    this.one = Math.imul(this.one ^ code, 0x9e3779b1);
    this.one ^= this.one >>> 15;
    this.two = Math.imul(this.two ^ code, 0x5f356495);
    this.two ^= this.two >>> 13;
  }

  /**
   * Adds a text with its white space normalised. Most of the time of a check is spent here, so two characters are mixed
   * at a time, in local variables.
   */
  text(text: string): this {
    let { one, two } = this;
    let [before, half] = [space, 0];
    const end = text.trimEnd().length;
    for (let i = 0; i < end; i++) {
      const unit = text.charCodeAt(i);
      const code = unit < space || (unit > 0x84 && isWideSpace(unit)) ? space : unit;
      // A space after a space; the first character comes after one.
      if ((code | before) === space) continue;
      before = code;
      if (half === 0) {
        half = code;
        continue;
      }
      const pair = half | (code << 16);
      half = 0;
      one = Math.imul(one ^ pair, 0x9e3779b1);
      one ^= one >>> 15;
      two = Math.imul(two ^ pair, 0x5f356495);
      two ^= two >>> 13;
    }
    this.one = one;
    this.two = two;
    this.unit(half);
    this.unit(endOfText);
    return this;
  }

  start(style: PairStyle, tools: readonly unknown[] | undefined): this {
    this.unit(styles.indexOf(style));
    return tools ? this.values(tools) : this;
  }

  turns(turns: readonly Message[]): this {
    for (const turn of turns) {
      this.text(turn.role).text(turn.content);
      // Most turns have no other fields.
      if (Object.keys(turn).length > 2) this.fields(turn);
    }
    this.unit(endOfList);
    return this;
  }

  private fields({ role: _role, content: _content, ...rest }: Message): void {
    const more = Object.entries(rest).filter(([, value]) => value !== null);
    if (more.length > 0) this.values(more.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * Adds whether white space separates prompt and answer. Plain texts are joined for training, so "Answer:" + "yes" and
   * "Answer:" + " yes" are different content.
   */
  gap(style: PairStyle, prompt: readonly Message[], answer: readonly Message[]): this {
    if (style !== 'plain') return this;
    if (isSpace(prompt.at(-1)?.content.at(-1)) || isSpace(answer[0]?.content.at(0))) this.unit(0x20);
    return this;
  }

  values(value: unknown): this {
    if (Array.isArray(value)) for (const item of value) this.values(item);
    else if (isRecord(value)) for (const key of Object.keys(value).sort()) this.text(key).values(value[key]);
    else this.text(String(value));
    this.unit(endOfList);
    return this;
  }

  hash(): Hash {
    return {
      high: mixed(this.one ^ Math.imul(this.two, 0x27d4eb2f)),
      low: mixed(this.two ^ Math.imul(this.one, 0x165667b1)),
    };
  }
}

const styles: readonly PairStyle[] = ['plain', 'chat', 'transcript'];
/** The second half of a pair is never 0, so no text contains them. */
const endOfText = 0x10000;
const endOfList = 0x10001;
/** All white space and control characters count as this one. */
const space = 0x20;

function isSpace(unit: string | undefined): boolean {
  return unit !== undefined && unit.trim() === '';
}

function isWideSpace(code: number): boolean {
  if (code === 0x85 || code === 0xa0) return true;
  if (code < 0x2000) return code === 0x1680;
  return code <= 0x200a || (code >= 0x2028 && code <= 0x202f) || code === 0x3000 || code === 0xfeff;
}

function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
