// The shop's collections: one for each type of goods.
import type { Product } from './state.ts';
import type { World } from './world.ts';

export interface Collection {
  id: number;
  title: string;
  handle: string;
}
const FIRST = 310_000_100;

export function collectionsOf(world: World): Collection[] {
  return [...new Set(world.data.products.map((product) => product.type))].sort().map((type, i) => ({
    id: FIRST + i,
    title: type,
    handle: type.toLowerCase().replace(/\W+/g, '-'),
  }));
}

/** The products of the given collections. */
export function productsIn(world: World, collectionIds: number[]): Product[] {
  const titles = collectionsOf(world)
    .filter(({ id }) => collectionIds.includes(id))
    .map(({ title }) => title);
  return world.data.products.filter(({ type }) => titles.includes(type));
}
