import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';

describe('the workbench', () => {
  let workbench: Workbench | undefined;
  beforeAll(async () => {
    workbench = await Workbench.open();
  });
  afterAll(() => workbench?.close());

  it('shows Margin in the activity bar, with the preference files of the folder', async () => {
    await workbench?.activity('Margin').click();
    await workbench?.row('prefs.jsonl').waitFor();
    expect(await workbench?.row('prefs.jsonl').isVisible()).toBe(true);
  });
});
