import type { Pool } from 'pg';
import type { BlindIndex } from '../shared/blind-index.ts';
import type { Encryption } from '../shared/encryption.ts';
import type { TenantReader } from '../database/tenant-reader.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Logger } from '../shared/logger.ts';

/** What services are made of; built once at start, and explicitly in tests. */
export interface CoreDependencies {
  readonly pool: Pool;
  /** For what may be a few seconds old. */
  readonly reader: TenantReader;
  readonly ledger: Ledger;
  readonly encryption: Encryption;
  readonly blindIndex: BlindIndex;
  readonly clock: () => Date;
  readonly logger: Logger;
  /** For batchers that a service makes of its own. */
  readonly onBatch: (name: string) => (size: number, milliseconds: number) => void;
  /** Runs while draining, after the last call and before the pool closes. */
  readonly onDrain: (work: () => Promise<void>) => void;
}
