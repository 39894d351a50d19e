import { basename, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { version } from '../../package.json';
import type { IgnoredRule } from '../pairs/marks/ignore';
import { marksName } from '../pairs/marks/marksName';
import type { Rule } from '../pairs/rules/rule';
import { rules } from '../pairs/rules/table';
import { rowsInWords } from '../reward/remarks';
import { sentenceOf } from '../reward/rowError';
import type { Finding, Printer } from './findings';
import type { Output } from './output';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
const levelNames = { error: 'error', warning: 'warning', info: 'note' } as const;
const indexes: ReadonlyMap<string, number> = new Map(rules.map(({ id }, index) => [id, index]));

/**
 * Writes findings as one SARIF log, which code hosts and CI show beside the files (SARIF 2.1.0, OASIS Standard). Each
 * result is printed as it comes, so memory does not grow with their number.
 */
export class SarifPrinter implements Printer {
  readonly isForPeople = false;
  private results = 0;
  private isOpen = false;

  /** @param cwd addresses of files are relative to it, if they are in it */
  constructor(
    private readonly output: Output,
    private readonly cwd: string,
  ) {}

  begin(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    const driver = { name: 'Margin', version, semanticVersion: version, rules: rules.map(ruleObject) };
    const head = JSON.stringify({ driver });
    this.output.line(`{"$schema":"${schema}","version":"2.1.0","runs":[{"tool":${head},"columnKind":"utf16CodeUnits",`);
    this.output.write('"results":[');
  }

  print(finding: Finding): void {
    this.output.write(`${this.results++ === 0 ? '' : ','}\n${JSON.stringify(this.result(finding))}`);
  }

  /** They become suppressed results of the log (SARIF 2.1.0, section 3.35). */
  ignored(finding: Finding): void {
    this.print(finding);
  }

  end(): void {
    // The log has one list of results for all files.
  }

  /** Ends the log. Nothing may be printed after it. */
  close(): void {
    this.output.line('\n]}]}');
  }

  private result(finding: Finding): object {
    const { file, line, column, severity, code, field, message, count = 0, lines = [], ignored } = finding;
    const index = indexes.get(code);
    const [first, ...others] = line === null ? lines : [line];
    return {
      ruleId: code,
      ...(index === undefined ? {} : { ruleIndex: index }),
      level: levelNames[severity],
      message: { text: `${sentenceOf({ field, message })}${rowsInWords(count, lines)}` },
      locations: [this.location(file, first ?? null, column)],
      ...(others.length === 0 ? {} : { relatedLocations: others.map((other) => this.location(file, other, null)) }),
      ...(count > 1 ? { occurrenceCount: count } : {}),
      ...(ignored ? { suppressions: [suppression(file, ignored)] } : {}),
    };
  }

  private location(file: string, line: number | null, column: number | null): object {
    const region = { startLine: line, ...(column === null ? {} : { startColumn: column }) };
    return {
      physicalLocation: {
        artifactLocation: { uri: addressOf(file, this.cwd) },
        ...(line === null ? {} : { region }),
      },
    };
  }
}

/** The address of a file: relative to a folder if it is in it, with `/` and percent signs as URIs have them. */
function addressOf(file: string, folder: string): string {
  const path = relative(folder, file);
  if (path === '' || path.startsWith('..') || path === file) return pathToFileURL(file).href;
  return path.split(sep).map(encodeURIComponent).join('/');
}

/** A suppression that is not in the data file but in its marks file. */
function suppression(file: string, { by, at }: IgnoredRule): object {
  const who = by === '' ? '' : ` by ${by}`;
  const justification = `Ignored in this row${who} on ${at}, says ${basename(marksName(file))}.`;
  return { kind: 'external', status: 'accepted', justification };
}

function ruleObject({ id, severity, title, doc, link }: Rule): object {
  return {
    id,
    name: id.split('-').map(capitalised).join(''),
    shortDescription: { text: `${title}.` },
    fullDescription: { text: doc },
    help: { text: doc },
    ...(link === undefined ? {} : { helpUri: link }),
    defaultConfiguration: { level: levelNames[severity] },
  };
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
