// Works off a bulk operation in windows and writes JSON lines: one a node, children after their parent with `__parentId`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runBulkWindow } from './admin-graphql/execute.ts';
import { endBulk } from './bulk.ts';
import type { BulkOperation } from './state.ts';
import type { World } from './world.ts';

const WINDOW = 400;

export class BulkRunner {
  readonly #world: World;
  /** Results of this run, by token; also on disk when there is a data folder. */
  readonly results = new Map<string, string>();
  #stopped = false;
  constructor(world: World) {
    this.#world = world;
  }
  stop(): void {
    this.#stopped = true;
  }
  fileOf(token: string): string | undefined {
    const { dataDir } = this.#world.settings;
    return dataDir === undefined ? undefined : join(dataDir, 'bulk', `${token}.jsonl`);
  }
  /** Resumes what a stop left unfinished. */
  resume(): void {
    for (const operation of this.#world.data.bulk)
      if (operation.status === 'CREATED' || operation.status === 'RUNNING') this.start(operation);
  }
  start(operation: BulkOperation): void {
    void this.#work(operation);
  }

  async #work(operation: BulkOperation): Promise<void> {
    const world = this.#world;
    await sleep(world.settings.bulkDelayMs);
    if (this.#stopped || operation.status === 'CANCELED') return;
    operation.status = 'RUNNING';
    const lines: string[] = [];
    let roots = 0;
    for (let offset = 0, more = true; more; offset += WINDOW) {
      const window = { offset, limit: WINDOW, more: false };
      const { data, errors } = await runBulkWindow(world, operation.query, window);
      if (errors?.[0] || !data) {
        const message = errors?.[0]?.message ?? 'no data';
        world.log('bulk', { id: operation.id, error: message });
        endBulk(
          world,
          operation,
          'FAILED',
          errors?.[0]?.extensions['code'] === 'ACCESS_DENIED'
            ? 'ACCESS_DENIED'
            : 'INTERNAL_SERVER_ERROR',
        );
        return;
      }
      roots += flatten(data, undefined, lines);
      more = window.more;
      await new Promise((resolve) => setImmediate(resolve));
      // A cancelled operation is stored by the code that cancelled it.
      if (this.#stopped || (operation.status as BulkOperation['status']) === 'CANCELED') return;
    }
    const text = lines.length === 0 ? '' : `${lines.join('\n')}\n`,
      file = this.fileOf(operation.token);
    if (file) {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, text);
    } else this.results.set(operation.token, text);
    Object.assign(operation, {
      objectCount: lines.length,
      rootObjectCount: roots,
      fileSize: Buffer.byteLength(text),
    });
    endBulk(world, operation, 'COMPLETED');
  }
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const connectionNodes = (value: Json): Json[] | undefined => {
  if (Array.isArray(value['edges']))
    return (value['edges'] as Json[]).map((edge) => edge['node']).filter(isObject);
  return Array.isArray(value['nodes']) ? (value['nodes'] as unknown[]).filter(isObject) : undefined;
};

/** Writes every node of every connection below `object`; returns how many belong to `object` itself. */
function flatten(object: Json, parentId: string | undefined, lines: string[]): number {
  let own = 0;
  for (const value of Object.values(object)) {
    if (!isObject(value)) continue;
    const nodes = connectionNodes(value);
    if (!nodes) continue;
    for (const node of nodes) {
      own++;
      const plain = Object.fromEntries(
        Object.entries(node).filter(([, v]) => !(isObject(v) && connectionNodes(v))),
      );
      lines.push(
        JSON.stringify(parentId === undefined ? plain : { ...plain, __parentId: parentId }),
      );
      flatten(node, typeof node['id'] === 'string' ? node['id'] : undefined, lines);
    }
  }
  return own;
}
