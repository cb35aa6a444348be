import type { z } from '@hono/zod-openapi';
import type { MailSettingsChange } from '../../mail/settings/service.ts';
import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { newRoutes } from '../new-routes.ts';
import {
  mailSettingsChange,
  mailSettingsJson,
  mailSettingsOut,
  mailSettingsPreviewOut,
} from './settings-schema.ts';

const getSettings = defineRoute({
  method: 'get',
  path: '/api/v1/mail/settings',
  operationId: 'getMailSettings',
  tags: ['mail servers'],
  summary: 'What holds for the mail servers as a whole',
  need: 'read',
  responses: { 200: answer('The settings.', mailSettingsOut) },
});

const changeSettings = defineRoute({
  method: 'patch',
  path: '/api/v1/mail/settings',
  operationId: 'changeMailSettings',
  tags: ['mail servers'],
  summary: 'Change what holds for the mail servers as a whole',
  description: 'What is not given stays. Mail servers that were configured once have it some seconds later.',
  need: 'admin',
  request: { body: body(mailSettingsChange) },
  responses: { 200: answer('The settings as they now are.', mailSettingsOut) },
});

const previewSettings = defineRoute({
  method: 'post',
  path: '/api/v1/mail/settings/preview',
  operationId: 'previewMailSettings',
  tags: ['mail servers'],
  summary: 'Whether a change of the settings would be taken, and which servers would reload',
  description: 'Changes nothing. Takes what PATCH /api/v1/mail/settings takes.',
  need: 'admin',
  request: { body: body(mailSettingsChange) },
  responses: { 200: answer('What it would do.', mailSettingsPreviewOut) },
});

export function mailSettingsRoutes() {
  return newRoutes()
    .openapi(getSettings, (c) => c.json(mailSettingsJson(c.var.services.mailSettings.get()), 200))
    .openapi(changeSettings, async (c) => {
      const change = changeOf(c.req.valid('json'));
      return c.json(mailSettingsJson(await c.var.services.mailSettings.update(actorOf(c), change)), 200);
    })
    .openapi(previewSettings, (c) =>
      c.json(c.var.services.mailSettings.preview(changeOf(c.req.valid('json'))), 200),
    );
}

const changeOf = ({ relay, ...rest }: z.infer<typeof mailSettingsChange>): MailSettingsChange => ({
  ...rest,
  relay: relay && { ...relay, user: relay.user ?? undefined },
});
