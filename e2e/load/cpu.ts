import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds per kernel clock tick, the same on every Linux. */
const tickMs = 10;

/**
 * Milliseconds of processor time that processes have used so far, and PostgreSQL with all its connections. Nothing
 * where the kernel does not tell.
 */
export function cpuOf(
  pids: Readonly<Record<string, number>>,
  postgresPid: number,
): Record<string, number> {
  if (process.platform !== 'linux') return {};
  const used = Object.entries(pids).map(([name, pid]) => [name, readStat(pid)?.ms ?? 0] as const);
  const postgres = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), stat: readStat(Number(name)) }))
    .filter(({ pid, stat }) => pid === postgresPid || stat?.parent === postgresPid)
    .reduce((sum, { stat }) => sum + (stat?.ms ?? 0), 0);
  return { ...Object.fromEntries(used), postgres };
}

function readStat(pid: number): { parent: number; ms: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * tickMs };
  } catch {
    return undefined;
  }
}
