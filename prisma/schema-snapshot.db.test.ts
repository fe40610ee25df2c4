import { expect, test } from 'vitest';
import { describeSchema } from './testing/describe-schema.ts';
import { openMigrated } from './testing/migrated.ts';

// After a migration: `npx vitest run prisma/schema-snapshot.db.test.ts -u`, and read the difference.
test('the schema is the one that was reviewed', async () => {
  const database = await openMigrated();
  const description = await describeSchema(database.owner);
  await database.close();
  await expect(description).toMatchFileSnapshot('./schema-snapshot.sql');
});
