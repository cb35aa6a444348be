import { type ReadMetric, single } from './snapshot.ts';

export const storageMetrics: readonly ReadMetric[] = [
  single(
    'signpost_database_copy_timestamp_seconds',
    'gauge',
    'When the last whole copy of the database was made, in seconds since the epoch.',
    ({ databaseCopiedAt }) => (databaseCopiedAt === undefined ? undefined : databaseCopiedAt / 1000),
  ),
];
