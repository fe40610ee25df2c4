import { defineConfig } from 'prisma/config';

/** Prisma makes the typed client only; migrations are plain SQL run by `npm run migrate`. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
});
