import { byteAt, isAt, letter } from './bytes';
import { afterBlank } from './jsonSkip';
import type { TextScan } from './textScan';

/** The roles of turns; a turn stores the index. */
export const roles = ['user', 'assistant', 'system'] as const;
export const [user, assistant, system] = [0, 1, 2] as const;

/** Longer conversations are left to `readPair`. */
const mostTurns = 256;

/** What a scan found in one text, which is a turn of its own or the content of a message. */
export interface Turn {
  role: number;
  /** Offset of the opening quote. */
  start: number;
  one: number;
  two: number;
  half: number;
  first: number;
  end: number;
  last: number;
  spaceBefore: boolean;
  spaceAfter: boolean;
  isSuspect: boolean;
  otherScript: number;
  mayHoldHeadings: boolean;
  hasOpenBlock: boolean;
}

/** Reads messages in the bytes of a row. The objects of turns are made once and used again for each row. */
export class Turns {
  private readonly all: Turn[] = [];
  private count = 0;

  constructor(private readonly scan: TextScan) {}

  /** Forgets the turns of the last row. */
  clear(): void {
    this.count = 0;
  }

  /** Number of turns so far. */
  get length(): number {
    return this.count;
  }

  at(index: number): Turn {
    const turn = this.all[index];
    if (turn) return turn;
    const made = blankTurn();
    this.all.push(made);
    return made;
  }

  /** Reads a string. @returns the offset after it; −1 to give up */
  text(bytes: Uint8Array, start: number, stop: number, role: number): number {
    const { scan } = this;
    if (this.count >= mostTurns || !scan.scan(bytes, start + 1, stop)) return -1;
    const turn = this.at(this.count++);
    turn.role = role;
    turn.start = start;
    turn.one = scan.one;
    turn.two = scan.two;
    turn.half = scan.half;
    turn.first = scan.first;
    turn.end = scan.end;
    turn.last = scan.last;
    turn.spaceBefore = scan.spaceBefore;
    turn.spaceAfter = scan.spaceAfter;
    turn.isSuspect = scan.isSuspect;
    turn.otherScript = scan.otherScript;
    turn.mayHoldHeadings = scan.mayHoldHeadings;
    turn.hasOpenBlock = scan.hasOpenBlock;
    return scan.end + 1;
  }

  /**
   * Reads a list of messages that have a role and a content and nothing else, after its opening bracket.
   *
   * @returns the offset after the list; −1 to give up
   */
  list(bytes: Uint8Array, start: number, stop: number): number {
    let i = afterBlank(bytes, start);
    for (;;) {
      i = this.message(bytes, i, stop);
      if (i < 0) return -1;
      i = afterBlank(bytes, i);
      const byte = byteAt(bytes, i);
      if (byte === letter(']')) return i + 1;
      if (byte !== letter(',')) return -1;
      i = afterBlank(bytes, i + 1);
    }
  }

  private message(bytes: Uint8Array, start: number, stop: number): number {
    if (byteAt(bytes, start) !== letter('{')) return -1;
    let [role, content] = [-1, -1];
    let i = start;
    for (const closes of [letter(','), letter('}')]) {
      i = afterBlank(bytes, i + 1);
      const isRole = isAt(bytes, i, '"role"');
      if (!isRole && !isAt(bytes, i, '"content"')) return -1;
      i = afterBlank(bytes, i + (isRole ? 6 : 9));
      if (byteAt(bytes, i) !== letter(':')) return -1;
      i = afterBlank(bytes, i + 1);
      if (byteAt(bytes, i) !== letter('"')) return -1;
      if (isRole) {
        role = roleAt(bytes, i);
        if (role < 0) return -1;
        i += roles[role === 0 ? 0 : role === 1 ? 1 : 2].length + 2;
      } else {
        content = this.count;
        i = this.text(bytes, i, stop, user);
        if (i < 0) return -1;
      }
      i = afterBlank(bytes, i);
      if (byteAt(bytes, i) !== closes) return -1;
    }
    if (role < 0 || content < 0 || this.count !== content + 1) return -1;
    this.at(content).role = role;
    return i + 1;
  }
}

/** The role at an offset; −1 if it is none of those. */
function roleAt(bytes: Uint8Array, i: number): number {
  if (isAt(bytes, i, '"user"')) return user;
  if (isAt(bytes, i, '"assistant"')) return assistant;
  return isAt(bytes, i, '"system"') ? system : -1;
}

function blankTurn(): Turn {
  const offsets = { role: 0, start: 0, one: 0, two: 0, half: 0, first: 0, end: 0, last: 0, otherScript: 0 };
  const facts = { spaceBefore: false, spaceAfter: false };
  return { ...offsets, ...facts, isSuspect: false, mayHoldHeadings: false, hasOpenBlock: false };
}
