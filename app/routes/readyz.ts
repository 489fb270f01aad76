import { answerReadiness } from '#app/http/readiness-endpoint.server.ts';

/** 200 while this process should be sent requests, for the load balancer. Web's listener answers 503 while it drains. */
export const loader = answerReadiness;
