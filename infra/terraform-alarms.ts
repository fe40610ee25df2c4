import { readFileSync } from 'node:fs';
import path from 'node:path';

/** An alarm on a metric that our own processes send. */
export interface OwnAlarm {
  readonly name: string;
  readonly metric: string;
  /** Average, Maximum, SampleCount, Sum, or a percentile such as p99. */
  readonly statistic: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly threshold: number;
  readonly isBelow: boolean;
}

const textOf = (file: string) => readFileSync(path.join(import.meta.dirname, file), 'utf8');
const alarmsFile = 'modules/observability/alarms.tf';

/** The alarms of alarms.tf on our own metrics, and release.tf's. */
export function ownAlarms(): OwnAlarm[] {
  const table =
    /"([^"]+)" => \{|"([^"]+)" = \{|for process in \[([^\]]*)\]|namespace = "LoyalNest", metric = "([^"]+)", (?:statistic|percentile) = "([^"]+)", dimensions = \{((?:[^{}]|\$\{\w+\})*)\}\n\s*(above|below)\s*= (\d+)/g;
  const found: OwnAlarm[] = [];
  let names: string[] = [];
  let processes: string[] = [];
  for (const match of textOf(alarmsFile).matchAll(table)) {
    const [, templated, name, list, metric, statistic, dimensions, side, threshold] = match;
    if (list !== undefined) processes = wordsIn(list);
    else if (templated !== undefined)
      names = processes.map((process) => templated.replace('${process}', process));
    else if (name !== undefined) names = [name];
    else
      for (const [index, own] of names.entries())
        found.push({
          name: own,
          metric: metric ?? '',
          statistic: statistic ?? '',
          dimensions: pairsIn((dimensions ?? '').replace('${process}', processes[index] ?? '')),
          threshold: Number(threshold),
          isBelow: side === 'below',
        });
  }
  return [...found, coreFailures()];
}

function coreFailures(): OwnAlarm {
  const text = textOf('modules/services/release.tf');
  const block = text.slice(text.indexOf('"aws_cloudwatch_metric_alarm" "core_failures"'));
  const valueOf = (name: string) =>
    new RegExp(`\\b${name}\\s+= "?([^"\\n]+)`).exec(block)?.[1] ?? '';
  return {
    name: 'core-failures',
    metric: valueOf('metric_name'),
    statistic: valueOf('statistic'),
    dimensions: pairsIn(/dimensions\s+= \{([^}]*)\}/.exec(block)?.[1] ?? ''),
    threshold: Number(valueOf('threshold')),
    isBelow: false,
  };
}

/** Every alarm's name as its Terraform has it: `<service>-cpu` for those that there are several of. */
export function alarmNames(): string[] {
  const text = textOf(alarmsFile);
  const tables = text.slice(0, text.indexOf('resource "aws_cloudwatch_metric_alarm"'));
  const keys = [...tables.matchAll(/"([^"\n]+)" (?:=>|=) \{/g)].map(([, key]) => key ?? '');
  const burns = [
    ...textOf('modules/observability/slo.tf').matchAll(/"(budget-[\w-]+)"\s*= \{/g),
  ].map(([, key]) => key ?? '');
  return [...keys.flatMap(plainNames), ...burns, 'web-errors', 'core-failures'].sort();
}

function plainNames(key: string): string[] {
  if (key.startsWith('${process}'))
    return ownAlarms()
      .map(({ name }) => name)
      .filter((name) => name.endsWith(key.replace('${process}', '')));
  if (key.includes('lower(kind)'))
    return ['backup', 'copy', 'restore'].map((kind) => `${kind}-failed`);
  return [key.replace(/\$\{(\w+)\}/, '<$1>')];
}

const wordsIn = (list: string) => [...list.matchAll(/"([^"]+)"/g)].map(([, word]) => word ?? '');
const pairsIn = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/(\w+) = "([^"]+)"/g)].map(([, name, value]) => [name ?? '', value ?? '']),
  );
