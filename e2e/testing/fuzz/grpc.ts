import { ScalarType } from '@bufbuild/protobuf';
import type { DescField, DescMessage, DescMethod } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { Client, credentials, Metadata, status as Status } from '@grpc/grpc-js';
import { adminService } from '#core/rpc/admin.ts';
import { analyticsService } from '#core/rpc/analytics.ts';
import { frontendService } from '#core/rpc/frontend.ts';
import { pointsService } from '#core/rpc/points.ts';
import type { Policy } from '#core/rpc/policies.ts';
import { signToken } from '#core/rpc/token.ts';
import { nastyTexts } from '../../load/random.ts';
import type { Random } from '../../load/random.ts';
import type { FuzzTarget, Outcome, Shot } from './target.ts';

const policies: Readonly<Record<string, Readonly<Record<string, Policy>>>> = {
  'admin.v1.AdminService': adminService.policies,
  'points.v1.PointsService': pointsService.policies,
  'analytics.v1.AnalyticsService': analyticsService.policies,
  'frontend.v1.FrontendService': frontendService.policies,
};

/** These end a tenant, after which every call would be refused early. */
const endsTenant = new Set([
  'UninstallMerchant',
  'RedactShop',
  'RequestShopErasure',
  'RepeatShopErasure',
]);

const words: readonly string[] = [
  'USD',
  'UTC',
  'en',
  'fr',
  'FR',
  'paid',
  'created',
  'updated',
  'cancelled',
  'refunded',
  'admin',
  'webhook',
  'data_request',
  'redact',
  'running',
  'completed',
  'active',
  'amount_off',
  'percent_off',
  'free_product',
  'store_credit',
  'gift_card',
  'fixed',
  'incremental',
  'double_points',
  'goal',
  'discount',
  'spend',
  'points',
  'lifetime',
  'debt',
  'stop_at_zero',
  'activity',
  'vip',
  'birthday',
  'someone@example.com',
  '10.00',
  '0.01',
  '5',
  '2031-03',
  '2099-01-01T00:00',
  '2026-11-01T10:00:00.000Z',
  '2031-03-01T00:00:00Z',
  'a reason',
  '+15550001111',
  'orders/paid',
];

function textFor(random: Random, field: DescField, target: FuzzTarget): string {
  if (random.chance(0.1)) return random.pick(nastyTexts);
  const { name } = field;
  const own = target.shop.belongings[name.replace(/_ids$/, '_id')];
  if (own !== undefined && random.chance(0.85)) return own;
  if (/shop_domain/.test(name)) return `fuzz-${random.below(50)}.myshopify.com`;
  if (/_ids?$/.test(name))
    return random.pick(['5001', '5002', '700020', String(random.below(1e6))]);
  if (/_key$/.test(name)) return `fuzz-${random.below(1e6)}`;
  if (/(_at|since)$/.test(name))
    return random.chance(0.5) ? '' : new Date(1_790_000_000_000 + random.below(1e11)).toISOString();
  if (/(amount|total|subtotal|price|value|spend|per_unit|minimum)$/.test(name))
    return (random.below(1e6) / 100).toFixed(2);
  if (/currency/.test(name)) return random.pick(['USD', 'USD', 'JPY', 'KWD', 'USDC']);
  if (/timezone/.test(name)) return random.pick(['UTC', 'Europe/Paris', 'Pacific/Apia']);
  if (/color/.test(name)) return '#0f766e';
  return random.chance(0.15) ? '' : random.pick(words);
}

const integers: readonly bigint[] = [0n, 1n, 2n, 5n, 30n, 365n, 500n, 10_000n];
const edges: readonly bigint[] = [
  -1n,
  -(2n ** 31n),
  2n ** 31n - 1n,
  10n ** 12n,
  10n ** 12n + 1n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];

function integerFor(random: Random, bits: 32 | 64, isSigned: boolean): bigint {
  const value = random.pick(random.chance(0.85) ? integers : edges);
  return isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

function writeScalar(
  writer: BinaryWriter,
  number: number,
  type: ScalarType,
  random: Random,
  field: DescField,
  target: FuzzTarget,
): void {
  const varint = () => writer.tag(number, WireType.Varint);
  switch (type) {
    case ScalarType.STRING:
      writer.tag(number, WireType.LengthDelimited).string(textFor(random, field, target));
      return;
    case ScalarType.BYTES:
      writer
        .tag(number, WireType.LengthDelimited)
        .bytes(Buffer.from(random.pick(['{}', '{"id":1}', '', '\u0000', 'x'.repeat(2_000)])));
      return;
    case ScalarType.BOOL:
      varint().bool(random.chance(0.5));
      return;
    case ScalarType.DOUBLE:
      writer
        .tag(number, WireType.Bit64)
        .double(random.pick([0, 1, 0.1, -1, 1e308, Number.NaN, Number.POSITIVE_INFINITY]));
      return;
    case ScalarType.FLOAT:
      writer.tag(number, WireType.Bit32).float(random.pick([0, 1, -1, 1e30, Number.NaN]));
      return;
    case ScalarType.INT32:
      varint().int32(Number(integerFor(random, 32, true)));
      return;
    case ScalarType.UINT32:
      varint().uint32(Number(integerFor(random, 32, false)));
      return;
    case ScalarType.INT64:
      varint().int64(integerFor(random, 64, true));
      return;
    case ScalarType.UINT64:
      varint().uint64(integerFor(random, 64, false));
      return;
    default:
      throw new Error(
        `${field.name} is of a type that no message of ours had: say here how it is made`,
      );
  }
}

/** A message of that shape, on the wire as any client could send it. */
function messageOf(random: Random, shape: DescMessage, target: FuzzTarget, depth = 0): Uint8Array {
  const writer = new BinaryWriter();
  for (const field of shape.fields) {
    if (random.chance(depth === 0 ? 0.1 : 0.25)) continue;
    const isMany = field.fieldKind === 'list' || field.fieldKind === 'map';
    let count = isMany ? random.pick([0, 1, 1, 1, 2, 3]) : 1;
    if (isMany && depth < 2 && random.chance(0.01)) count = 501;
    for (let each = 0; each < count; each++) {
      if (field.fieldKind === 'map') {
        const entry = new BinaryWriter();
        entry
          .tag(1, WireType.LengthDelimited)
          .string(random.pick(['en', 'es', 'fr', ...(random.chance(0.1) ? nastyTexts : [])]));
        if (field.message !== undefined)
          entry
            .tag(2, WireType.LengthDelimited)
            .bytes(
              depth > 4 ? new Uint8Array() : messageOf(random, field.message, target, depth + 1),
            );
        else if (field.scalar !== undefined)
          writeScalar(entry, 2, field.scalar, random, field, target);
        writer.tag(field.number, WireType.LengthDelimited).bytes(entry.finish());
      } else if (field.message !== undefined) {
        if (depth > 4) continue;
        writer
          .tag(field.number, WireType.LengthDelimited)
          .bytes(messageOf(random, field.message, target, depth + 1));
      } else if (field.enum !== undefined) {
        const known = field.enum.values.map(({ number }) => number);
        writer
          .tag(field.number, WireType.Varint)
          .int32(random.chance(0.9) ? random.pick(known) : random.pick([-1, 99, 2 ** 31 - 1]));
      } else if (field.scalar !== undefined) {
        writeScalar(writer, field.number, field.scalar, random, field, target);
      }
    }
  }
  return writer.finish();
}

/** Mostly a caller who is allowed; sometimes any other. */
function authorization(random: Random, method: DescMethod, target: FuzzTarget): string {
  const policy = policies[method.parent.typeName]?.[method.localName];
  const isRight = random.chance(0.92);
  const merchant = endsTenant.has(method.name) ? target.otherMerchantId : target.shop.merchantId;
  const customer = target.shop.belongings['customer_id'] ?? '';
  const isTenants = isRight ? policy?.tenant === true : random.chance(0.5);
  const scopes = isRight ? (policy?.scopes ?? []) : ['platform', 'system'];
  const isShoppers = scopes.some((scope) => scope.startsWith('customer:'));
  const actor = isShoppers
    ? random.pick(['system', `customer:${customer}`, 'customer:5001', 'guest'])
    : isTenants
      ? random.pick(['system', 'staff:42'])
      : 'system';
  return `Bearer ${signToken(target.coreSigningKey, {
    ...(isTenants && { merchant }),
    actor,
    scopes,
    exp: Math.floor(Date.now() / 1000) + 300,
  })}`;
}

const answerWithinMs = 60_000;
const faults: ReadonlySet<Status> = new Set([
  Status.UNKNOWN,
  Status.INTERNAL,
  Status.DATA_LOSS,
  Status.UNIMPLEMENTED,
  Status.UNAVAILABLE,
  Status.DEADLINE_EXCEEDED,
]);

/** Messages to all methods from the server's reflection, in turn. */
export function createGrpcShots(
  target: FuzzTarget,
  methods: readonly DescMethod[],
): { shot(random: Random): Shot; close(): void } {
  const client = new Client(target.coreAddress, credentials.createInsecure());
  const passOn = (bytes: Buffer) => bytes;
  let turn = 0;
  const send = (path: string, messages: readonly Uint8Array[], bearer: string): Promise<Outcome> =>
    new Promise((resolve) => {
      const metadata = new Metadata();
      metadata.set('authorization', bearer);
      // On the wire a call of one message is a stream of one.
      const call = client.makeBidiStreamRequest(path, passOn, passOn, metadata, {
        deadline: Date.now() + answerWithinMs,
      });
      call.on('data', () => undefined);
      call.on('error', () => undefined);
      call.on('status', ({ code, details }) => {
        const status = Status[code];
        resolve(
          faults.has(code)
            ? {
                status,
                fault: `${status}: ${details}`,
                isLate: code === Status.DEADLINE_EXCEEDED,
              }
            : { status },
        );
      });
      for (const message of messages) call.write(Buffer.from(message));
      call.end();
    });
  return {
    shot(random) {
      const method = methods[turn++ % methods.length];
      if (method === undefined) throw new Error('the server has no methods');
      const isStream =
        method.methodKind === 'bidi_streaming' || method.methodKind === 'client_streaming';
      const count = isStream ? random.pick([0, 1, 2, 5]) : 1;
      const messages = Array.from({ length: count }, () => messageOf(random, method.input, target));
      const path = `/${method.parent.typeName}/${method.name}`;
      const bearer = authorization(random, method, target);
      return {
        surface: 'grpc',
        what: `${path} ${messages
          .map((each) => Buffer.from(each).toString('base64'))
          .join(' ')
          .slice(0, 8_000)}`,
        send: () => send(path, messages, bearer),
      };
    },
    close: () => client.close(),
  };
}
