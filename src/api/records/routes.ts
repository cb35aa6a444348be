import { mayRead, requireReadable, requireRecords } from '../access.ts';
import { RECORDS_LIMITS } from '../body.ts';
import { answer, body, created } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { diffLineJson } from '../diff-line.ts';
import { domainParam } from '../domains/schema.ts';
import { actorOf } from '../env.ts';
import { nameText, pageJson, pageOf, pageRequest } from '../fields.ts';
import { found } from '../found.ts';
import { longAnswer } from '../long-answer.ts';
import { newRoutes } from '../new-routes.ts';
import {
  changedJson,
  changedOut,
  customRecordJson,
  customRecordOut,
  pageOnly,
  previewIn,
  previewOut,
  recordJson,
  recordOut,
  recordParam,
  recordsIn,
  recordsOf,
  recordsQuery,
  recordsRemovedOut,
  removeQuery,
  wantedOf,
  zoneParam,
} from './schema.ts';

const path = '/api/v1/zones/{zone}/records';

const domainRecords = defineRoute({
  method: 'get',
  path: '/api/v1/domains/{domain}/records',
  operationId: 'listDomainRecords',
  tags: ['domains'],
  summary: 'Every record of a domain, with its reason',
  description: 'What the box serves for it; for a domain with external DNS, what to publish there.',
  need: 'read:zone',
  request: { params: domainParam, query: pageOnly },
  responses: { 200: answer('A page of records.', pageOf(recordOut)) },
});

const listRecords = defineRoute({
  method: 'get',
  path,
  operationId: 'listRecords',
  tags: ['records'],
  summary: 'Your own records of a zone',
  need: 'read:owner',
  request: { params: zoneParam, query: recordsQuery },
  responses: { 200: answer('A page of records.', pageOf(customRecordOut)) },
});

const addRecordsRoute = defineRoute({
  method: 'post',
  path,
  operationId: 'addRecords',
  tags: ['records'],
  summary: 'Add records: all of them, or none',
  description: 'Others at the same name and type stay. A derived record of the same name and type gives way.',
  need: 'write:records',
  bodyLimits: RECORDS_LIMITS,
  errors: ['invalid-record', 'record-conflict', 'outside-zone', 'already-exists'],
  request: { params: zoneParam, body: body(recordsIn) },
  responses: { 201: created('The records, and the serial that is live.', changedOut) },
});

const replaceRecords = defineRoute({
  method: 'put',
  path,
  operationId: 'replaceRecords',
  tags: ['records'],
  summary: 'Replace all your records at these names and types',
  need: 'write:records',
  bodyLimits: RECORDS_LIMITS,
  errors: ['invalid-record', 'record-conflict', 'outside-zone'],
  request: { params: zoneParam, body: body(recordsIn) },
  responses: { 200: answer('The records, and the serial that is live.', changedOut) },
});

const removeRecords = defineRoute({
  method: 'delete',
  path,
  operationId: 'removeRecords',
  tags: ['records'],
  summary: 'Remove your records at a name',
  description: 'All of them, or those of a type, or the one with a value.',
  need: 'write:records',
  request: { params: zoneParam, query: removeQuery },
  responses: { 200: answer('How many went.', recordsRemovedOut) },
});

const previewRecords = defineRoute({
  method: 'post',
  path: `${path}/preview`,
  operationId: 'previewRecords',
  tags: ['records'],
  summary: 'What a change of records would change in the zone',
  description:
    'It is made as it would be, looked at and undone: nothing is changed, and what it would be refused for, this is.',
  need: 'write:records',
  errors: ['invalid-record', 'record-conflict', 'outside-zone', 'already-exists'],
  request: { params: zoneParam, body: body(previewIn) },
  responses: { 200: answer('The difference.', previewOut) },
});

const getRecord = defineRoute({
  method: 'get',
  path: `${path}/{id}`,
  operationId: 'getRecord',
  tags: ['records'],
  summary: 'One of your own records',
  need: 'read:record',
  request: { params: recordParam },
  responses: { 200: answer('The record.', customRecordOut) },
});

const removeRecord = defineRoute({
  method: 'delete',
  path: `${path}/{id}`,
  operationId: 'removeRecord',
  tags: ['records'],
  summary: 'Remove one of your own records',
  need: 'write:records',
  request: { params: recordParam },
  responses: { 200: answer('It went.', recordsRemovedOut) },
});

export function recordRoutes() {
  return newRoutes()
    .openapi(domainRecords, async (c) => {
      const { domain } = c.req.valid('param');
      found(c.var.services.domains.get(domain), 'domain', domain);
      const page = await c.var.services.domains.records(domain, pageRequest(c.req.valid('query')));
      return c.json(pageJson(page, recordJson), 200);
    })
    .openapi(listRecords, (c) => {
      const { owner, type, ...page } = c.req.valid('query');
      const filter = { ...(owner && { owner }), ...(type !== undefined && { type }) };
      const records = c.var.services.records.list(c.req.valid('param').zone, pageRequest(page), filter);
      return c.json(pageJson(records, customRecordJson), 200);
    })
    .route('/', writes())
    .route('/', preview())
    .route('/', single());
}

function writes() {
  return newRoutes()
    .openapi(addRecordsRoute, async (c) => {
      const { zone } = c.req.valid('param');
      const records = requireRecords(c, zone, recordsOf(c.req.valid('json')));
      const change = await changedJson(await c.var.services.records.add(actorOf(c), zone, records));
      return longAnswer(c, change, 201, { Location: locationOf(change) });
    })
    .openapi(replaceRecords, async (c) => {
      const { zone } = c.req.valid('param');
      const records = requireRecords(c, zone, recordsOf(c.req.valid('json')));
      const change = await c.var.services.records.replace(actorOf(c), zone, records);
      return longAnswer(c, await changedJson(change), 200);
    })
    .openapi(removeRecords, async (c) => {
      const { zone } = c.req.valid('param');
      const { owner, type, value } = c.req.valid('query');
      requireRecords(c, zone, [{ name: owner }]);
      const which = { owner: owner.toText(), type, value };
      const { removed, published } = await c.var.services.records.remove(actorOf(c), zone, which);
      return c.json({ removed, zone: nameText(zone), serial: published?.serial ?? null }, 200);
    });
}

function single() {
  return newRoutes()
    .openapi(getRecord, (c) => {
      const { zone, id } = c.req.valid('param');
      const record = c.var.services.records.get(zone, id);
      requireReadable(c, zone, record?.owner);
      return c.json(customRecordJson(found(record, 'record', id)), 200);
    })
    .openapi(removeRecord, async (c) => {
      const { zone, id } = c.req.valid('param');
      const { owner } = found(c.var.services.records.get(zone, id), 'record', id);
      requireRecords(c, zone, [{ name: owner }]);
      const { removed, published } = await c.var.services.records.remove(actorOf(c), zone, { id });
      return c.json({ removed, zone: nameText(zone), serial: published?.serial ?? null }, 200);
    });
}

function preview() {
  return newRoutes().openapi(previewRecords, async (c) => {
    const { zone } = c.req.valid('param');
    const { records } = c.var.services;
    const { wanted, named } = wantedOf(c.req.valid('json'));
    if ('remove' in wanted && 'id' in wanted.remove) {
      const { id } = wanted.remove;
      named.push({ name: found(records.get(zone, id), 'record', id).owner });
    }
    requireRecords(c, zone, named);
    const lines = await records.preview(actorOf(c), zone, wanted);
    const readable = lines.filter(({ owner }) => mayRead(c, zone, owner));
    return c.json({ zone: nameText(zone), changes: readable.map(diffLineJson) }, 200);
  });
}

/** The new record, or the list when there are several. */
function locationOf({ zone, records }: { zone: string; records: { id: string }[] }): string {
  const list = `/api/v1/zones/${encodeURIComponent(zone)}/records`;
  return records.length === 1 ? `${list}/${encodeURIComponent(records[0]!.id)}` : list;
}
