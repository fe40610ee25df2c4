import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { fromRoot, root } from './paths.ts';
import { runOrThrow } from './process.ts';
import { hashOf, stampIs, writeStamp } from './stamp.mjs';

const cache = fromRoot('node_modules/.cache/loyalnest');

interface Generator {
  name: string;
  inputs: readonly string[];
  include: (file: string) => boolean;
  output: string;
  ready: () => boolean;
  run: () => Promise<void>;
}

const generators: readonly Generator[] = [
  {
    name: 'gRPC messages and services',
    inputs: ['proto', 'buf.yaml', 'buf.gen.yaml', 'node_modules/ts-proto/package.json'],
    include: (file) => !file.startsWith('proto/gen/') && /\.(proto|ya?ml|json)$/.test(file),
    output: 'proto/gen',
    ready: () => filesIn(fromRoot('proto')).some((file) => file.endsWith('.proto')),
    run: generateProto,
  },
  {
    name: 'database client',
    inputs: ['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json'],
    include: () => true,
    output: 'prisma/generated',
    ready: () => existsSync(fromRoot('prisma/schema.prisma')),
    run: generatePrisma,
  },
];

const stampOf = ({ output }: Generator) => path.join(cache, `${output.replaceAll('/', '-')}.stamp`);
const inputsOf = ({ inputs, include }: Generator) => hashOf(root, inputs, include);

/** Generates what is not in the repository (gRPC code, database client), where its inputs changed. */
export async function generate(
  options: { force?: boolean; log?: (line: string) => void } = {},
): Promise<void> {
  const isStale = (generator: Generator) => {
    if (!generator.ready()) return false;
    const isThere = existsSync(fromRoot(generator.output));
    // A production image is complete by its making, without the sources of what was generated, and is not written to.
    if (isThere && options.force !== true && process.env.NODE_ENV === 'production') return false;
    return options.force === true || !isThere || !stampIs(stampOf(generator), inputsOf(generator));
  };
  // Looked at before the lock is taken, as there may be no place to write one.
  if (!generators.some(isStale)) return;
  await withLock(path.join(cache, 'generate.lock'), async () => {
    for (const generator of generators) {
      if (!isStale(generator)) continue;
      const hash = inputsOf(generator);
      await generator.run();
      writeStamp(stampOf(generator), hash);
      options.log?.(`generated ${generator.name} (${generator.output})`);
    }
  });
}

async function generateProto(): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(path.join(cache, 'proto-'));
  try {
    await runOrThrow('Generating the gRPC code', 'buf', ['generate', '-o', scratch]);
    // What gRPC reflection answers with.
    const descriptor = path.join(scratch, 'proto/gen/descriptor.bin');
    await runOrThrow('Describing the gRPC services', 'buf', ['build', '-o', descriptor]);
    replaceFolder(path.join(scratch, 'proto/gen'), fromRoot('proto/gen'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function generatePrisma(): Promise<void> {
  // `generate` needs no schema engine, and its download is not available everywhere: any program can replace it.
  await runOrThrow('Generating the database client', 'prisma', ['generate', '--no-hints'], {
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  });
}

/** Makes `target` equal to `source`, touching only files that differ: watchers and running tests stay calm. */
function replaceFolder(source: string, target: string): void {
  const wanted = filesIn(source);
  for (const file of wanted) {
    const content = readFileSync(path.join(source, file));
    const destination = path.join(target, file);
    if (existsSync(destination) && readFileSync(destination).equals(content)) continue;
    mkdirSync(path.dirname(destination), { recursive: true });
    writeFileSync(destination, content);
  }
  for (const file of filesIn(target)) {
    if (!wanted.includes(file)) rmSync(path.join(target, file));
  }
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}
