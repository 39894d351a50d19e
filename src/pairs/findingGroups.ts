import type { FileFinding } from './fileCheck';
import type { Problem } from './problem';

/** Number of lines that a finding names. */
const namedLines = 10;
/** Limits the memory if each row has different keys. Further problems are counted together, by their code. */
const maxGroups = 200;

interface Group {
  readonly first: Problem;
  count: number;
  readonly lines: number[];
}

/** Groups problems of rows that have the same sentence. */
export class FindingGroups {
  private readonly groups = new Map<string, Group>();
  private readonly rest = new Map<string, Group>();

  add(line: number, problem: Problem): void {
    const key = nameOf(problem);
    const full = this.groups.size >= maxGroups && !this.groups.has(key);
    const where = full ? this.rest : this.groups;
    const name = full ? problem.code : key;
    const group = where.get(name) ?? { first: problem, count: 0, lines: [] };
    where.set(name, group);
    group.count++;
    if (group.lines.length < namedLines && group.lines.at(-1) !== line) group.lines.push(line);
  }

  /** The groups, most severe first; of the same severity, those with the most lines first. */
  findings(): FileFinding[] {
    const all = [...this.groups.values(), ...[...this.rest.values()].map(more)];
    const rank = { error: 0, warning: 1, info: 2 };
    return all
      .map(({ first: { code, severity, field, message }, count, lines }) => ({
        code,
        severity,
        field,
        message,
        count,
        lines,
      }))
      .sort((a, b) => rank[a.severity] - rank[b.severity] || b.count - a.count);
  }
}

function more(group: Group): Group {
  return {
    ...group,
    first: { ...group.first, message: `${group.first.message} More of this kind, with other names.` },
  };
}

/** A key for equal problems. The columns in `not-json` messages differ from line to line and do not count. */
function nameOf({ code, field, message }: Problem): string {
  return [code, field, code === 'not-json' ? message.replaceAll(/\d+/g, '#') : message].join('\n');
}

/** Counts how often each sentence was reported. Numbers in it (columns, turns) do not count as differences. */
export class SentenceCounts {
  private readonly counts = new Map<string, number>();

  /** Counts one more problem; returns how often its sentence was reported, this time included. */
  add({ code, field, message }: Problem): number {
    const sentence = [code, field, message.replaceAll(/\d+/g, '#')].join('\n');
    const key = this.counts.size < maxGroups ? sentence : code;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count;
  }
}
