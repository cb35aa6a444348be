import { answer, body } from '../content.ts';
import { defineRoute } from '../define-route.ts';
import { actorOf } from '../env.ts';
import { newRoutes } from '../new-routes.ts';
import { mailSettingsChange, mailSettingsJson, mailSettingsOut } from './settings-schema.ts';

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

export function mailSettingsRoutes() {
  return newRoutes()
    .openapi(getSettings, (c) => c.json(mailSettingsJson(c.var.services.mailSettings.get()), 200))
    .openapi(changeSettings, async (c) => {
      const { relay, ...rest } = c.req.valid('json');
      const change = { ...rest, relay: relay && { ...relay, user: relay.user ?? undefined } };
      return c.json(mailSettingsJson(await c.var.services.mailSettings.update(actorOf(c), change)), 200);
    });
}
