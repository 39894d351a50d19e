import type { FileFinding } from './fileCheck';
import type { Problem } from './problem';

/** Lines named with a finding. */
const namedLines = 10;
/** A file whose every row has keys of its own must not fill the memory; the rest is counted together. */
const maxGroups = 200;

interface Group {
  readonly first: Problem;
  count: number;
  readonly lines: number[];
}

/** Problems of rows put together by what they say. */
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

  /** Most severe first, and of these what most lines have. */
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

/** Columns differ from line to line. */
function nameOf({ code, field, message }: Problem): string {
  return [code, field, code === 'not-json' ? message.replaceAll(/\d+/g, '#') : message].join('\n');
}

/** Counts how often a problem was said; numbers in its sentence (columns, turns) make no difference. */
export class Said {
  private readonly counts = new Map<string, number>();

  /** How often it was said, this time included. */
  add({ code, field, message }: Problem): number {
    const sentence = [code, field, message.replaceAll(/\d+/g, '#')].join('\n');
    const key = this.counts.size < maxGroups ? sentence : code;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count;
  }
}
