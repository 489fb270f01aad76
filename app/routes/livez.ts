/** 200 while the process answers at all. Nothing else is asked: a restart mends no database. */
export function loader(): Response {
  return new Response('ok');
}
