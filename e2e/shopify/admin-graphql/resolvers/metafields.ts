// Metafields and their definitions, with the app's reserved namespace ($app:…) resolved as Shopify resolves it.
import { createHash } from 'node:crypto';
import { accessDenied, holds } from '../access.ts';
import { badInput, notModeled } from '../errors.ts';
import { gid, idOf, type Metafield, type MetafieldDefinition } from '../../state.ts';
import type { World } from '../../world.ts';
import type { Args, Context, Resolver } from '../context.ts';
import { bulkMode } from '../context.ts';
import { connection, type GraphNode, type PageArguments } from '../relay.ts';
import {
  APP_NAMESPACE,
  fullNamespace,
  invalidValue,
  jsonValue,
  TYPES,
} from '../metafield-values.ts';

const keyOf = (ownerId: string, namespace: string, key: string): string =>
  `${ownerId} ${namespace} ${key}`;
const digest = (metafield: Metafield): string =>
  createHash('sha256').update(`${metafield.type}:${metafield.value}`).digest('hex');

interface Owner {
  type: string;
  scope?: string;
  exists: (world: World, id: number) => boolean;
}
const OWNERS: Readonly<Record<string, Owner>> = {
  Customer: {
    type: 'CUSTOMER',
    scope: 'write_customers',
    exists: (world, id) => world.data.customers.has(id),
  },
  Order: { type: 'ORDER', scope: 'write_orders', exists: (world, id) => world.data.orders.has(id) },
  AppInstallation: {
    type: 'API_PERMISSION',
    exists: (world, id) => world.data.installation.id === id,
  },
  Shop: { type: 'SHOP', exists: (world, id) => world.data.shop.id === id },
};
function ownerOf(id: string): (Owner & { id: number }) | undefined {
  for (const [name, owner] of Object.entries(OWNERS)) {
    const number = idOf(name, id);
    if (number !== undefined) return { ...owner, id: number };
  }
  return undefined;
}

export function readMetafield(
  world: World,
  ownerId: string,
  namespace: string,
  key: string,
): Metafield | undefined {
  return world.data.metafields.get(keyOf(ownerId, fullNamespace(namespace), key));
}

function metafieldNode(world: World, metafield: Metafield): GraphNode {
  const owner = ownerOf(metafield.ownerId);
  return {
    __typename: 'Metafield',
    id: gid('Metafield', metafield.id),
    legacyResourceId: String(metafield.id),
    namespace: metafield.namespace,
    key: metafield.key,
    type: metafield.type,
    value: metafield.value,
    jsonValue: jsonValue(metafield),
    compareDigest: digest(metafield),
    sizeInBytes: Buffer.byteLength(metafield.value),
    createdAt: metafield.createdAt,
    updatedAt: metafield.updatedAt,
    ownerType: owner?.type ?? 'CUSTOMER',
    owner: (_args: Args, context: Context) => context.node(metafield.ownerId),
    definition: () => {
      const found = world.data.definitions.find(
        (d) =>
          d.namespace === metafield.namespace &&
          d.key === metafield.key &&
          d.ownerType === owner?.type,
      );
      return found ? definitionNode(world, found) : null;
    },
  };
}
/** `metafield` and `metafields` of any owner. */
export function metafieldFields(world: World, ownerId: string): GraphNode {
  return {
    metafield: (args: Args) => {
      const found = readMetafield(
        world,
        ownerId,
        args['namespace'] as string,
        args['key'] as string,
      );
      return found ? metafieldNode(world, found) : null;
    },
    metafields: (args: Args & PageArguments, context: Context) => {
      const namespace =
          typeof args['namespace'] === 'string' ? fullNamespace(args['namespace']) : undefined,
        keys = args['keys'] as string[] | undefined;
      const all = [...world.data.metafields.values()].filter(
        (m) =>
          m.ownerId === ownerId &&
          (namespace === undefined || m.namespace === namespace) &&
          (!keys || keys.includes(`${m.namespace}.${m.key}`) || keys.includes(m.key)),
      );
      return connection(
        'Metafield',
        all,
        args,
        (m) => String(m.id),
        (m) => metafieldNode(world, m),
        bulkMode(context),
      );
    },
  };
}

const definitionNode = (world: World, d: MetafieldDefinition): GraphNode => ({
  __typename: 'MetafieldDefinition',
  id: gid('MetafieldDefinition', d.id),
  name: d.name,
  namespace: d.namespace,
  key: d.key,
  description: d.description,
  ownerType: d.ownerType,
  pinnedPosition: null,
  validationStatus: 'ALL_VALID',
  validations: [],
  useAsCollectionCondition: false,
  type: {
    __typename: 'MetafieldDefinitionType',
    name: d.type,
    category: d.type.split('_')[0]?.toUpperCase() ?? 'TEXT',
    supportsDefinitionMigrations: false,
    supportedValidations: [],
  },
  access: {
    __typename: 'MetafieldAccess',
    admin: d.admin,
    storefront: d.storefront,
    customerAccount: d.customerAccount,
  },
  metafieldsCount: () =>
    [...world.data.metafields.values()].filter(
      (m) => m.namespace === d.namespace && m.key === d.key,
    ).length,
});

interface SetInput {
  ownerId: string;
  namespace?: string | null;
  key: string;
  type?: string | null;
  value: string;
  compareDigest?: string | null;
}

const metafieldsSet: Resolver = (args, { world }) => {
  const inputs = args['metafields'] as SetInput[];
  if (inputs.length > 25)
    throw badInput(
      `The input array size of ${inputs.length} is greater than the maximum allowed of 25.`,
      'MAX_INPUT_SIZE_EXCEEDED',
    );
  const userErrors: GraphNode[] = [],
    ready: Metafield[] = [],
    now = world.clock.iso();
  inputs.forEach((input, index) => {
    const refuse = (field: string, message: string, code: string): void => {
      userErrors.push({
        __typename: 'MetafieldsSetUserError',
        field: ['metafields', String(index), field],
        message,
        code,
        elementIndex: null,
      });
    };
    const owner = ownerOf(input.ownerId);
    if (!owner) {
      if (/^gid:\/\/shopify\/\w+\/\d+$/.test(input.ownerId))
        throw notModeled(`metafields of ${input.ownerId.split('/')[3] ?? ''}`);
      refuse('ownerId', 'Owner is invalid.', 'INVALID');
      return;
    }
    if (owner.scope && !holds(world.data.installation.scopes, owner.scope))
      throw accessDenied('metafieldsSet', owner.scope);
    if (!owner.exists(world, owner.id)) {
      refuse('ownerId', 'Owner does not exist.', 'INVALID');
      return;
    }
    const namespace = fullNamespace(input.namespace),
      definition = world.data.definitions.find(
        (d) => d.namespace === namespace && d.key === input.key && d.ownerType === owner.type,
      );
    const existing = world.data.metafields.get(keyOf(input.ownerId, namespace, input.key)),
      type = input.type ?? definition?.type ?? existing?.type;
    if (!/^[\w-]{2,64}$/.test(input.key)) {
      refuse('key', 'Key is invalid: 2 to 64 letters, digits, hyphens and underscores.', 'INVALID');
      return;
    }
    if (!type) {
      refuse('type', "Type can't be blank", 'BLANK');
      return;
    }
    if (!TYPES.test(type)) {
      refuse('type', `Type must be one of the supported types; ${type} is not`, 'INCLUSION');
      return;
    }
    if (definition && definition.type !== type) {
      refuse(
        'type',
        `Type '${type}' must be consistent with the definition's type: '${definition.type}'.`,
        'INVALID_TYPE',
      );
      return;
    }
    if (
      existing &&
      input.compareDigest !== undefined &&
      input.compareDigest !== null &&
      input.compareDigest !== digest(existing)
    ) {
      refuse(
        'compareDigest',
        'The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.',
        'STALE_OBJECT',
      );
      return;
    }
    if (existing && input.compareDigest === null && 'compareDigest' in input) {
      refuse('compareDigest', 'The metafield exists already.', 'STALE_OBJECT');
      return;
    }
    const problem = invalidValue(type, input.value);
    if (problem) {
      refuse('value', problem, 'INVALID_VALUE');
      return;
    }
    ready.push({
      id: existing?.id ?? world.store.nextId('metafield'),
      ownerId: input.ownerId,
      namespace,
      key: input.key,
      type,
      value: input.value,
      createdAt: existing?.createdAt ?? now,
      updatedAt: now,
    });
  });
  if (userErrors.length > 0) return { metafields: [], userErrors };
  for (const metafield of ready)
    world.data.metafields.set(
      keyOf(metafield.ownerId, metafield.namespace, metafield.key),
      metafield,
    );
  world.store.changed();
  return { metafields: ready.map((metafield) => metafieldNode(world, metafield)), userErrors: [] };
};

const metafieldsDelete: Resolver = (args, { world }) => ({
  userErrors: [],
  deletedMetafields: (
    args['metafields'] as { ownerId: string; namespace: string; key: string }[]
  ).map((input) =>
    world.data.metafields.delete(keyOf(input.ownerId, fullNamespace(input.namespace), input.key))
      ? {
          __typename: 'MetafieldIdentifier',
          ownerId: input.ownerId,
          namespace: fullNamespace(input.namespace),
          key: input.key,
        }
      : null,
  ),
});

interface DefinitionInput {
  name: string;
  namespace?: string | null;
  key: string;
  type: string;
  ownerType: string;
  description?: string | null;
  access?: { admin?: string; storefront?: string; customerAccount?: string } | null;
}

const metafieldDefinitionCreate: Resolver = (args, { world }) => {
  const input = args['definition'] as DefinitionInput,
    namespace = fullNamespace(input.namespace);
  const refuse = (field: string, message: string, code: string): GraphNode => ({
    createdDefinition: null,
    userErrors: [
      {
        __typename: 'MetafieldDefinitionCreateUserError',
        field: ['definition', field],
        message,
        code,
        elementIndex: null,
        elementKey: null,
      },
    ],
  });
  const owner = Object.values(OWNERS).find((candidate) => candidate.type === input.ownerType);
  if (!owner) throw notModeled(`metafield definitions of ${input.ownerType}`);
  if (owner.scope && !holds(world.data.installation.scopes, owner.scope))
    throw accessDenied('metafieldDefinitionCreate', owner.scope);
  if (!TYPES.test(input.type)) return refuse('type', 'Type must be a supported type', 'INCLUSION');
  if (!/^[\w-]{2,64}$/.test(input.key))
    return refuse('key', 'Key contains one or more invalid characters.', 'INVALID_CHARACTER');
  if (input.access?.admin && !namespace.startsWith(APP_NAMESPACE))
    return refuse(
      'access',
      'Admin access can only be set for the app-reserved namespace.',
      'ADMIN_ACCESS_INPUT_NOT_ALLOWED',
    );
  if (
    world.data.definitions.some(
      (d) => d.namespace === namespace && d.key === input.key && d.ownerType === input.ownerType,
    )
  )
    return refuse(
      'key',
      'Key is in use for ' +
        input.ownerType.toLowerCase() +
        " metafields on the '" +
        namespace +
        "' namespace.",
      'TAKEN',
    );
  const definition: MetafieldDefinition = {
    id: world.store.nextId('definition'),
    name: input.name,
    namespace,
    key: input.key,
    type: input.type,
    ownerType: input.ownerType,
    description: input.description ?? null,
    admin: input.access?.admin ?? 'PUBLIC_READ_WRITE',
    storefront: input.access?.storefront ?? 'NONE',
    customerAccount: input.access?.customerAccount ?? 'NONE',
  };
  world.data.definitions.push(definition);
  world.store.changed();
  return { createdDefinition: definitionNode(world, definition), userErrors: [] };
};

export const metafieldQueries: Record<string, Resolver> = {
  metafieldDefinitions: (args, context) => {
    const namespace =
      typeof args['namespace'] === 'string' ? fullNamespace(args['namespace']) : undefined;
    if (args['query']) throw notModeled('searching metafield definitions');
    const all = context.world.data.definitions.filter(
      (d) =>
        d.ownerType === args['ownerType'] &&
        (namespace === undefined || d.namespace === namespace) &&
        (!args['key'] || d.key === args['key']),
    );
    return connection(
      'MetafieldDefinition',
      all,
      args as PageArguments,
      (d) => String(d.id),
      (d) => definitionNode(context.world, d),
      bulkMode(context),
    );
  },
  metafieldDefinition: (args, { world }) => {
    const id = typeof args['id'] === 'string' ? idOf('MetafieldDefinition', args['id']) : undefined,
      identifier = args['identifier'] as
        { ownerType: string; namespace?: string; key: string } | undefined;
    const found = world.data.definitions.find((d) =>
      id === undefined
        ? d.ownerType === identifier?.ownerType &&
          d.key === identifier.key &&
          d.namespace === fullNamespace(identifier.namespace)
        : d.id === id,
    );
    return found ? definitionNode(world, found) : null;
  },
};
export const metafieldMutations: Record<string, Resolver> = {
  metafieldsSet,
  metafieldsDelete,
  metafieldDefinitionCreate,
};
