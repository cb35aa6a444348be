import { answer } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { newRoutes } from '../new-routes.ts';
import { sampleJson, statisticsOut, statisticsQuery, totalsJson } from './schema.ts';

/** Samples in one answer: as many as a chart can show. */
const MOST = 60;
const MINUTE = 60_000;

const getStatistics = defineRoute({
  method: 'get',
  path: '/api/v1/nameserver/statistics',
  operationId: 'getNameserverStatistics',
  tags: ['nameserver'],
  summary: 'What the nameserver was asked lately',
  description:
    'What came in and went out in each stretch of the last minutes, all workers together, the zones that were asked most, and how long answers took. An hour is kept in memory; /metrics has it for ever, for who collects it.',
  need: 'read',
  request: { query: statisticsQuery },
  responses: { 200: answer('The samples.', statisticsOut) },
});

export function nameserverRoutes() {
  return newRoutes().openapi(getStatistics, (c) => {
    const { minutes } = c.req.valid('query');
    const { queryHistory } = c.var.services;
    const samples = queryHistory.last(minutes * MINUTE, MOST).map(sampleJson);
    const [whole] = queryHistory.last(minutes * MINUTE, 1);
    return c.json({ samples, ...totalsJson(whole) }, 200);
  });
}
