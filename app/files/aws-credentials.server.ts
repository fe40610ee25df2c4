import { z } from 'zod';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** What Amazon ECS gives a task at an address that only the task reaches. */
const containerAnswer = z.object({
  AccessKeyId: z.string().min(1),
  SecretAccessKey: z.string().min(1),
  Token: z.string().min(1),
  Expiration: z.coerce.date(),
});
const containerHost = 'http://169.254.170.2';
const answerWithinMs = 2_000;
/** Amazon rotates them well before they expire. */
const renewBeforeMs = 5 * 60_000;

export interface CredentialSource {
  readonly AWS_ACCESS_KEY_ID?: string | undefined;
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined;
  readonly AWS_SESSION_TOKEN?: string | undefined;
  readonly AWS_CONTAINER_CREDENTIALS_RELATIVE_URI?: string | undefined;
  readonly AWS_CONTAINER_CREDENTIALS_FULL_URI?: string | undefined;
}

/**
 * The keys of the environment, or those of the task's own role, read again before they expire.
 * @throws Error when there are none
 */
export function awsCredentials(
  source: CredentialSource,
  call: typeof fetch = fetch,
  now: () => number = Date.now,
): () => Promise<AwsCredentials> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = source;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const fixed = { accessKeyId, secretAccessKey, sessionToken: source.AWS_SESSION_TOKEN };
    return () => Promise.resolve(fixed);
  }
  const relative = source.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
  const address =
    source.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? (relative && `${containerHost}${relative}`);
  if (address === undefined || address === '')
    return () => Promise.reject(new Error('there are no credentials for the bucket of files'));

  let known: Promise<AwsCredentials & { readonly expiresAt: number }> | undefined;
  const read = async () => {
    const answer = await call(address, { signal: AbortSignal.timeout(answerWithinMs) });
    if (!answer.ok) throw new Error(`the task’s credentials were answered with ${answer.status}`);
    const body = containerAnswer.parse(await answer.json());
    return {
      accessKeyId: body.AccessKeyId,
      secretAccessKey: body.SecretAccessKey,
      sessionToken: body.Token,
      expiresAt: body.Expiration.getTime(),
    };
  };
  return async () => {
    const current = await known?.catch(() => undefined);
    if (current !== undefined && current.expiresAt - now() > renewBeforeMs) return current;
    known = read();
    return known;
  };
}
