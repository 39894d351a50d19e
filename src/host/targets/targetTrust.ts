import { localTarget } from '../../trl/knownTargets';
import { commandTexts } from '../../trl/targets/commandTexts';
import { findTarget } from '../../trl/targets/findTargets';
import { isTrusted, trust } from '../../trl/targets/trust';
import type { Target } from '../../trl/targets/types';
import type { Notices } from '../notices';
import type { ReadOnlyTexts } from '../readOnlyTexts';
import { requireTrust } from '../train/requireTrust';

/** Characters of commands that a dialog shows. If there are more, they are read in a document first. */
const mostShown = 2500;
const allow = 'Trust This Target';
const showAll = 'Show All';

/** Asks whether a target's commands may run on this machine. */
export class TargetTrust {
  constructor(
    private readonly notices: Notices,
    private readonly texts: ReadOnlyTexts,
  ) {}

  /**
   * Whether runs may go to a target. If the target comes from a file of the folder and the person has not allowed it as
   * it is, shows its commands and asks.
   *
   * @param folder the folder whose targets count, such as an `output_dir`
   * @throws MarginError `untrusted` | `unknown-target`, and those of reading the targets
   */
  async allows(folder: string, name: string): Promise<boolean> {
    if (name === localTarget) return true;
    const target = await findTarget(folder, name);
    return (await isTrusted(target)) || this.ask(target);
  }

  private async ask(target: Target): Promise<boolean> {
    requireTrust();
    const commands = commandTexts(target).join('\n');
    const isLong = commands.length > mostShown;
    const question = `Train on ${target.name}? This target comes from a file of this folder, and its commands run on this machine.`;
    const shown = isLong ? `${commands.slice(0, mostShown)}…\nThis is not all: read the rest first.` : commands;
    const tested = target.template.tested ? '' : '\n\nUntested: nobody has tried it against the real service yet.';
    // The first action is what Enter does.
    const actions = isLong ? [showAll] : [showAll, allow];
    const first = await this.notices.ask('warning', question, shown + tested, ...actions);
    const answer = first === showAll ? await this.afterReading(target) : first;
    if (answer !== allow) return false;
    // The target as it was shown: if the file has changed since, the trainer refuses it.
    await trust(target);
    this.notices.log.info(`Target ${target.name} is trusted as it is now`);
    return true;
  }

  private async afterReading(target: Target): Promise<string | undefined> {
    const text = `${JSON.stringify(target, null, 2)}\n`;
    const document = await this.texts.show({ name: `Target ${target.name}.json`, text });
    const answer = await this.notices.warn(`May the commands of the target ${target.name} run on this machine?`, allow);
    await this.texts.close(document);
    return answer;
  }
}
