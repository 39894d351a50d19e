import { describe, expect, it } from 'vitest';
import { changeInDir, runChange } from '../../../../src/host/runs/runChange';

const change = (path: string): ReturnType<typeof runChange> => runChange(path.split('/'), '/');
const dir = '/home/ada/.margin/runs';

describe('a changed path', () => {
  it.each(['/home/ada/.margin', dir])('%s may bring runs', (path) => {
    expect(change(path)).toEqual({ kind: 'dir', dir });
  });

  it.each(['', '/config.json', '/state.json', '/scoring.json', '/notes.json'])(
    'of a run folder, %j concerns that run',
    (file) => {
      expect(change(`${dir}/first${file}`)).toEqual({ kind: 'run', dir, folder: `${dir}/first` });
    },
  );

  it.each([
    '/home/ada/prefs.jsonl',
    '/home/ada/.margin/scores/prefs.jsonl',
    `${dir}/first/events.jsonl`,
    `${dir}/first/.state.json-1.tmp`,
    `${dir}/first/checkpoints/step-000010/state.json`,
  ])('%s concerns no list of runs', (path) => {
    expect(change(path)).toBeNull();
  });

  it('is read with the separator of Windows as well', () => {
    expect(runChange(String.raw`C:\data\.margin\runs\a\state.json`.split('\\'), '\\')).toEqual({
      kind: 'run',
      dir: String.raw`C:\data\.margin\runs`,
      folder: String.raw`C:\data\.margin\runs\a`,
    });
  });

  it('in an output_dir outside of the workspace is read by its place below that folder', () => {
    expect(changeInDir('/disk/runs', [''], '/')).toEqual({ kind: 'dir', dir: '/disk/runs' });
    expect(changeInDir('/disk/runs', ['a', 'config.json'], '/')).toEqual({
      kind: 'run',
      dir: '/disk/runs',
      folder: '/disk/runs/a',
    });
    expect(changeInDir('/disk/runs', ['a', 'log.txt'], '/')).toBeNull();
  });
});
