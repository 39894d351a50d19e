import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draftFolder, leavesRoom } from '../../../src/engine/draftFolder';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { temporaryFolder } from '../run/temporaryFolder';

test('an int8 copy is made if it takes less than a quarter of the free memory and half of the free disk', () => {
  expect(leavesRoom(100, 401, 201)).toBe(true);
  expect(leavesRoom(100, 400, 201)).toBe(false);
  expect(leavesRoom(100, 401, 200)).toBe(false);
});

test('no int8 copy is made if its folder cannot be created', async () => {
  const [checkpoint, folder] = [await openCheckpoint('media/sample/model'), await temporaryFolder()];
  await writeFile(join(folder, 'file'), '');
  expect(await draftFolder(checkpoint, join(folder, 'file', 'drafts'))).toBeUndefined();
  expect(await draftFolder(checkpoint, join(folder, 'drafts'))).toBe(join(folder, 'drafts'));
});
