/** The control page: plain HTML over the JSON API beside it. */
export const controlPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local Shopify: control</title>
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 980px; padding: 24px 16px; color: #1a1a1a; background: #f6f6f7; }
  h1 { font-size: 22px; } h2 { font-size: 16px; margin: 0 0 8px; }
  section { background: #fff; border: 1px solid #e1e3e5; border-radius: 10px; padding: 16px; margin: 0 0 16px; }
  .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  button { font: inherit; padding: 6px 12px; border: 1px solid #8c9196; border-radius: 8px; }
  button { background: #fff; cursor: pointer; }
  button:hover { background: #f1f2f3; }
  button:focus-visible, input:focus-visible { outline: 2px solid #005bd3; outline-offset: 1px; }
  input { font: inherit; padding: 5px 8px; border: 1px solid #8c9196; border-radius: 8px; width: 130px; }
  textarea { font: 13px/1.4 ui-monospace, monospace; max-width: 100%; }
  label { display: inline-flex; gap: 6px; align-items: center; }
  .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: 6px 10px 6px 0; border-bottom: 1px solid #ebebeb; white-space: nowrap; }
  #message { min-height: 1.45em; color: #0a5d2c; } #message.bad { color: #8e0b21; }
</style>
</head>
<body>
<h1>Local Shopify</h1>
<p id="message" role="status"></p>
<section><h2>Clock</h2><div class="row"><span id="now"></span>
  <button data-advance="3600">+1 hour</button><button data-advance="86400">+1 day</button>
  <button data-advance="172800">+2 days</button><button data-advance="2592000">+30 days</button></div>
  <p>This moves Shopify and its stores. Apps keep the real time, so an order of tomorrow waits for tomorrow in their reports.</p></section>
<section><h2>Stores</h2><div id="shops"></div></section>
<section><h2>One order</h2><div class="row">
  <label>Order id <input id="order" inputmode="numeric"></label>
  <button data-order="refund" data-body='{"everything":true}'>Refund all</button>
  <label>Amount (minor units) <input id="amount" inputmode="numeric" value="100"></label>
  <button data-order="refund" data-amount>Refund amount</button>
  <button data-order="edit">Remove one piece</button>
  <button data-order="cancel">Cancel</button><button data-order="delete">Delete</button></div></section>
<section><h2>One customer</h2><div class="row">
  <label>Customer id <input id="customer" inputmode="numeric"></label>
  <button data-customer="data-request">Request data</button>
  <button data-customer="redact">Redact</button></div></section>
<section><h2>Faults</h2>
  <p id="faults"></p>
  <p><label>Rules, as JSON <textarea id="rules" rows="5" cols="80" spellcheck="false">[
  { "where": "graphql", "share": 0.3, "what": [{ "kind": "status", "status": 503 }, { "kind": "reset", "when": "after" }] }
]</textarea></label></p>
  <div class="row"><label>Seed <input id="seed" inputmode="numeric"></label>
  <button data-faults="set">Set</button><button data-faults="clear">Remove all</button></div></section>
<section><h2>Webhooks</h2><div class="scroll"><table><thead><tr><th>When</th><th>Topic</th><th>Status</th>
  <th>Attempts</th><th></th></tr></thead><tbody id="deliveries"></tbody></table></div></section>
<script>
  const $ = (id) => document.getElementById(id);
  let shop = '';
  function say(text, bad) { $('message').textContent = text; $('message').className = bad ? 'bad' : ''; }
  async function post(path, body) {
    const response = await fetch('/control/api/' + path, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body || {}) });
    const answer = await response.json();
    say(response.ok ? 'Done.' : answer.error, !response.ok);
    await show();
  }
  function cell(row, text) { const td = row.insertCell(); td.textContent = text; return td; }
  function button(text, run) {
    const made = document.createElement('button');
    made.textContent = text; made.onclick = run;
    return made;
  }
  async function show() {
    const state = await (await fetch('/control/api/state')).json();
    $('now').textContent = new Date(state.now).toLocaleString();
    const list = $('shops'); list.replaceChildren();
    for (const each of state.shops) {
      shop = shop || each.domain;
      const row = document.createElement('div'); row.className = 'row';
      const text = document.createElement('span');
      text.textContent = each.name + ' (' + each.domain + '): ' + each.orders + ' orders, ' + each.customers +
        ' customers, ' + (each.isInstalled ? 'app installed' : 'app not installed');
      row.append(text, each.isInstalled
        ? button('Uninstall', () => post('shops/' + each.domain + '/uninstall'))
        : button('Install', () => post('shops/' + each.domain + '/install')));
      list.append(row);
    }
    const faults = await (await fetch('/control/api/faults')).json();
    const counts = Object.entries(faults.counts).map(([kind, count]) => kind + ' ' + count + '×');
    $('faults').textContent = faults.rules.length === 0 ? 'No rules: everything works.'
      : faults.rules.length + ' rule(s), seed ' + faults.seed + '. Struck: ' + (counts.join(', ') || 'nothing yet') + '.';
    const deliveries = await (await fetch('/control/api/deliveries?limit=40')).json();
    const body = $('deliveries'); body.replaceChildren();
    for (const each of deliveries) {
      const row = body.insertRow();
      cell(row, new Date(each.triggeredAt).toLocaleTimeString()); cell(row, each.topic); cell(row, each.status);
      cell(row, each.attempts.map((a) => a.status || 'no answer').join(', '));
      row.insertCell().append(button('Send again', () => post('deliveries/' + each.webhookId + '/redeliver')));
    }
  }
  async function setFaults() {
    let rules;
    try { rules = JSON.parse($('rules').value); } catch { return say('The rules are not JSON.', true); }
    const seed = $('seed').value.trim();
    await post('faults', seed === '' ? { rules } : { rules, seed: Number(seed) });
  }
  document.addEventListener('click', (event) => {
    const { dataset } = event.target;
    if (dataset.faults === 'set') setFaults();
    if (dataset.faults === 'clear') post('faults', { rules: [] });
    if (dataset.advance) post('clock', { advanceSeconds: Number(dataset.advance) });
    if (dataset.customer) post('shops/' + shop + '/customers/' + $('customer').value + '/' + dataset.customer);
    if (dataset.order) {
      const amount = { freeAmountMinor: Number($('amount').value) };
      const body = 'amount' in dataset ? amount : JSON.parse(dataset.body || '{}');
      post('shops/' + shop + '/orders/' + $('order').value + '/' + dataset.order, body);
    }
  });
  show(); setInterval(show, 3000);
</script>
</body>
</html>
`;
