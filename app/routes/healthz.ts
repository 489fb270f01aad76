import { answerReadiness } from '#app/http/readiness-endpoint.server.ts';

/** The same as /readyz, under the name that it had first: pages that are open and load balancers ask for it. */
export const loader = answerReadiness;
