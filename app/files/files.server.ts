import { env } from '../env.server.ts';
import { awsCredentials } from './aws-credentials.server.ts';
import type { FileStore } from './file-store.ts';
import { localFiles } from './local-files.server.ts';
import { s3Files } from './s3-files.server.ts';

let chosen: FileStore | undefined;

/** The bucket that the environment names, or a folder. */
export function files(): FileStore {
  chosen ??= choose();
  return chosen;
}

function choose(): FileStore {
  const settings = env();
  const { FILES_BUCKET: bucket, FILES_DIR, AWS_REGION: region = '', FILES_ENDPOINT } = settings;
  if (bucket === undefined) return localFiles(FILES_DIR);
  return s3Files({
    bucket,
    region,
    endpoint: FILES_ENDPOINT,
    credentials: awsCredentials(settings),
  });
}
