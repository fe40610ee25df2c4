import { coreIsServing } from './core-client/clients.server.ts';

const headers = { 'cache-control': 'no-store' };

/** Liveness: this process answers. Used to restart processes, which would not bring core back. */
export function answerLiveness(): Response {
  return Response.json({ status: 'ok' }, { headers });
}

/** Readiness: core and core's database answer. Used to route requests. */
export async function answerReadiness(): Promise<Response> {
  const [core, database] = await Promise.all([coreIsServing(), coreIsServing('database')]);
  const word = (isThere: boolean) => (isThere ? 'ok' : 'unavailable');
  const isReady = core && database;
  return Response.json(
    { status: word(isReady), core: word(core), database: word(database) },
    { status: isReady ? 200 : 503, headers },
  );
}
