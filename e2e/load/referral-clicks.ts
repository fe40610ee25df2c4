import type { CoreClients } from '#app/core-client/clients.server.ts';
import type { BenchDatabase } from './bench-database.ts';
import type { Product } from './product.ts';

export async function measureClicks(_database: BenchDatabase, _product: Product, _core: CoreClients) {
  return {};
}
