import { shortKey } from '../../base/node/shortKey';
import type { Message } from '../../pairs/pair';

/** Identifies the content of a prompt, independent of its row: 16 hex digits. Roles and contents count. */
export function promptKey(prompt: readonly Message[]): string {
  return shortKey([JSON.stringify(prompt.map(({ role, content }) => [role, content]))], 16);
}
