import type { Name } from '../../dns/wire/name.ts';
import { accepted, answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { jobLocation } from '../jobs/schema.ts';
import { newRoutes } from '../new-routes.ts';
import type { ApiServices } from '../services.ts';
import {
  boxChangedOut,
  boxFrom,
  boxIn,
  boxJson,
  boxOut,
  boxPreviewJson,
  boxPreviewOut,
  formerParam,
} from './schema.ts';

const getBox = defineRoute({
  method: 'get',
  path: '/api/v1/box',
  operationId: 'getBox',
  tags: ['box'],
  summary: 'The settings of the box',
  description: 'Before the first PUT the hostname is null, and `detected` offers the addresses to confirm.',
  need: 'read',
  beforeSetup: true,
  responses: { 200: answer('The settings.', boxOut) },
});

const putBox = defineRoute({
  method: 'put',
  path: '/api/v1/box',
  operationId: 'putBox',
  confirmed: true,
  tags: ['box'],
  summary: 'Set hostname, addresses and defaults',
  description:
    "Replaces all settings. The box's own names are live with them when the answer comes; where zones change by it, a job publishes each of them by itself.",
  need: 'admin',
  beforeSetup: true,
  errors: ['invalid-name', 'in-use', 'record-conflict'],
  request: { body: body(boxIn) },
  responses: {
    200: answer('The settings as they now are; no zone changes by it.', boxChangedOut),
    202: accepted('The settings as they now are, and the job that publishes the zones.', boxChangedOut),
  },
});

const previewBox = defineRoute({
  method: 'post',
  path: '/api/v1/box/preview',
  operationId: 'previewBox',
  tags: ['box'],
  summary: 'What other settings would change, and what is to do then',
  description: 'Changes nothing. Takes what PUT /api/v1/box takes.',
  need: 'admin',
  beforeSetup: true,
  errors: ['invalid-name'],
  request: { body: body(boxIn) },
  responses: {
    200: answer('Zones, nameservers, certificates, and the steps in their order.', boxPreviewOut),
  },
});

const retireHostname = defineRoute({
  method: 'delete',
  path: '/api/v1/box/former-hostnames/{hostname}',
  operationId: 'retireHostname',
  confirmed: true,
  tags: ['box'],
  summary: 'End a former hostname',
  description:
    'After a change of the hostname the one of before answers until no parent names it any more. This ends it at once: domains whose parents still name it are not found any more.',
  need: 'admin',
  errors: ['not-found'],
  request: { params: formerParam },
  responses: { 200: answer('The settings; the former hostname answers no more.', boxOut) },
});

/** The settings, with what is at hand beside them. */
function settingsOf({ box, formerHostnames, secondaries }: ApiServices, saved = box.get()) {
  return boxJson(saved, {
    detected: box.detectAddresses(),
    former: formerHostnames.list(),
    secondaries: secondaries.wanted(),
  });
}

export function boxRoutes() {
  return newRoutes()
    .openapi(previewBox, (c) => {
      const { box } = c.var.services;
      return c.json(boxPreviewJson(box.preview(boxFrom(c.req.valid('json')))), 200);
    })
    .openapi(getBox, (c) => {
      return c.json(settingsOf(c.var.services), 200);
    })
    .openapi(retireHostname, async (c) => {
      const { services } = c.var;
      await services.formerHostnames.retire(actorOf(c), c.req.valid('param').hostname);
      return c.json(settingsOf(services), 200);
    })
    .openapi(putBox, async (c) => {
      const { box } = c.var.services;
      const input = c.req.valid('json');
      const { secondaries: wanted, ...rest } = boxFrom(input);
      // No NS record leads to a server before it has the zones, unless somebody insists.
      const published = box.get()?.secondaries ?? [];
      const isPublished = (name: Name): boolean => published.some((one) => one.equals(name));
      const kept = input.unverified ? wanted : wanted.filter(isPublished);
      const { box: saved, job } = await box.put(actorOf(c), { ...rest, secondaries: kept });
      await c.var.services.secondaries.want(actorOf(c), wanted);
      const settings = settingsOf(c.var.services, saved);
      if (job === undefined) return c.json({ ...settings, job: null }, 200);
      return c.json({ ...settings, job }, 202, { Location: jobLocation(job) });
    });
}
