import { check } from 'k6';
import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import grpc from 'k6/net/grpc';

const tokenSeconds = 300;

/** A variable of k6's environment (`-e NAME=value`). @throws Error naming the one that is missing */
export function needed(name: string): string {
  const value = __ENV[name] ?? '';
  if (value === '') throw new Error(`${name} is missing: k6 run -e ${name}=…`);
  return value;
}

/** As app/core-client/token.server.ts signs it. No merchant: the platform itself. */
function tokenOf(merchantId: string): string {
  const part = (value: object) => encoding.b64encode(JSON.stringify(value), 'rawurl');
  const claims = {
    ...(merchantId === '' ? {} : { merchant: merchantId }),
    actor: 'system',
    scopes: [merchantId === '' ? 'platform' : 'system'],
    exp: Math.floor(Date.now() / 1000) + tokenSeconds,
  };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  const signature = crypto.hmac('sha256', needed('CORE_SIGNING_KEY'), signed, 'base64rawurl');
  return `${signed}.${signature}`;
}

const client = new grpc.Client();
client.load(
  ['../../proto'],
  'admin/v1/admin.proto',
  'analytics/v1/analytics.proto',
  'points/v1/points.proto',
  'referrals/v1/referrals.proto',
);
let isConnected = false;

/**
 * One call of core on behalf of a tenant, or of the platform when it is empty. Whether it was answered is a check.
 * @returns the message, or undefined when the call failed
 */
export function call<Answer>(
  method: string,
  merchantId: string,
  request: object,
): Answer | undefined {
  if (!isConnected) {
    client.connect(needed('CORE_ADDRESS'), { plaintext: __ENV['CORE_TLS'] !== 'on' });
    isConnected = true;
  }
  const metadata = { authorization: `Bearer ${tokenOf(merchantId)}` };
  const response = client.invoke(method, request, { metadata });
  const isAnswered = check(response, {
    'core answered': ({ status }) => status === grpc.StatusOK,
  });
  return isAnswered ? (response.message as Answer) : undefined;
}
