import { coreIsServing } from './core-client/clients.server.ts';

/** Healthy means: able to answer, which takes core. */
export async function answerHealth(): Promise<Response> {
  const core = await coreIsServing();
  return Response.json(
    { status: core ? 'ok' : 'unavailable', core: core ? 'ok' : 'unavailable' },
    { status: core ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  );
}
