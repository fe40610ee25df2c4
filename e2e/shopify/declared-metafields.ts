// Metafield definitions of the app's own configuration, there from its deploy on.
import { APP_NAMESPACE } from './admin-graphql/metafield-values.ts';
import type { World } from './world.ts';

export function declareMetafields(world: World): void {
  const { data, store, config } = world;
  for (const declared of config.definitions) {
    const isSame = (known: { namespace: string; key: string; ownerType: string }): boolean =>
      known.namespace === APP_NAMESPACE &&
      known.key === declared.key &&
      known.ownerType === declared.ownerType;
    if (data.definitions.some(isSame)) continue;
    data.definitions.push({
      ...declared,
      id: store.nextId('definition'),
      namespace: APP_NAMESPACE,
      customerAccount: 'NONE',
    });
  }
}
