import path from 'node:path';
import ts from 'typescript';
import { fromRoot } from './paths.ts';

/** A value added to a list, without saving. */
export interface MadeUp {
  /** The file of the list, from the root. */
  readonly file: string;
  readonly list: string;
  readonly value: string;
}

const configFile = 'tsconfig.json';

function readConfig(): ts.ParsedCommandLine {
  const { config } = ts.readConfigFile(fromRoot(configFile), (file) => ts.sys.readFile(file)) as {
    config: unknown;
  };
  return ts.parseJsonConfigFileContent(config, ts.sys, fromRoot());
}

/** The list with one value more: a list of texts, or an enum as it is generated from proto. */
function withValue(text: string, { file, list, value }: MadeUp): string {
  const added = text
    .replace(`export const ${list} = [`, `export const ${list} = [\n  '${value}',`)
    .replace(`export const ${list} = {`, `export const ${list} = {\n  ${value}: '${value}',`);
  if (added === text) throw new Error(`${file} has no list ${list}`);
  return added;
}

/**
 * Compiles the project, or some files of it, with a value more in a list.
 * @param only names of files, wherever they lie; all of the project when it is left out
 * @returns the files that do not compile then, from the root, sorted: those that must know every value of the list
 */
export function mustKnow(madeUp: MadeUp, only?: readonly string[]): string[] {
  const { fileNames, options } = readConfig();
  const wanted = fileNames.filter(
    (file) => only === undefined || only.includes(path.basename(file)),
  );
  const ambient = fileNames.filter((file) => file.endsWith('.d.ts'));
  const host = ts.createCompilerHost({ ...options, incremental: false });
  const changed = path.normalize(fromRoot(madeUp.file));
  const read = host.readFile.bind(host);
  host.readFile = (file) => {
    const text = read(file);
    return text !== undefined && path.normalize(file) === changed ? withValue(text, madeUp) : text;
  };
  host.getSourceFile = (file, target) => {
    const known = path.normalize(file) === changed ? undefined : sources.get(file);
    if (known !== undefined) return known;
    const text = host.readFile(file);
    if (text === undefined) return undefined;
    const source = ts.createSourceFile(file, text, target);
    if (path.normalize(file) !== changed) sources.set(file, source);
    return source;
  };
  const program = ts.createProgram({
    rootNames: [...wanted, ...ambient],
    options: { ...options, incremental: false, noEmit: true, tsBuildInfoFile: undefined },
    host,
  });
  return wanted
    .filter((file) => {
      const source = program.getSourceFile(file);
      return source !== undefined && program.getSemanticDiagnostics(source).length > 0;
    })
    .map((file) => path.relative(fromRoot(), file).replaceAll(path.sep, '/'))
    .sort();
}

/** What was read once is the same for the next list. */
const sources = new Map<string, ts.SourceFile>();

/** One of each kind of list; what is written here exists nowhere. */
export const samples = {
  reward: { file: 'proto/shared/vocabulary/rewards.ts', list: 'REWARD_KINDS', value: 'made_up' },
  outcome: { file: 'proto/gen/common/v1/common.ts', list: 'OutcomeReason', value: 'MADE_UP' },
  error: { file: 'proto/shared/vocabulary/errors.ts', list: 'ERROR_CODES', value: 'made_up' },
} as const satisfies Record<string, MadeUp>;

/**
 * Prints the files that must handle a new value: of the three samples, or of the named list (`campaigns CAMPAIGN_TYPES`).
 */
export function printWhoMustKnow([module, list]: readonly string[]): void {
  const asked: readonly MadeUp[] =
    module === undefined || list === undefined
      ? Object.values(samples)
      : [{ file: `proto/shared/vocabulary/${module}.ts`, list, value: 'made_up' }];
  for (const one of asked)
    process.stdout.write(
      `${one.list}\n${mustKnow(one)
        .map((file) => `  ${file}\n`)
        .join('')}`,
    );
}
