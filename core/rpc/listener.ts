import { readFileSync } from 'node:fs';
import { ServerCredentials } from '@grpc/grpc-js';
import { createServer } from 'nice-grpc';
import type { Server } from 'nice-grpc';
import type { CoreEnv } from '../env.ts';

/** Larger than any message of ours, and than the largest webhook body, which is refused by its own limit. */
const maxMessageBytes = 4 * 1_048_576;

/**
 * A gRPC server whose connections end after some minutes, so that clients look up core's addresses again and a new
 * process gets its share; calls under way on them are finished first. Connections whose other end vanished are closed.
 */
export function createGrpcServer({ CORE_MAX_CONNECTION_AGE_MS }: CoreEnv): Server {
  return createServer({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': -1,
    // The library varies it by a tenth, so that not all clients come back at once.
    'grpc.max_connection_age_ms': CORE_MAX_CONNECTION_AGE_MS,
    // A stream may last that much longer.
    'grpc.max_connection_age_grace_ms': 600_000,
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 10_000,
  });
}

/**
 * Opens the port, encrypted if CORE_TLS asks for it.
 * @returns the port
 * @throws Error naming the file that cannot be read, or the address that cannot be listened on
 */
export function listen(server: Server, env: CoreEnv): Promise<number> {
  const credentials =
    env.CORE_TLS === 'on'
      ? ServerCredentials.createSsl(null, [
          {
            cert_chain: readFileSync(env.CORE_TLS_CERT_FILE ?? ''),
            private_key: readFileSync(env.CORE_TLS_KEY_FILE ?? ''),
          },
        ])
      : ServerCredentials.createInsecure();
  return server.listen(`${env.CORE_HOST}:${env.CORE_PORT}`, credentials);
}
