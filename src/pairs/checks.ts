import { emptyOrSame, truncatedAnswers } from './answerProblems';
import { type CheckedRow, checkedRow } from './checkedRow';
import { contentProblems } from './contentProblems';
import { jsonText } from './formats/jsonText';
import { jsonAnswers } from './jsonText';
import { listProblems } from './listProblems';
import { mediaParts } from './mediaParts';
import { joined, type Problem, problem } from './problem';
import { promptProblems } from './promptProblems';
import type { Reading } from './reading';
import { type PairOrJudged, type PairResult, readPair } from './readPair';
import { unreadContent } from './rowKeys';
import { turnProblems } from './turnProblems';

/**
 * The problems of one line, without its line end.
 *
 * `checkLine('{"chosen": "Yes."}', detectAll)` has one error, `missing-field` with the field `rejected`.
 */
export function checkLine(line: string, reading: Reading): readonly Problem[] {
  return checkRow(readPair(line, reading));
}

/** {@link checkLine} for a line that was read before. A blank line has no problems, because nothing trains on it. */
export function checkRow(result: PairResult): readonly Problem[] {
  switch (result.kind) {
    case 'blank':
      return [];
    case 'not-json': {
      const { reason, column } = result;
      return [{ ...problem('error', 'not-json', null, reason), column }];
    }
    case 'not-a-pair':
      return result.problems;
    case 'list':
      return joined(listProblems(result.list, result.rule), readRow(checkedRow(result), []));
    case 'judged':
    case 'pair':
      return readRow(checkedRow(result), notes(result));
  }
}

function readRow(row: CheckedRow, ofFormat: readonly Problem[]): readonly Problem[] {
  return joined(
    emptyOrSame(row),
    promptProblems(row),
    turnProblems(row),
    toolProblems(row),
    weightProblems(row),
    ofFormat,
    unreadContent(row),
    row.format === jsonText.id ? [] : jsonAnswers(row.value, row.keys),
    mediaParts(row),
    contentProblems(row),
    truncatedAnswers(row),
  );
}

function notes({ format, value }: PairOrJudged): readonly Problem[] {
  return format.notes ? format.notes(value) : [];
}

function toolProblems({ keys, value }: CheckedRow): Problem[] {
  const tools = value['tools'] ?? [];
  if (!keys.includes('tools') || Array.isArray(tools) || (typeof tools === 'string' && isJsonList(tools))) return [];
  const message = '"tools" must be a list of JSON schemas, or such a list as a JSON string; it is ignored now.';
  return [problem('warning', 'wrong-tools', 'tools', message)];
}

function weightProblems({ value }: CheckedRow): Problem[] {
  const weight = value['weight'] ?? null;
  if (weight === null || (typeof weight === 'number' && weight >= 0)) return [];
  const message = "weight multiplies the row's loss, so it must be a number at least 0: correct it, or rename the key.";
  return [problem('error', 'bad-weight', 'weight', message)];
}

function isJsonList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    // Not JSON: the caller reports the key.
    return false;
  }
}
