import { request } from 'node:http';
import type { Agent } from 'node:http';
import type { SignedDelivery } from './deliveries.ts';

const withinMs = 10_000;

/** @returns the status of the answer, 0 for none */
export function sendDelivery(
  base: string,
  agent: Agent,
  { path, headers, body }: SignedDelivery,
): Promise<number> {
  return new Promise((resolve) => {
    const call = request(`${base}${path}`, { agent, method: 'POST', headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    call.setTimeout(withinMs, () => call.destroy());
    call.once('error', () => resolve(0));
    call.end(body);
  });
}
