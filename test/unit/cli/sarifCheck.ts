import { isRecord } from '../../../src/base/pure/isRecord';

type Found = readonly string[];
type Fields = Readonly<Record<string, unknown>>;

/**
 * What a SARIF log lacks of what SARIF 2.1.0 requires (OASIS Standard, §3.13 log, §3.14 run, §3.18 tool, §3.27 result,
 * §3.29 physical location, §3.30 region, §3.49 reporting descriptor); none if it is valid.
 */
export function sarifProblems(log: unknown): Found {
  if (!isRecord(log)) return ['the log is an object'];
  const runs = list(log['runs']);
  return [
    ...must(log['version'] === '2.1.0', 'version is 2.1.0'),
    ...must(runs.length > 0, 'runs'),
    ...runs.flatMap(ofRun),
  ];
}

function ofRun(run: Fields): Found {
  const driver = field(field(run, 'tool'), 'driver');
  const rules = list(driver['rules']);
  const ids = rules.map(({ id }) => id);
  return [
    ...must(isText(driver['name']), 'tool.driver.name'),
    ...must(['utf16CodeUnits', 'unicodeCodePoints'].includes(String(run['columnKind'])), 'columnKind'),
    ...must(new Set(ids).size === ids.length, 'rules have ids of their own'),
    ...rules.flatMap(ofRule),
    ...must(Array.isArray(run['results']), 'results'),
    ...list(run['results']).flatMap((result) => ofResult(result, ids)),
  ];
}

function ofRule(rule: Fields): Found {
  const { id, helpUri } = rule;
  return [
    ...must(isText(id), 'a rule has an id'),
    ...must(isText(field(rule, 'fullDescription')['text']), `${String(id)}: fullDescription.text`),
    ...must(helpUri === undefined || URL.canParse(String(helpUri)), `${String(id)}: helpUri is absolute`),
    ...must(isLevel(field(rule, 'defaultConfiguration')['level']), `${String(id)}: level`),
  ];
}

function ofResult(result: Fields, ids: readonly unknown[]): Found {
  const { ruleId, ruleIndex, level, occurrenceCount: count } = result;
  return [
    ...must(isText(field(result, 'message')['text']), 'message.text'),
    ...must(isLevel(level), 'level'),
    ...must(ruleIndex === undefined || ids[Number(ruleIndex)] === ruleId, `ruleIndex of ${String(ruleId)}`),
    ...must(count === undefined || (Number.isInteger(count) && Number(count) >= 1), 'occurrenceCount'),
    ...[...list(result['locations']), ...list(result['relatedLocations'])].flatMap(ofLocation),
  ];
}

function ofLocation(location: Fields): Found {
  const place = field(location, 'physicalLocation');
  const { uri } = field(place, 'artifactLocation');
  const numbers = Object.values(field(place, 'region'));
  return [
    ...must(isText(uri) && /^[\w.~%!$&'()*+,;=:@/-]+$/.test(String(uri)), `uri ${String(uri)}`),
    ...must(!('region' in place) || isPlace(field(place, 'region')['startLine']), 'startLine'),
    ...must(numbers.every(isPlace), 'region'),
  ];
}

function must(holds: boolean, what: string): Found {
  return holds ? [] : [what];
}

function field(object: Fields, name: string): Fields {
  const value = object[name];
  return isRecord(value) ? value : {};
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isLevel(value: unknown): boolean {
  return ['none', 'note', 'warning', 'error'].includes(String(value));
}

function isPlace(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1;
}
