import type { World } from '../world.ts';
import type { BulkWindow, GraphNode } from './relay.ts';

/** What every resolver gets. */
export interface Context {
  world: World;
  /** Any node by its global id. */ node: (id: string) => GraphNode | null;
  bulk?: { window: BulkWindow; rootTaken: boolean };
}

/** How the next connection of this execution is to be read. */
export function bulkMode(context: Context): BulkWindow | 'whole' | undefined {
  if (!context.bulk) return undefined;
  if (context.bulk.rootTaken) return 'whole';
  context.bulk.rootTaken = true;
  return context.bulk.window;
}
export type Args = Record<string, unknown>;
export type Resolver = (args: Args, context: Context) => unknown;
