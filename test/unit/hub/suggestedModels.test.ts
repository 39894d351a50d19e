import { describe, expect, it } from 'vitest';
import { models } from '../../../src/hub/suggestedModels.json';
import { repoPath, parseRepo } from '../../../src/hub/repo';

/** A header has about 100 bytes for each tensor. */
const maxHeader = 100_000;

describe('a suggested model', () => {
  it.each(models)('$id has a size that follows from its parameters in bfloat16, and a header', (model) => {
    const { bytes, parameters } = model;
    const header = bytes - 2 * parameters - 8;
    expect(header).toBeGreaterThan(10_000);
    expect(header).toBeLessThan(maxHeader);
    // safetensors pads the header to a multiple of 8 bytes.
    expect(header % 8).toBe(0);
  });

  it.each(models)('$id names the revision of these numbers and the page that decides', (model) => {
    const { id, revision, source, licence } = model;
    expect(repoPath(parseRepo(id))).toBe(id);
    expect(revision).toMatch(/^[0-9a-f]{40}$/);
    expect(source).toBe(`https://huggingface.co/${id}`);
    expect(licence).toMatch(/^[a-z0-9.-]+$/);
  });
});
