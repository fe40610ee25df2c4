import { coreIsServing } from './core-client/clients.server.ts';

const headers = { 'cache-control': 'no-store' };

/** Alive means: this process answers. Whoever restarts processes asks this; restarting would not bring core back. */
export function answerLiveness(): Response {
  return Response.json({ status: 'ok' }, { headers });
}

/** Ready means: able to do what it is for, which takes core and core's database. Whoever routes requests asks this. */
export async function answerReadiness(): Promise<Response> {
  const [core, database] = await Promise.all([coreIsServing(), coreIsServing('database')]);
  const word = (isThere: boolean) => (isThere ? 'ok' : 'unavailable');
  const isReady = core && database;
  return Response.json(
    { status: word(isReady), core: word(core), database: word(database) },
    { status: isReady ? 200 : 503, headers },
  );
}
