import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';

const runData = z.object({
  bulkOperationRunQuery: z
    .object({
      bulkOperation: z.object({ id: z.string(), status: z.string() }).nullish(),
      userErrors: z.array(z.object({ field: z.array(z.string()).nullish(), message: z.string() })),
    })
    .nullable(),
});

export const runBulkQuery: AdminDocument<z.output<typeof runData>, { query: string }> = {
  name: 'RunBulkQuery',
  cost: 10,
  data: runData,
  query: `#graphql
    mutation RunBulkQuery($query: String!) {
      bulkOperationRunQuery(query: $query) {
        bulkOperation { id status }
        userErrors { field message }
      }
    }`,
};

const operationData = z.object({
  bulkOperation: z
    .object({
      id: z.string(),
      status: z.string(),
      errorCode: z.string().nullish(),
      createdAt: z.string(),
      objectCount: z.coerce.number(),
      rootObjectCount: z.coerce.number(),
      url: z.string().nullish(),
    })
    .nullable(),
});

export const readBulkOperation: AdminDocument<z.output<typeof operationData>, { id: string }> = {
  name: 'ReadBulkOperation',
  cost: 1,
  data: operationData,
  query: `#graphql
    query ReadBulkOperation($id: ID!) {
      bulkOperation(id: $id) {
        id
        status
        errorCode
        createdAt
        objectCount
        rootObjectCount
        url
      }
    }`,
};
