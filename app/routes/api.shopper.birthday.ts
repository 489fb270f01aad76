import type { LoaderFunctionArgs } from '@remix-run/node';

import { readBirthdayRequest } from '#app/adapters/http/read-shopper-requests.server.ts';
import type { BirthdayAnswer } from '#app/contracts/shopper-loyalty.ts';
import { isBirthday } from '#app/domain/loyalty/members/birthday.ts';
import { answerShopper, refuse } from '#app/http/shopper-endpoint.server.ts';
import { saveBirthday } from '#app/services/shopper/save-birthday.server.ts';

/** `POST /api/shopper/birthday`: month and day, once. */
const answer = ({ request }: LoaderFunctionArgs): Promise<Response> =>
  answerShopper<BirthdayAnswer>(request, 'POST', async ({ customerId, ...context }) => {
    const birthday = await readBirthdayRequest(request);
    if (birthday === null || !isBirthday(birthday)) return refuse(400, 'birthday');
    return { ok: true, value: await saveBirthday(context, { customerId, ...birthday }) };
  });

// What a browser asks before it posts comes to the loader; anything else is no way to ask here.
export { answer as loader, answer as action };
