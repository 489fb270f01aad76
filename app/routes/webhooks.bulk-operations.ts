import type { ActionFunctionArgs } from '@remix-run/node';

import { WEBHOOK_TOPICS } from '#app/services/sync/webhooks/webhook-topics.ts';
import { answerWebhook } from '#app/http/webhook-endpoint.server.ts';

export const action = ({ request }: ActionFunctionArgs) => answerWebhook(request, WEBHOOK_TOPICS.bulkOperations);
