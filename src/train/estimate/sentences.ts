import type { Advice, BatchSizes, Estimate } from './types';

/** `1.1 GB`, `612 MB`, `34 KB`. */
export function bytes(count: number): string {
  if (count >= 1e12) return `${(count / 1e12).toFixed(1)} TB`;
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} GB`;
  return count >= 1e6 ? `${Math.round(count / 1e6)} MB` : `${Math.ceil(count / 1e3)} KB`;
}

/** `0.4 s`, `45 s`, `12 min`, `2 h 5 min`: rounded, because it is an estimate. */
export function time(seconds: number): string {
  if (seconds < 90) return seconds < 10 ? `${seconds.toFixed(seconds < 1 ? 2 : 1)} s` : `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const count = (value: number): string => value.toLocaleString('en');

/** The estimate in a line: `about 12 min, 1.1 GB of 9.3 GB free`. */
export function summary({ seconds, memory }: Estimate): string {
  const room = `${bytes(memory.needs)} of ${bytes(memory.free)} free`;
  return seconds ? `about ${time(seconds.total)}, ${room}` : room;
}

/** What does not fit, and settings that would, a sentence each; empty if all fits. */
export function problems({ basis, plan, memory, disk }: Estimate): string[] {
  const found: string[] = [];
  if (!memory.fits) {
    const free = `${bytes(memory.free)} are free`;
    const batch = plan
      ? `a micro-batch of ${count(plan.heavy.pairs)} pairs and ${count(plan.heavy.tokens)} tokens`
      : 'the run';
    const says = {
      headers: `the weights with gradients and optimizer alone are ${bytes(memory.needs)}, and ${free}`,
      measured: `${batch} needs ${bytes(memory.needs)}, and ${free}`,
      stopped: `${batch} would need up to ${bytes(memory.needs)}, and ${free}; the dry run was stopped before it took them all`,
      killed: `the system killed the dry run because memory ran out; ${batch} needs at least ${bytes(memory.needs)}, and ${free}`,
    }[basis];
    found.push(
      `It does not fit in memory: ${says}.`,
      ...remedies(
        memory.advice,
        'Free some memory, or use a smaller model: no setting that was tried makes the run small enough.',
      ),
    );
  }
  if (disk?.fits === false) {
    found.push(
      `It does not fit on the disk: checkpoints and rewards take ${bytes(disk.needs)}, and ${bytes(disk.free)} are free.`,
      ...remedies(disk.advice, 'Free some space, or choose another output_dir.'),
    );
  }
  return found;
}

function remedies(advice: readonly Advice[], none: string): string[] {
  return advice.length === 0 ? [none] : advice.map((one, i) => `${i === 0 ? 'Set' : 'Or set'} ${remedy(one)}`);
}

function remedy({ set, saves, needs, basis, price }: Advice): string {
  const values = set.map(({ key, from, to }) => `${key} to ${String(to)} (now ${String(from)})`).join(' and ');
  const source = basis === 'line' ? 'by a line through the batches that were measured' : 'by the sizes of the arrays';
  return `${values}: ${bytes(saves)} less, ${bytes(needs)} in total, ${source}${price === '' ? '' : `; ${price}`}.`;
}

/** The whole estimate as lines for a person. */
export function report(estimate: Estimate): string[] {
  const { plan, seconds, batches, memory, disk } = estimate;
  const rows: [string, string][] = [];
  if (plan && seconds) {
    rows.push(['steps', `${count(plan.steps)}, ${time(seconds.step)} each: ${time(seconds.steps)}`]);
    rows.push([
      'besides',
      `start ${time(seconds.start)}${seconds.rewards > 0 ? `, rewards ${time(seconds.rewards)}` : ''}${plan.heldOut > 0 ? `, evaluations ${time(seconds.evaluations)}` : ''}, samples ${time(seconds.samples)}`,
    ]);
    rows.push(['in all', `about ${time(seconds.total)}`]);
    rows.push([
      'then',
      `every pair is scored: ${time(seconds.scoring)}, in the background; a run that is stopped offers it`,
    ]);
  }
  if (plan)
    rows.push([
      'first step',
      `lines ${plan.first.map(({ line, prompt, chosen, rejected }) => `${line} (${prompt} + ${chosen}/${rejected})`).join(', ')}: tokens of prompt + chosen/rejected; margin tokens FILE --line N shows each`,
    ]);
  const heaviest = plan
    ? ` (heaviest micro-batch: ${count(plan.heavy.pairs)} pairs, ${count(plan.heavy.tokens)} tokens)`
    : '';
  rows.push([
    'memory',
    `${bytes(memory.own)} of its own${heaviest} and ${bytes(memory.mapped)} of mapped weights; ${bytes(memory.free)} free`,
  ]);
  if (disk)
    rows.push([
      'disk',
      `${count(disk.checkpoints)} ${disk.checkpoints === 1 ? 'checkpoint' : 'checkpoints'} of ${bytes(disk.checkpoint)}, ${bytes(disk.needs)} at most with rewards; ${bytes(disk.free)} free`,
    ]);
  if (batches) rows.push(['batch', batchText(batches)]);
  return [
    ...rows.map(([name, text]) => `${name.padEnd(8)} ${text}`),
    ...(estimate.fits ? ['It fits.'] : problems(estimate)),
  ];
}

/** `up to 16 pairs fit (…); measured: 1 pair 812 tokens/s, 8 pairs 2,311 tokens/s` */
export function batchText({ largest, speeds }: BatchSizes): string {
  const fits = largest
    ? `${largest.isLimit ? 'up to' : 'at least'} ${pairs(largest.size)} fit: per_device_train_batch_size ${largest.size}, gradient_accumulation_steps ${largest.accumulation}, ${bytes(largest.needs)}, by a line through the batches that were measured`
    : 'none of the planned sizes leaves room for other programs';
  const measured = speeds.map(
    ({ pairs: one, tokensPerSecond }) => `${pairs(one)} ${count(Math.round(tokensPerSecond))} tokens/s`,
  );
  return measured.length === 0 ? fits : `${fits}; measured: ${measured.join(', ')}`;
}

const pairs = (value: number): string => (value === 1 ? '1 pair' : `${count(value)} pairs`);
