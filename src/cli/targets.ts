import { resolve } from 'node:path';
import { errorMessage } from '../base/pure/marginError';
import { findTarget, targetsPath } from '../trl/targets/findTargets';
import { followJob } from '../trl/targets/follow';
import { readHandle } from '../trl/targets/handle';
import { cancelJob, statusOf } from '../trl/targets/job';
import { listedTarget, listTargets } from '../trl/targets/listTargets';
import { trust } from '../trl/targets/trust';
import { flag, parseArguments, UsageError } from './args';
import type { Command, Surroundings } from './command';
import { table } from './table';
import { showTargetEstimate } from './targetEstimate';

const actions = ['check', 'show', 'trust', 'status', 'follow', 'cancel'] as const;
type Action = (typeof actions)[number];

export const targets: Command = {
  summary: 'list the machines and clusters that a run of TRL can go to',
  help: `margin targets
margin targets check|show|trust NAME
margin targets status|follow|cancel RUN_FOLDER
margin targets estimate CONFIG.train.json [--KEY VALUE …]

Lists the targets: those of .margin/targets.json in the working folder, and each template that comes with Margin. A
config names one in "target". A target of .margin/targets.json has a name, a template, and settings:

  { "cluster": { "template": "slurm", "settings": { "partition": "gpu", "gpus": "8", "time": "12:00:00" } } }

"change" beside "settings" replaces parts of the template, such as one of its commands.

  check   Says whether the programs of the target are on this machine's PATH, and whether it may be used.
  show    Prints the target with all its commands, as JSON.
  trust   Allows the target as it is now: its commands run on this machine. A target of .margin/targets.json needs it
          once, and again after each change, because the file may come from somebody else.
  status  Asks the target about the job of a run.
  follow  Keeps the folder of a run up to date until its job has ended. A run that was submitted has such a process
          already; if this machine was restarted since, this or margin train --resume is how to go on.
  estimate
          Says how long a run would take on its target, what it would cost, and the memory of each process, with what
          each number stands on. The speed is that of an earlier run there with a similar model, or the figure beside
          the target's settings: "tokens_per_second", "price_per_hour" (of one machine), "gpu_memory_gb". What is not
          known stays unknown.
  cancel  Ends the job of a run. The trainer saves first, if the target gives it time.
  --json  Prints one JSON object per line.

Exit code: 0 success; 1 the target cannot be used, the job failed, or the run would not fit; 2 wrong usage.`,

  async run(argv, surroundings) {
    const [word, ...rest] = argv;
    if (word === 'estimate') return showTargetEstimate(rest, surroundings);
    const args = parseArguments(argv, { help: 'flag', json: 'flag' });
    const [first, second, extra] = args.positionals;
    const json = flag(args, 'json');
    if (first === undefined) return showTargets(surroundings, json);
    const action = actions.find((one) => one === first);
    if (action === undefined)
      throw new UsageError(`unexpected argument ${first}; actions: ${[...actions, 'estimate'].join(', ')}`);
    if (extra !== undefined) throw new UsageError(`unexpected argument ${extra}`);
    if (second === undefined) throw new UsageError(`${action} needs the name of a target or a run folder`);
    return perform[action](second, surroundings, json);
  },
};

async function showTargets({ cwd, output }: Surroundings, json: boolean): Promise<number> {
  const found = await listTargets(cwd);
  if (json) for (const one of found) output.json(one);
  else
    output.line(
      table(
        ['target', 'kind', 'tested', 'trusted', 'what it is'],
        found.map(({ name, kind, tested, trusted, about }) => {
          return [name, kind, tested ? 'yes' : 'untested', trusted ? 'yes' : 'not yet', about];
        }),
      ),
    );
  if (!json) output.say(`Add your own in ${targetsPath(cwd)}; see margin targets --help.`);
  return 0;
}

type Perform = (what: string, surroundings: Surroundings, json: boolean) => Promise<number>;

const perform: Readonly<Record<Action, Perform>> = {
  async check(name, { cwd, output }, json) {
    const listed = await listedTarget(await findTarget(cwd, name));
    const { missing, trusted, tested } = listed;
    if (json) output.json(listed);
    else {
      output.line(missing.length === 0 ? 'All its programs are here.' : `Not on the PATH: ${missing.join(', ')}.`);
      output.line(
        trusted ? 'It may be used.' : `Read it (margin targets show ${name}), then: margin targets trust ${name}`,
      );
      if (!tested) output.line('Untested: nobody has tried it against the real service yet.');
    }
    return missing.length === 0 && trusted ? 0 : 1;
  },

  async show(name, { cwd, output }) {
    output.line(JSON.stringify(await findTarget(cwd, name), null, 2));
    return 0;
  },

  async trust(name, { cwd, output }, json) {
    await trust(await findTarget(cwd, name));
    if (json) output.json({ name, trusted: true });
    else output.line(`${name} may be used as it is now.`);
    return 0;
  },

  async status(run, { cwd, output }, json) {
    const folder = resolve(cwd, run);
    const handle = await readHandle(folder);
    const { phase, word } = await statusOf(folder, handle);
    if (json) output.json({ run: folder, target: handle.target.name, job: handle.job, phase, word });
    else output.line(`${phase} (${word}) · job ${handle.job} on ${handle.target.name}`);
    return phase === 'failed' || phase === 'gone' ? 1 : 0;
  },

  async follow(run, { cwd, output }, json) {
    const folder = resolve(cwd, run);
    // The window that started it may close.
    process.on('SIGHUP', () => undefined);
    const say = (line: string): void => {
      if (!json) output.line(`${new Date().toISOString()} ${line}`);
    };
    try {
      const { phase, word, job } = await followJob(folder, say);
      if (json) output.json({ run: folder, job, phase, word });
      return phase === 'failed' || phase === 'gone' ? 1 : 0;
    } catch (error) {
      say(errorMessage(error));
      throw error;
    }
  },

  async cancel(run, { cwd, output }, json) {
    const folder = resolve(cwd, run);
    const asked = await cancelJob(folder);
    if (json) output.json({ run: folder, canceled: asked });
    else output.line(asked ? `The target was asked to end the job of ${folder}.` : 'The job has ended already.');
    return 0;
  },
};
