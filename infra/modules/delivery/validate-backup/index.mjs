// AWS Lambda, called when AWS Backup has test-restored a snapshot: checks it and reports to AWS Backup.
import { problemsOf } from './checks.mjs';

// The runtime brings AWS's clients, and the archive the driver; neither lies beside this file in the repository.
/** @param {string} name */
const fromRuntime = (name) => import(name);

/**
 * The message for AWS Backup, at most a thousand characters.
 *
 * @param {readonly string[]} problems
 */
export function verdictOf(problems) {
  return problems.length === 0
    ? { ValidationStatus: 'SUCCESSFUL', ValidationStatusMessage: 'as it must be' }
    : { ValidationStatus: 'FAILED', ValidationStatusMessage: problems.join('; ').slice(0, 1000) };
}

/**
 * Whether AWS Backup named the instance, as it names what it restores to try it.
 *
 * @param {string} identifier
 */
export const isTest = (identifier) => identifier.startsWith('awsbackup-restore-test-');

/**
 * @public AWS Lambda calls it.
 * @param {{ detail: { restoreJobId: string, createdResourceArn: string } }} event
 */
export async function handler({ detail: { restoreJobId, createdResourceArn } }) {
  const identifier = createdResourceArn.split(':').at(-1) ?? '';
  // A person's own restore is not checked.
  if (!isTest(identifier)) return;
  const [backup, rds, secrets, pg] = await Promise.all(
    ['@aws-sdk/client-backup', '@aws-sdk/client-rds', '@aws-sdk/client-secrets-manager', 'pg'].map(
      fromRuntime,
    ),
  );
  const { DBInstances } = await new rds.RDSClient().send(
    new rds.DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }),
  );
  const { SecretString } = await new secrets.SecretsManagerClient().send(
    new secrets.GetSecretValueCommand({ SecretId: process.env['APP_SECRET_ARN'] }),
  );
  const database = new pg.default.Client({
    host: DBInstances[0].Endpoint.Address,
    port: 5432,
    user: 'loyalnest_app',
    password: JSON.parse(SecretString).password,
    database: 'loyalnest',
    ssl: true,
    statement_timeout: 300_000,
  });
  await database.connect();
  const problems = await problemsOf(database).finally(() => database.end());
  await new backup.BackupClient().send(
    new backup.PutRestoreValidationResultCommand({
      RestoreJobId: restoreJobId,
      ...verdictOf(problems),
    }),
  );
  // An alarm listens for a call that fails.
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
