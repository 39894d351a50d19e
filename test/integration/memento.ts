import type * as vscode from 'vscode';

/** A workspace's stored state, in memory, for one test. */
export function memento(start: Readonly<Record<string, unknown>> = {}): vscode.Memento {
  const values = new Map<string, unknown>(Object.entries(start));
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, fallback?: T) => (values.has(key) ? values.get(key) : fallback) as T,
    update: async (key, value) => void values.set(key, value),
  };
}
