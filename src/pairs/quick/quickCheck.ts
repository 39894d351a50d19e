import { at } from '../../base/pure/must';
import { gap, labelHash, styleHasher } from '../contentHash';
import { type Hash, Hasher, textHash } from '../hasher';
import { uncoveredRules } from './coveredRules';
import { isClean, type TextOf } from './quickChecks';
import type { QuickShape } from './quickPlan';
import { type Part, RowReader } from './rowReader';
import { roles, type Turn } from './turns';

/** Places of the hashes of a row's parts. */
const [ofPrompt, ofAnswer, ofOther] = [0, 2, 4] as const;

/**
 * Checks rows of common shapes in the bytes of a file. For a row that certainly has no problems it finds the same
 * hashes as `reportOf`, quicker than `JSON.parse` parses it; all other rows are left to `readPair` and `checkRow`.
 */
export class QuickCheck {
  /** High and low of the row's own hash and of its opposite, as `RowHashes` has them. */
  readonly hashes = new Uint32Array(4);
  /** The label of a judged answer; null for a pair. */
  label: boolean | null = null;
  private bytes: Uint8Array = new Uint8Array(0);
  private readonly row = new RowReader();
  private readonly hasher = new Hasher();
  private readonly starts = { plain: styleHasher('plain'), chat: styleHasher('chat') };
  private readonly roles = roles.map(textHash);
  private readonly labels = { good: labelHash(true), bad: labelHash(false) };
  private readonly parts = new Uint32Array(6);

  constructor(private readonly textOf: TextOf) {}

  /** Continues with other bytes. @param bytes all bytes of their buffer */
  use(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.row.scan.use(bytes);
  }

  /**
   * Checks a row, which must be valid UTF-8.
   *
   * @param start where the row begins
   * @param stop where it ends, before its line end
   * @returns whether the row certainly has no problems; then {@link hashes} and {@link label} are those of the row
   */
  check(start: number, stop: number): boolean {
    const { bytes } = this;
    if (uncoveredRules.length > 0) return false;
    const shape = this.row.read(bytes, start, stop);
    if (shape === null || !isClean(bytes, this.row, shape, this.textOf)) return false;
    this.hash(shape);
    return true;
  }

  private hash({ style, judged }: QuickShape): void {
    const { row, hasher, parts, hashes } = this;
    const { label } = row;
    hasher.copy(this.starts[style]);
    this.addTurns(row.prompt);
    hasher.write(parts, ofPrompt);
    this.label = judged ? label : null;
    this.answer(judged ? row.completion : row.chosen, style, ofAnswer);
    if (judged) {
      this.judged(label ? this.labels.good : this.labels.bad).write(hashes, 0);
      this.judged(label ? this.labels.bad : this.labels.good).write(hashes, 2);
      return;
    }
    this.answer(row.rejected, style, ofOther);
    this.joined(ofAnswer, ofOther).write(hashes, 0);
    this.joined(ofOther, ofAnswer).write(hashes, 2);
  }

  private answer(answer: Part, style: 'plain' | 'chat', place: number): void {
    const { turns, prompt } = this.row;
    this.hasher.reset();
    this.addTurns(answer);
    const isApart = turns.at(prompt.from + prompt.count - 1).spaceAfter || turns.at(answer.from).spaceBefore;
    if (style === 'plain' && isApart) this.hasher.unit(gap);
    this.hasher.write(this.parts, place);
  }

  private addTurns({ from, count }: Part): void {
    for (let i = from; i < from + count; i++) this.addTurn(this.row.turns.at(i));
    this.hasher.endList();
  }

  private addTurn({ role, half, one, two }: Turn): void {
    const { hasher } = this;
    const text = at(this.roles, role);
    hasher.unit(text.half).unit(text.one).unit(text.two).unit(half).unit(one).unit(two);
  }

  private joined(first: number, second: number): Hasher {
    const { hasher, parts } = this;
    return hasher.reset().add(parts, ofPrompt).add(parts, first).add(parts, second);
  }

  private judged(label: Hash): Hasher {
    const { hasher, parts } = this;
    return hasher.reset().add(parts, ofPrompt).add(parts, ofAnswer).hash(label);
  }
}
