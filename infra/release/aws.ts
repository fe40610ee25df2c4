// AWS's own command line, which GitHub's machines have: what it does is in no package of ours.
import { execFile } from 'node:child_process';
import { Problem } from '#infra/local/process.ts';

/** What a call of the AWS command line answers, as JSON; null where it prints nothing. */
export type Aws = (...args: string[]) => Promise<unknown>;

/** Calls `aws` in a region. @throws Problem with what it said */
export function awsIn(region: string): Aws {
  return (...args) =>
    new Promise((resolve, reject) => {
      const all = [...args, '--region', region, '--output', 'json', '--no-cli-pager'];
      execFile('aws', all, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        if (error !== null) {
          const said = stderr.trim() || error.message;
          reject(new Problem(`aws ${args.slice(0, 2).join(' ')} failed: ${said}`));
          return;
        }
        try {
          resolve(stdout.trim() === '' ? null : JSON.parse(stdout));
        } catch {
          // `s3 cp` prints lines.
          resolve(stdout);
        }
      });
    });
}
