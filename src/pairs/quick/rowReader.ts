import { scoreAgainst } from '../rules/scores';
import { otherSideKey } from '../sideColumns';
import { byteAt, isAt, letter } from './bytes';
import { afterBlank, numberAt, skipValue } from './jsonSkip';
import { isAbout, type QuickShape, readKeys, shapeOf, type ValueKind } from './quickPlan';
import { TextScan } from './textScan';
import { assistant, Turns, user } from './turns';

/** Where the turns of a key are in {@link RowReader.turns}. */
export interface Part {
  from: number;
  count: number;
}

interface Key {
  readonly name: string;
  /** Its text in the file, with quotes. */
  readonly quoted: string;
  /** `read` for keys that a quick format reads; `score` for others that name a side. */
  readonly use: 'read' | 'about' | 'score' | 'unknown';
  /** See `scoreAgainst`. */
  readonly against: string | null;
}

/** What is known of the rows that begin with the same keys and kinds of values. */
interface Node {
  readonly path: readonly (readonly [key: string, kind: ValueKind])[];
  readonly next: Map<Key, Map<ValueKind, Node>>;
  /** The key that came last, and the node after it. */
  lastKey: Key | null;
  lastKind: ValueKind;
  lastNode: Node | null;
  /** Undefined until a row ends here. */
  shape: QuickShape | null | undefined;
}

/** Bounds the memory for files where each row has other keys. */
const mostKeys = 1000;
const mostNodes = 1000;
const longestKey = 100;
const mostScores = 20;
const quote = letter('"');

/** Reads rows of the quick formats in bytes, without an object for each. */
export class RowReader {
  readonly scan = new TextScan();
  readonly turns = new Turns(this.scan);
  readonly prompt: Part = { from: 0, count: 0 };
  readonly chosen: Part = { from: 0, count: 0 };
  readonly rejected: Part = { from: 0, count: 0 };
  readonly completion: Part = { from: 0, count: 0 };
  label = false;
  private readonly scores: { key: Key; value: number }[] = [];
  private readonly keys = new Map<string, Key>();
  private readonly root = nodeAt([]);
  private nodes = 0;
  /** The end and the kind of the value that was read last. */
  private end = 0;
  private kind: ValueKind = 'other';

  /**
   * Reads a row.
   *
   * @param bytes a part of a text that is valid UTF-8
   * @param start where the row begins
   * @param stop where it ends, before its line end
   * @returns its shape; null to give up
   */
  read(bytes: Uint8Array, start: number, stop: number): QuickShape | null {
    this.turns.clear();
    if (this.scores.length > 0) this.scores.length = 0;
    this.prompt.count = 0;
    this.chosen.count = 0;
    this.rejected.count = 0;
    this.completion.count = 0;
    let node = this.root;
    let i = afterBlank(bytes, start);
    if (byteAt(bytes, i) !== letter('{')) return null;
    for (;;) {
      i = afterBlank(bytes, i + 1);
      const key = this.keyAt(bytes, i, stop, node);
      if (key === null || key.use === 'unknown') return null;
      i = afterBlank(bytes, i + key.quoted.length);
      if (byteAt(bytes, i) !== letter(':')) return null;
      if (!this.value(bytes, afterBlank(bytes, i + 1), stop, key)) return null;
      const next = this.after(node, key, this.kind);
      if (next === null) return null;
      node = next;
      i = afterBlank(bytes, this.end);
      const byte = byteAt(bytes, i);
      if (byte === letter('}')) break;
      if (byte !== letter(',')) return null;
    }
    if (afterBlank(bytes, i + 1) < stop) return null;
    if (node.shape === undefined) node.shape = shapeOf(node.path);
    return node.shape;
  }

  /** Whether each score of the chosen answer is better than that of the rejected one, where there are both. */
  get scoresAgree(): boolean {
    if (this.scores.length < 2) return true;
    return this.scores.every(({ key, value }) =>
      this.scores.every((other) => other.key.name !== key.against || value > other.value),
    );
  }

  /** The key at an offset; null to give up. Most rows have the keys of the row before. */
  private keyAt(bytes: Uint8Array, i: number, stop: number, { lastKey }: Node): Key | null {
    if (lastKey !== null && isAt(bytes, i, lastKey.quoted)) return lastKey;
    if (byteAt(bytes, i) !== quote) return null;
    let name = '';
    for (let at = i + 1; at < stop && name.length <= longestKey; at++) {
      const byte = byteAt(bytes, at);
      if (byte === quote) return this.keyOf(name);
      if (byte < 0x20 || byte > 0x7e || byte === letter('\\')) return null;
      name += String.fromCharCode(byte);
    }
    return null;
  }

  private keyOf(name: string): Key | null {
    const known = this.keys.get(name);
    if (known || this.keys.size >= mostKeys) return known ?? null;
    const key: Key = { name, quoted: `"${name}"`, use: useOf(name), against: scoreAgainst(name) };
    this.keys.set(name, key);
    return key;
  }

  /** Reads a value. Sets `end` and `kind`. @returns false to give up */
  private value(bytes: Uint8Array, i: number, stop: number, key: Key): boolean {
    const { name, use } = key;
    if (use !== 'read') {
      this.kind = 'other';
      this.end = skipValue(bytes, i, stop, this.scan);
      return this.end >= 0 && (use === 'about' || this.keepScore(bytes, i, key));
    }
    if (name === 'label') return this.judgement(bytes, i);
    const part = this.partOf(name);
    if (part.count > 0) return false;
    part.from = this.turns.length;
    const byte = byteAt(bytes, i);
    if (byte === quote) {
      this.kind = 'text';
      this.end = this.turns.text(bytes, i, stop, name === 'prompt' ? user : assistant);
    } else if (byte === letter('[')) {
      this.kind = 'messages';
      this.end = this.turns.list(bytes, i + 1, stop);
    } else return false;
    part.count = this.turns.length - part.from;
    return this.end >= 0;
  }

  private keepScore(bytes: Uint8Array, i: number, key: Key): boolean {
    if (this.scores.length >= mostScores) return false;
    const value = numberAt(bytes, i, this.end);
    if (value !== null) this.scores.push({ key, value });
    return true;
  }

  private judgement(bytes: Uint8Array, i: number): boolean {
    this.kind = 'boolean';
    this.label = isAt(bytes, i, 'true');
    this.end = i + (this.label ? 4 : 5);
    return this.label || isAt(bytes, i, 'false');
  }

  private partOf(name: string): Part {
    switch (name) {
      case 'prompt':
        return this.prompt;
      case 'chosen':
        return this.chosen;
      case 'rejected':
        return this.rejected;
      default:
        return this.completion;
    }
  }

  /** The node after a key; null if there are too many. */
  private after(node: Node, key: Key, kind: ValueKind): Node | null {
    if (node.lastKey === key && node.lastKind === kind) return node.lastNode;
    let kinds = node.next.get(key);
    if (!kinds) node.next.set(key, (kinds = new Map()));
    let next = kinds.get(kind);
    if (!next) {
      if (++this.nodes > mostNodes) return null;
      kinds.set(kind, (next = nodeAt([...node.path, [key.name, kind]])));
    }
    node.lastKey = key;
    node.lastKind = kind;
    node.lastNode = next;
    return next;
  }
}

function nodeAt(path: Node['path']): Node {
  return { path, next: new Map(), lastKey: null, lastKind: 'other', lastNode: null, shape: undefined };
}

function useOf(name: string): Key['use'] {
  if (readKeys.has(name)) return 'read';
  if (!isAbout(name)) return 'unknown';
  return otherSideKey(name) === null ? 'about' : 'score';
}
