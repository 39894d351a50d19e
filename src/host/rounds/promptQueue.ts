import { seededRandom } from '../../base/pure/seededRandom';
import type { Message } from '../../pairs/pair';
import { mostDrafts } from '../../protocol/round';

/** What the queue reads of a line of drafts.jsonl. */
export interface QueuedDraft {
  readonly prompt_key: string;
  readonly prompt: readonly Message[];
  readonly draft: number;
  readonly text: string;
  readonly tokens: number;
  readonly finish: 'stop' | 'length';
  readonly reward: number | null;
  readonly duplicate_of: number | null;
}

/** A prompt with its drafts in the order in which they are shown. */
export interface QueuedPrompt {
  readonly key: string;
  readonly messages: readonly Message[];
  readonly drafts: readonly QueuedDraft[];
}

export interface PromptQueue {
  readonly prompts: readonly QueuedPrompt[];
  /** Prompts with fewer than two drafts that differ. */
  readonly leftOut: number;
}

/**
 * The prompts of a round in the order of drafts.jsonl, without drafts that repeat another. The drafts of a prompt are
 * shuffled by the seed; later drafts (*More Drafts*) come after the first `k`, so that nothing moves.
 */
export function promptQueue(drafts: readonly QueuedDraft[], k: number, seed: number): PromptQueue {
  const byPrompt = new Map<string, QueuedDraft[]>();
  for (const draft of drafts) {
    const group = byPrompt.get(draft.prompt_key) ?? [];
    byPrompt.set(draft.prompt_key, group);
    if (draft.duplicate_of === null) group.push(draft);
  }
  const prompts = [...byPrompt].flatMap(([key, group]): QueuedPrompt[] => {
    const [first] = group;
    if (first === undefined || group.length < 2) return [];
    return [{ key, messages: first.prompt, drafts: shuffled(group, key, k, seed).slice(0, mostDrafts) }];
  });
  return { prompts, leftOut: byPrompt.size - prompts.length };
}

function shuffled(group: readonly QueuedDraft[], key: string, k: number, seed: number): QueuedDraft[] {
  const placed = group.map((draft) => {
    const batch = Math.floor(draft.draft / Math.max(1, k));
    return { draft, batch, random: seededRandom(hashOf(`${seed} ${key} ${draft.draft}`))() };
  });
  placed.sort((a, b) => a.batch - b.batch || a.random - b.random);
  return placed.map(({ draft }) => draft);
}

/** FNV-1a of the UTF-16 units, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
