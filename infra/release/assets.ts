import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { Problem } from '#infra/local/process.ts';
import { staleFiles } from './assets.rules.ts';
import type { Manifest } from './assets.rules.ts';
import type { Aws } from './aws.ts';
import type { Environment } from './environment.ts';

/** Names of files change with their contents. */
const forever = 'public, max-age=31536000, immutable';
/** As many as S3 takes in one call. */
const deletedAtOnce = 1_000;

const listing = z
  .object({
    Contents: z.array(z.object({ Key: z.string(), LastModified: z.string() })).optional(),
  })
  .nullable();
const deleted = z
  .object({ Errors: z.array(z.object({ Key: z.string(), Code: z.string() })).optional() })
  .nullable();
const manifest = z.object({ release: z.string(), at: z.string(), files: z.array(z.string()) });

/**
 * Puts the files of a release into the bucket before any service moves, and leaves those of earlier ones for the pages
 * and tasks that still ask for them. Written last, the manifest tells that all of them are there.
 * @param folder `build/client` of the image
 * @param release the commit
 */
export async function uploadAssets(
  aws: Aws,
  environment: Environment,
  folder: string,
  release: string,
): Promise<void> {
  const assets = path.join(folder, 'assets');
  const files = readdirSync(assets, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  if (files.length === 0) throw new Problem(`There are no files in ${assets}.`);
  const bucket = `s3://${environment.frontend_bucket}`;
  await aws(
    's3',
    'cp',
    assets,
    `${bucket}/assets`,
    '--recursive',
    '--only-show-errors',
    '--cache-control',
    forever,
  );
  await putManifest(aws, bucket, { release, at: new Date().toISOString(), files });
  // No file is ever replaced: this ends what CloudFront remembers of one that was not there yet.
  await aws(
    'cloudfront',
    'create-invalidation',
    '--distribution-id',
    environment.distribution_id,
    '--paths',
    '/assets/*',
  );
}

/** Deletes what no release that is kept has. @returns how many */
export async function deleteStaleAssets(aws: Aws, environment: Environment): Promise<number> {
  const manifests = await readManifests(aws, environment);
  const stored = await list(aws, environment, 'assets/');
  const stale = staleFiles(stored, manifests, Date.now());
  for (let start = 0; start < stale.length; start += deletedAtOnce) {
    const Objects = stale.slice(start, start + deletedAtOnce).map((Key) => ({ Key }));
    const { Errors = [] } =
      deleted.parse(
        await aws(
          's3api',
          'delete-objects',
          '--bucket',
          environment.frontend_bucket,
          '--delete',
          JSON.stringify({ Objects, Quiet: true }),
        ),
      ) ?? {};
    // Answered with 200 also for files that stayed.
    const [first] = Errors;
    if (first !== undefined)
      throw new Problem(`${Errors.length} files stayed, the first ${first.Key} (${first.Code}).`);
  }
  return stale.length;
}

async function putManifest(aws: Aws, bucket: string, content: Manifest): Promise<void> {
  await inFolder(async (folder) => {
    const file = path.join(folder, 'manifest.json');
    writeFileSync(file, JSON.stringify(content));
    await aws('s3', 'cp', file, `${bucket}/releases/${content.release}.json`, '--only-show-errors');
  });
}

async function readManifests(aws: Aws, environment: Environment): Promise<Manifest[]> {
  return inFolder(async (folder) => {
    const bucket = `s3://${environment.frontend_bucket}/releases`;
    await aws('s3', 'cp', bucket, folder, '--recursive', '--only-show-errors');
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => manifest.parse(JSON.parse(readFileSync(path.join(folder, name), 'utf8'))));
  });
}

async function list(aws: Aws, environment: Environment, prefix: string) {
  const bucket = environment.frontend_bucket;
  const answer = listing.parse(
    await aws('s3api', 'list-objects-v2', '--bucket', bucket, '--prefix', prefix),
  );
  return (answer?.Contents ?? []).map(({ Key, LastModified }) => ({
    key: Key,
    lastModified: LastModified,
  }));
}

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-release-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
