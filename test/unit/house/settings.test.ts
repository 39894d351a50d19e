import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contributes } from '../../../package.json';

interface Setting {
  readonly default?: unknown;
  readonly description?: string;
  readonly markdownDescription?: string;
}

const settings: Readonly<Record<string, Setting>> = contributes.configuration.properties;
const section = /^## Settings$([\s\S]*?)^## /m.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
const listed = Array.from(section.matchAll(/^\| `(margin\.[\w.]+)` \|/gm), ([, name]) => name);

describe('the settings', () => {
  it('stand in the table of README.md, each once and in the order of package.json', () => {
    expect(listed).toEqual(Object.keys(settings));
  });

  it.each(Object.keys(settings))('%s has a default and a description of whole sentences', (name) => {
    const { default: usual, description, markdownDescription } = settings[name] ?? {};
    expect(usual).toBeDefined();
    expect([description, markdownDescription].filter((text) => text !== undefined)).toHaveLength(1);
    expect(description ?? markdownDescription).toMatch(/^[A-Z].{20,}\.$/);
  });

  it('have none for telemetry, and README.md says that there is no telemetry', () => {
    expect(Object.keys(settings).filter((name) => /telemetry/i.test(name))).toEqual([]);
    expect(section).toContain('Margin sends no telemetry');
  });
});
