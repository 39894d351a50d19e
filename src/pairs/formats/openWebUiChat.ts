import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import { valueAt, withValueAt } from '../own/keyPath';
import type { Path } from './inside';
import type { Part } from './parts';

/** A rated message of a chat, and the conversation before it. */
export interface Rated {
  readonly prompt: Part;
  readonly answer: Part;
}

/** A message of the tree that Open WebUI keeps: the answers to one question have the same parent. */
interface Node {
  readonly path: Path;
  readonly role: string;
  readonly content: string;
  readonly parentId: unknown;
  readonly id: string;
}

/**
 * The paths at which a row may hold the chat. The export nests it in a database record; some tools leave the record
 * out.
 */
const chatPaths: readonly Path[] = [
  ['snapshot', 'chat', 'chat'],
  ['snapshot', 'chat'],
];

/** The message that the feedback of a row rates; null if the row does not hold it. */
export function ratedAnswer(value: JsonObject): Rated | null {
  const found = ratedNode(value);
  return found && { prompt: conversation(value, found.tree, found.node), answer: turn([found.node]) };
}

/** The only other answer to the same question; null if there is none, or several. */
export function siblingOf(value: JsonObject): Rated | null {
  const found = ratedNode(value);
  if (!found) return null;
  const { tree, node } = found;
  const others = [...tree.values()].filter(
    ({ id, parentId, role }) => id !== node.id && (parentId ?? null) === (node.parentId ?? null) && role === node.role,
  );
  const [other] = others;
  return other && others.length === 1 ? { prompt: conversation(value, tree, node), answer: turn([other]) } : null;
}

interface Found {
  readonly tree: ReadonlyMap<string, Node>;
  readonly node: Node;
}

function ratedNode(value: JsonObject): Found | null {
  const id = valueAt(value, ['meta', 'message_id']);
  for (const place of chatPaths) {
    const tree = treeAt(value, place);
    const node = typeof id === 'string' ? tree.get(id) : undefined;
    if (node) return node.role === 'assistant' ? { tree, node } : null;
  }
  return null;
}

/** The messages by their ids: `history.messages` is the tree, `messages` the branch that was shown. */
function treeAt(value: JsonObject, place: Path): ReadonlyMap<string, Node> {
  const history: Path = [...place, 'history', 'messages'];
  const inTree = valueAt(value, history);
  if (isRecord(inTree))
    return byId(Object.keys(inTree).map((key) => nodeOf(inTree[key], [...history, key], undefined)));
  const shown: Path = [...place, 'messages'];
  const list = valueAt(value, shown);
  if (!Array.isArray(list)) return new Map();
  return byId(list.map((item: unknown, i) => nodeOf(item, [...shown, i], i === 0 ? null : idOf(list[i - 1]))));
}

function byId(nodes: readonly (Node | null)[]): ReadonlyMap<string, Node> {
  return new Map(nodes.flatMap((node) => (node ? [[node.id, node] as const] : [])));
}

/** @param before the id of the message before it in a list, for messages without a parent of their own */
function nodeOf(item: unknown, path: Path, before: unknown): Node | null {
  if (!isRecord(item)) return null;
  const { role, content } = item;
  const id = idOf(item);
  if (typeof role !== 'string' || typeof content !== 'string' || id === null) return null;
  return { path, role, content, parentId: 'parentId' in item ? item['parentId'] : before, id };
}

function idOf(item: unknown): string | null {
  return isRecord(item) && typeof item['id'] === 'string' ? item['id'] : null;
}

/** The chat's system prompt and the turns from the first question to the message before `node`. */
function conversation(value: JsonObject, tree: ReadonlyMap<string, Node>, node: Node): Part {
  const nodes: Node[] = [];
  const seen = new Set<string>();
  for (let id = node.parentId; typeof id === 'string' && !seen.has(id);) {
    seen.add(id);
    const parent = tree.get(id);
    if (!parent) break;
    nodes.unshift(parent);
    id = parent.parentId;
  }
  return turn([...systemOf(value), ...nodes]);
}

function systemOf(value: JsonObject): Node[] {
  const paths = chatPaths.flatMap((place): Path[] => [
    [...place, 'params', 'system'],
    [...place, 'system'],
  ]);
  const path = paths.find((one) => typeof valueAt(value, one) === 'string' && valueAt(value, one) !== '');
  if (!path) return [];
  // The path leads to the text itself, not to a message.
  return [{ path, role: 'system', content: String(valueAt(value, path)), parentId: null, id: '' }];
}

/** A part of messages, each with its path in the row. A write also changes a copy in the list that was shown. */
function turn(nodes: readonly Node[]): Part {
  return {
    shape: 'other',
    keys: ['snapshot'],
    fits: () => true,
    read: () => nodes.map(({ role, content }) => ({ role, content })),
    write: (value, turns) => turns.reduce((row, { content }, i) => written(row, nodes[i], content), value),
    blank: () => ({}),
  };
}

function written(row: JsonObject, node: Node | undefined, content: string): JsonObject {
  if (!node || node.content === content) return row;
  const path: Path = node.id === '' ? node.path : [...node.path, 'content'];
  return copies(withValueAt(row, path, content), node, content);
}

function copies(row: JsonObject, { id, content: old }: Node, content: string): JsonObject {
  return chatPaths.reduce((next, place) => {
    const list = valueAt(next, [...place, 'messages']);
    if (id === '' || !Array.isArray(list)) return next;
    const index = list.findIndex((item) => idOf(item) === id && isRecord(item) && item['content'] === old);
    return index < 0 ? next : withValueAt(next, [...place, 'messages', index, 'content'], content);
  }, row);
}
