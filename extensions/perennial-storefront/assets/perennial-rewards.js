/*
 * What is in the panel beside the shopper's points, drawn when it is first opened. It asks the store's own address, which
 * Shopify leads to the app and signs with who the shopper is. Nothing here is trusted by the app.
 */

const DEADLINE_MS = 8000;
const PATIENCE_MS = 30_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 4000;

/** @param {HTMLDetailsElement} panel */
export function openPanel(panel) {
  const rest = panel.querySelector('[data-perennial-rest]');
  const words = JSON.parse(panel.querySelector('[data-perennial-words]')?.textContent ?? '{}');
  if (!rest) return;
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !panel.open) return;
    panel.open = false;
    panel.querySelector('summary')?.focus();
  });
  const view = { panel, rest, words, locale: panel.dataset.locale || 'en' };
  // The page's own server writes a number without what parts its thousands.
  for (const number of panel.querySelectorAll('strong')) number.textContent = formatCount(Number(number.textContent), view);
  void showLoyalty(view);
}

async function showLoyalty(view) {
  const { panel, rest, words, locale } = view;
  const asked = new URLSearchParams({ currency: panel.dataset.currency ?? '', locale });
  const loyalty = await ask(view, `/loyalty?${asked}`);
  takeTexts(words, loyalty?.texts);
  if (loyalty === null) return replace(rest, note(words.away), button(words.retry, () => showLoyalty(view)));
  if (loyalty.state !== 'on' && loyalty.state !== 'signed-out') return replace(rest, note(words.away));
  if (loyalty.state === 'on') showPoints(view, loyalty.balance?.points);
  const redemptions = loyalty.redemptions ?? [];
  const codes = redemptions.filter(({ state, code }) => state === 'ready' && code).flatMap((one) => codeOf(view, one));
  const coming = redemptions.filter(({ state }) => state === 'making').map((one) => comingCodeOf(view, one));
  replace(rest, ...programOf(view, loyalty), ...coming, ...codes, ...rewardsOf(view, loyalty), ...waysOf(view, loyalty));
}

/** A code that is being made, from before a reload perhaps; itself once it is there. */
function comingCodeOf(view, redemption) {
  const { words } = view;
  const row = make('div');
  row.append(make('span', 'perennial-list__name', nameOf(view, redemption)), note(words.making));
  void settled(view, redemption).then((made) => {
    replace(row, ...(made === null ? [note(words.making), button(words.retry, () => showLoyalty(view))] : codeOf(view, made)));
  });
  return row;
}

/** The merchant's own texts go before ours; for a key that is none of ours there is no place. */
function takeTexts(words, texts) {
  for (const [key, text] of Object.entries(texts ?? {})) {
    const name = key.replace('panel.', '');
    if (typeof words[name] === 'string' && typeof text === 'string') words[name] = text.replace(/\{\{\s*(\w+)\s*\}\}/g, '%$1%');
  }
}

/** What holds for the whole program now: that it rests, or until when points can be used. */
function programOf({ words, locale }, { program }) {
  if (program?.status === 'paused') return [note(words.paused)];
  const last = program?.status === 'winding-down' && program.lastRedemptionDay;
  // A calendar day of the shop is the same day wherever it is read.
  return last ? [note(words.ending.replaceAll('%date%', dateOf(new Date(`${last}T12:00:00Z`), locale, { timeZone: 'UTC' })))] : [];
}

function rewardsOf(view, { state, rewards = [] }) {
  const { words } = view;
  if (rewards.length === 0) return [note(words.none)];
  const list = make('ul', 'perennial-list');
  for (const reward of rewards) list.append(rewardItem(view, reward, state === 'on'));
  return [make('h2', '', words.rewards), list];
}

function rewardItem(view, reward, isMember) {
  const { words } = view;
  const item = make('li');
  const isChosen = reward.kind === 'any-amount';
  item.append(make('span', 'perennial-list__name', isChosen && !reward.name ? words.reward_any_amount : nameOf(view, reward)));
  const wish = { points: reward.leastPoints };
  const price = make('span', 'perennial-list__note', priceOf(view, reward, wish.points));
  if (isMember && reward.shortfallPoints > 0) price.textContent = fill(words.missing, reward.shortfallPoints, view);
  if (reward.hindrance === 'limit-reached') price.textContent = words.limit;
  const main = isMember && reward.isWithinReach === true ? redeemButton(view, reward, wish) : null;
  item.append(main ?? make('span'), price);
  if (main && isChosen && reward.mostPoints > reward.leastPoints) item.append(pointsSlider(view, reward, { wish, price, main }));
  return appendTerms(view, item, reward);
}

/** What has to be known before points are spent. */
function appendTerms({ words, locale }, item, { kind, minimumSubtotal, validDays }) {
  // Store credit never ends, and asks for no order.
  if (kind === 'store-credit') return item;
  const terms = [];
  if (minimumSubtotal) terms.push(words.minimum.replaceAll('%amount%', money(minimumSubtotal, locale)));
  if (validDays > 0) {
    const time = new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(validDays);
    terms.push(words.valid.replaceAll('%time%', time));
  }
  for (const term of terms) item.append(make('span', 'perennial-list__note', term));
  return item;
}

/** Of a reward whose price can be chosen, what so many points are worth is a part of it. */
function priceOf(view, reward, points) {
  const { words, locale } = view;
  const price = fill(words.costs, points, view);
  if (reward.kind !== 'any-amount' || !reward.worth) return price;
  const worth = { ...reward.worth, amountMinor: Math.floor((reward.worth.amountMinor * points) / reward.leastPoints) };
  return `${price} · ${words.reward_amount.replaceAll('%amount%', money(worth, locale))}`;
}

/** How many points, of those that the shopper has. */
function pointsSlider(view, reward, { wish, price, main }) {
  const slider = make('input', 'perennial-slider');
  slider.type = 'range';
  slider.min = reward.leastPoints;
  slider.max = reward.mostPoints;
  slider.step = reward.stepPoints || 1;
  slider.value = wish.points;
  const show = () => {
    wish.points = Number(slider.value);
    price.textContent = priceOf(view, reward, wish.points);
    slider.setAttribute('aria-valuetext', price.textContent);
  };
  slider.setAttribute('aria-label', view.words.reward_any_amount);
  slider.addEventListener('input', () => {
    show();
    main.unask();
  });
  show();
  return slider;
}

/** What a reward is called: the merchant's name for it, or what it is. */
function nameOf({ words, locale }, { name, kind, worth, percentBasisPoints }) {
  if (name) return name;
  if (kind === 'free-shipping') return words.reward_free_shipping;
  if (kind === 'free-product') return words.reward_free_product;
  if (kind === 'percent' && percentBasisPoints) {
    return words.reward_percent.replaceAll('%percent%', new Intl.NumberFormat(locale).format(percentBasisPoints / 100));
  }
  if (!worth) return words.reward;
  return (kind === 'store-credit' ? words.reward_store_credit : words.reward_amount).replaceAll('%amount%', money(worth, locale));
}

/** Without cents where there are none. */
function money({ amountMinor, currency, decimals = 2 }, locale) {
  const digits = amountMinor % 10 ** decimals === 0 ? 0 : decimals;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
  return format.format(amountMinor / 10 ** decimals);
}

function dateOf(date, locale, options) {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', ...options }).format(date);
}

/** Where a day of the shop ends at another hour for the shopper, the hour is part of the truth. */
function endOf(end, locale) {
  const endsWithTheDay = end.getHours() === 23 && end.getMinutes() === 59;
  return dateOf(end, locale, endsWithTheDay ? {} : { timeStyle: 'short' });
}

/** Points are spent by two presses: the first says what it costs. */
function redeemButton(view, reward, wish) {
  const { words, rest } = view;
  const main = button(words.redeem, () => {
    if (main.dataset.asked === undefined) {
      main.dataset.asked = '';
      main.textContent = `${words.confirm} · ${priceOf(view, reward, wish.points)}`;
      return;
    }
    main.disabled = true;
    void redeem(view, reward, wish.points).then((shown) => replace(rest, ...shown));
  });
  main.unask = () => {
    delete main.dataset.asked;
    main.textContent = words.redeem;
  };
  main.classList.add('perennial-button--main');
  return main;
}

/** The same key again has the same effect, so that a lost answer costs nobody their points twice. */
async function redeem(view, { rewardId, kind }, chosen) {
  const { words, rest } = view;
  const points = kind === 'any-amount' ? { points: chosen } : {};
  const wish = keyOfWish(`${rewardId} ${points.points ?? ''}`);
  const body = JSON.stringify({ rewardId, requestKey: wish.key, ...points });
  const answer = (await ask(view, '/redemptions', body)) ?? (await ask(view, '/redemptions', body));
  const again = button(words.retry, () => showLoyalty(view));
  if (answer === null) return [note(words.away), again];
  wish.forget();
  if (answer.state !== 'reserved') return [note(words.refused), again];
  replace(rest, note(words.making));
  const made = await settled(view, answer.redemption);
  return made === null ? [note(words.making), again] : [...codeOf(view, made), again];
}

/** Until it is known what became of a wish, whoever wishes the same again means that one, also after a reload. */
function keyOfWish(what) {
  const place = `perennial ${what}`;
  const key = keptWishes.get(place) ?? crypto.randomUUID();
  keptWishes.set(place, key);
  return { key, forget: () => keptWishes.delete(place) };
}

/** In the tab, and where the browser forbids that, in the page. */
const keptWishes = {
  inPage: new Map(),
  get(place) {
    return inTab((tab) => tab.getItem(place)) ?? this.inPage.get(place);
  },
  set(place, key) {
    this.inPage.set(place, key);
    inTab((tab) => tab.setItem(place, key));
  },
  delete(place) {
    this.inPage.delete(place);
    inTab((tab) => tab.removeItem(place));
  },
};

function inTab(work) {
  try {
    return work(globalThis.sessionStorage);
  } catch {
    return null;
  }
}

async function settled(view, first) {
  const untilMs = Date.now() + PATIENCE_MS;
  let redemption = first;
  for (let waitMs = FIRST_WAIT_MS; redemption.state === 'making'; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
    if (Date.now() > untilMs) return null;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    redemption = (await ask(view, `/redemption?id=${encodeURIComponent(first.redemptionId)}`))?.redemption ?? redemption;
  }
  return redemption;
}

function codeOf(view, redemption) {
  const { panel, words } = view;
  const { state, code } = redemption;
  if (state === 'credited') return [note(words.credited)];
  if (!code) return [note(words.refused)];
  const copy = button(words.copy, () => {
    void navigator.clipboard.writeText(code).then(() => {
      copy.textContent = words.copied;
    }, () => {});
  });
  const use = make('a', 'perennial-link', words.use);
  const root = (panel.dataset.root ?? '/').replace(/\/$/, '');
  use.href = `${root}/discount/${encodeURIComponent(code)}?redirect=${encodeURIComponent(location.pathname)}`;
  const row = make('div', 'perennial-list');
  row.append(make('span', 'perennial-list__name', `${words.code} ${nameOf(view, redemption)}`), make('span', 'perennial-code', code), copy, use);
  const end = new Date(redemption.endsAt);
  if (!Number.isNaN(end.getTime())) row.append(make('span', 'perennial-list__note', words.until.replaceAll('%date%', endOf(end, view.locale))));
  return [row];
}

function waysOf(view, { waysToEarn = [] }) {
  const { words } = view;
  const order = waysToEarn.find(({ kind }) => kind === 'order');
  if (!order?.per) return [];
  const amount = money(order.per, view.locale);
  return [make('h2', '', words.earn), note(fill(words.earn_order, order.points, view).replaceAll('%amount%', amount))];
}

function showPoints(view, points) {
  if (typeof points !== 'number') return;
  for (const place of view.panel.querySelectorAll('[data-perennial-points]')) place.textContent = formatCount(points, view);
}

const formatCount = (count, { locale }) => new Intl.NumberFormat(locale).format(count);

/** Null for whatever cannot be had now. */
async function ask({ panel }, path, body) {
  try {
    const post = body === undefined ? {} : { method: 'POST', body, headers: { 'Content-Type': 'application/json' } };
    const response = await fetch(panel.dataset.proxy + path, { ...post, signal: AbortSignal.timeout(DEADLINE_MS) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function fill(text, points, view) {
  return text.replaceAll('%points%', formatCount(points, view));
}

/** Text only: a name that a merchant wrote is never read as markup. */
function make(tag, className = '', text = '') {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

const note = (text) => make('p', 'perennial-list__note', text);

function button(text, onPress) {
  const pressable = make('button', 'perennial-button', text);
  pressable.type = 'button';
  pressable.addEventListener('click', onPress);
  return pressable;
}

function replace(place, ...children) {
  place.replaceChildren(...children);
}
